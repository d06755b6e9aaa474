// Owns: that bytes in the place of a manifest take nothing away, from a running controller or a fresh one.
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/adapters/files/read.js';
import { renderProblem } from '../../src/manifest/render-problem.js';
import { createRandom } from '../support/simulation/random.js';
import { running } from '../support/simulation/running.js';
import type { SimulatedServices } from '../support/simulation/services.js';
import type { SimulatedWorld } from '../support/simulation/world.js';

const SERVICES: SimulatedServices = {
  db: { image: 'sim-well:1' },
  web: { image: 'sim-well:1', needs: { db: 'service_healthy' } },
  other: { image: 'sim-well:1' },
};
/** By this line a fresh process knows that the file is a manifest, whatever follows. */
const HEAD = 'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: web}\n';
const LONG_MS = 120_000;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');
const afterHead = (...bytes: readonly number[]): Buffer => Buffer.concat([bytesOf(HEAD), Buffer.from(bytes)]);

const CONTENTS: readonly (readonly [string, Buffer])[] = [
  ['a byte that no text begins with', afterHead(0xff)],
  ['a text that ends in the middle of a character', afterHead(0xe2, 0x82)],
  ['half of a pair in UTF-8', afterHead(0xed, 0xa0, 0x80)],
  ['an overlong slash', afterHead(0xc0, 0xaf)],
  ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(HEAD, 'utf16le')])],
  ['NULs', afterHead(0, 0, 0, 0)],
  ['a NUL in a value', bytesOf(`${HEAD}spec: {image: "a\u0000b"}\n`)],
  ['control characters', afterHead(0x01, 0x1b, 0x7f)],
  ['lists in lists', bytesOf(`${HEAD}spec: ${'['.repeat(20_000)}`)],
  ['mappings in mappings', bytesOf(`${HEAD}spec: ${'{a: '.repeat(5_000)}${'}'.repeat(5_000)}\n`)],
  ['closed lists in lists', bytesOf(`${HEAD}spec: {command: ${'['.repeat(5_000)}${']'.repeat(5_000)}}\n`)],
  ['aliases of aliases', bytesOf(`${HEAD}${aliases()}spec: {image: a, command: *a9}\n`)],
  ['an alias of itself', bytesOf(`${HEAD}spec: &a {image: x, labels: *a}\n`)],
  ['an alias of nothing', bytesOf(`${HEAD}spec: *nothing\n`)],
  ['a merge of itself', bytesOf(`${HEAD}spec: &a {<<: *a}\n`)],
  ['a key of the prototype', bytesOf(`${HEAD}spec: {__proto__: {image: x}}\n`)],
  ['an unknown tag', bytesOf(`${HEAD}spec: !!js/function 'x'\n`)],
  ['YAML 1.1', bytesOf(`%YAML 1.1\n---\n${HEAD}spec: {image: a}\n`)],
  ['the end of a document and more', bytesOf(`${HEAD}...\n}`)],
];

/** Each doubles the one before. */
function aliases(): string {
  const lines = Array.from(
    { length: 9 },
    (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`,
  );
  return `x-0: &a0 [a, a]\n${lines.join('')}`;
}

/** From now on these bytes are in a file, read as the file adapter reads them. */
function put(world: SimulatedWorld, path: string, bytes: Buffer): void {
  const { files } = world;
  const scan = files.scan.bind(files);
  const { content, mark } = decode(bytes);
  files.scan = async () => {
    const looked = await scan();
    const others = looked.files.map((file) =>
      file.path === `manifests/${path}` ? { ...file, content } : file,
    );
    return { ...looked, files: others, digest: mark, revision: mark };
  };
  // A hint, as the watcher gives one.
  files.write('other.yaml', files.read('other.yaml'));
}

/** Writes that take something away or change it; a fresh process may look at what is there, and leave it so. */
const writesSince = (world: SimulatedWorld, count: number): readonly string[] =>
  world.engine.writes.slice(count).map(({ atMs, verb, name }) => `${atMs} ${verb} ${name}`);

async function checkNothingGoes(world: SimulatedWorld, bytes: Buffer): Promise<void> {
  const before = world.engine.writes.length;
  put(world, 'web.yaml', bytes);
  await world.clock.advance(LONG_MS);
  expect(writesSince(world, before), 'by the running controller').toEqual([]);
  checkProblem(world);
  world.crash();
  world.start();
  await world.clock.advance(LONG_MS);
  expect(writesSince(world, before), 'by a fresh one').toEqual([]);
  checkProblem(world);
}

/** An error that names the file, and the place where there is one. */
function checkProblem(world: SimulatedWorld): void {
  const lines = world
    .controller()
    .problems()
    .filter(({ severity }) => severity === 'error')
    .map(renderProblem);
  expect(lines.join('\n')).toMatch(/^manifests\/web\.yaml(:\d+:\d+)?: error: /m);
}

describe('testing 6: bytes in the place of a manifest must take nothing away, and be an error with its place', () => {
  test.each(CONTENTS)('%s', async (_, bytes) => {
    const world = await running(SERVICES);
    await checkNothingGoes(world, bytes);
  });

  test.each([1, 2, 3, 4])('bytes changed by chance must touch no other service: seed %i', async (seed) => {
    const world = await running(SERVICES);
    const random = createRandom(seed);
    const whole = bytesOf(world.files.read('web.yaml') ?? '');
    const others = (): readonly string[] =>
      [...world.engine.truth.containers.values()]
        .map(({ name }) => name)
        .filter((name) => /-(db|other)-/.test(name));
    const before = others();
    for (let count = 0; count < 10; count += 1) {
      const spoilt = Buffer.from(whole);
      for (let index = 0; index < 4; index += 1)
        spoilt[Math.floor(random() * whole.length)] = Math.floor(random() * 256);
      put(world, 'web.yaml', spoilt);
      await world.clock.advance(LONG_MS);
      expect(others(), spoilt.toString()).toEqual(before);
      expect(world.controller().isAlive()).toBe(true);
    }
  });
});
