// Owns: what is bad about manifests must stop nothing, in a running process and in a fresh one.
import { describe, expect, test } from 'vitest';
import { running } from '../support/simulation/running.js';
import { missingFrom, type SimulatedServices } from '../support/simulation/services.js';
import { PROJECT } from '../support/simulation/settings.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

const SERVICES: SimulatedServices = {
  bus: { image: 'sim-well:1' },
  web: { image: 'sim-well:1', replicas: 2, needs: { bus: 'service_healthy' } },
  lone: { image: 'sim-well:1', check: false },
};
/** Rescans, resyncs and second looks all have had their time. */
const LONG_MS = 95_000;
const BROKEN = '{"apiVersion": "alicia/v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {';

/** Names of the writes since then. */
const writesSince = (world: SimulatedWorld, count: number): readonly string[] =>
  world.engine.writes.slice(count).map(({ verb, name }) => `${verb} ${name}`);

const BAD: readonly (readonly [string, (world: SimulatedWorld) => void])[] = [
  ['a file that does not parse', ({ files }) => files.write('web.yaml', BROKEN)],
  ['a spec that is refused', ({ files }) => files.write('web.yaml', `${BROKEN}"prots": []}}`)],
  ['a directory that is missing', ({ files }) => files.setState('missing')],
  [
    'a directory that is empty',
    ({ files }) => {
      for (const name of Object.keys(SERVICES)) files.write(`${name}.yaml`, null);
    },
  ],
  [
    'a directory that is mostly gone',
    ({ files }) => {
      files.write('bus.yaml', null);
      files.write('web.yaml', null);
    },
  ],
];

describe.each(BAD)('7.4 to 7.6 %s', (_, spoil) => {
  test('must stop nothing in a running process', async () => {
    const world = await running(SERVICES);
    const before = world.engine.writes.length;
    spoil(world);
    await world.clock.advance(LONG_MS);
    expect(writesSince(world, before)).toEqual([]);
    world.checkLaws();
  });

  test('must stop nothing in a fresh process, and be mended by the return of what was there', async () => {
    const world = await running(SERVICES);
    world.crash();
    const before = world.engine.writes.length;
    spoil(world);
    world.start();
    await world.clock.advance(LONG_MS);
    expect(writesSince(world, before)).toEqual([]);
    expect(missingFrom(world.engine.truth, PROJECT, SERVICES)).toEqual([]);
    world.files.setState('ok');
    world.ask({});
    world.ask(SERVICES);
    await world.runUntilStable();
    expect(writesSince(world, before)).toEqual([]);
    world.checkLaws();
  });
});

test.each([['nothing'], ['its first half']])(
  '7.6 a file of which only %s is left must stop nothing, however long',
  async (left) => {
    const world = await running(SERVICES);
    const before = world.engine.writes.length;
    const whole = world.files.read('web.yaml') ?? '';
    expect(whole.length).toBeGreaterThan(20);
    world.files.write('web.yaml', left === 'nothing' ? '' : whole.slice(0, whole.length / 2));
    await world.clock.advance(LONG_MS);
    expect(writesSince(world, before)).toEqual([]);
    world.checkLaws();
  },
);

test('7.6 no file that is half written for a moment may stop anything', async () => {
  const world = await running(SERVICES);
  const text = ['bus', 'web', 'lone']
    .map(
      (name) =>
        `apiVersion: alicia/v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {image: "sim-well:1", replicas: 1}\n`,
    )
    .join('---\n');
  world.files.write('all.yaml', text);
  for (const name of Object.keys(SERVICES)) world.files.write(`${name}.yaml`, null);
  await world.clock.advance(LONG_MS);
  const before = world.engine.writes.length;
  for (let length = 0; length < text.length; length += 3) {
    world.files.write('all.yaml', text.slice(0, length));
    await world.clock.advance(700);
    world.files.write('all.yaml', text);
    await world.clock.advance(2_000);
  }
  const ends = writesSince(world, before).filter((line) => /^(stop|remove|restart)/.test(line));
  expect(ends).toEqual([]);
});

test('7.6 a service whose file is gone must go after two looks, and not before a second has passed', async () => {
  const world = await running(SERVICES);
  const { lone: _, ...rest } = SERVICES;
  const goneAtMs = world.clock.elapsedMs();
  const before = world.engine.writes.length;
  world.ask(rest);
  await world.runUntilStable();
  const [first] = world.engine.writes.slice(before);
  expect((first?.atMs ?? 0) - goneAtMs).toBeGreaterThan(1_000);
  expect((first?.atMs ?? 0) - goneAtMs).toBeLessThan(3_000);
  await checkStillness(world);
});

test('9.1 what is not ours must never be written to, whatever its name', async () => {
  const world = createWorld(1);
  const { outsider, truth } = world.engine;
  const names = ['alicia-lone-1', 'web', 'alicia-web-1-old'];
  const ids = names.map((name) => outsider.run({ name, labels: { 'io.alicia.project': 'another' } }));
  world.ask(SERVICES);
  world.start();
  await world.runUntilStable();
  world.ask({ bus: { image: 'sim-well:2' } });
  await world.clock.advance(LONG_MS);
  world.checkLaws();
  expect(ids.map((id) => truth.containers.get(id)?.status)).toEqual(['running', 'running', 'running']);
});
