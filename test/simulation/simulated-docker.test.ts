// Owns: what the simulated engine must be beyond the contract: repeatable, with Docker's own restarts, events and delays.
import { expect, test } from 'vitest';
import type { Clock, EngineEvent } from '../../src/controller/ports.js';
import { containerId } from '../../src/model/ids.js';
import {
  addImage,
  IMAGE,
  makeSimulatedWorld,
  movingTime,
  PROJECT,
} from '../support/engine-contract/simulated-world.js';
import { codeOf, draftFor, refusalOf, WITHIN } from '../support/engine-contract/world.js';
import type { Behaviour } from '../support/simulated-docker/behaviour.js';
import { createSimulatedEngine } from '../support/simulated-docker/engine.js';
import { createRandom } from '../support/simulation/random.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

test('a seed must replay the same calls at the same times', async () => {
  const run = async (): Promise<readonly string[]> => {
    const clock = createVirtualClock();
    const engine = createSimulatedEngine({ clock, random: createRandom(7), project: PROJECT });
    const answers = [1, 2, 3].map((number) =>
      engine.port
        .removeVolume(`v${number}`, { deadlineMs: 1000 })
        .then(() => `v${number} at ${clock.elapsedMs()}`),
    );
    while (await clock.step());
    return Promise.all(answers);
  };
  expect(await run()).toEqual(await run());
});

test('8.15 events must be heard in the order in which they happened', async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { clock, engine, heard } = await listening(seed);
    const id = engine.outsider.run({ name: 'a' });
    engine.outsider.kill(id);
    await clock.advance(100);
    expect(heard).toEqual(['create', 'start', 'kill', 'die']);
  }
});

test('a restart of the daemon must bring back what its policies say, and nothing else', async () => {
  const { clock, engine, heard, ends } = await listening(1);
  const { outsider, truth } = engine;
  const policies = ['always', 'unless-stopped', 'on-failure', 'no'] as const;
  const make = (suffix: string) =>
    policies.map((name) =>
      outsider.run({ name: `${name}${suffix}`, restart: { name, maximumRetryCount: 0 } }),
    );
  make('');
  for (const id of make('-stopped')) void outsider.stop(id);
  await clock.advance(1_000);
  const [first = containerId('')] = truth.containers.keys();
  const stopping = codeOf(engine.port.stopContainer(first, 9_000, WITHIN));
  await clock.advance(10);
  outsider.daemonRestart();
  await clock.advance(100);
  expect(await stopping).toBe('unknownOutcome');
  const asking = codeOf(engine.port.list(WITHIN));
  await clock.advance(100);
  expect(await asking).toBe('unreachable');
  expect(ends).toHaveLength(1);
  expect(heard.filter((action) => action !== 'stop').slice(-2)).toEqual(['kill', 'die']);
  await clock.advance(5_000);
  const running = [...truth.containers.values()].filter(({ status }) => status === 'running');
  expect(running.map(({ name }) => name)).toEqual([
    'always',
    'unless-stopped',
    'on-failure',
    'always-stopped',
  ]);
});

test('a daemon that is killed must tell nothing, and leave some containers ended without an exit code', async () => {
  const { clock, engine, heard, ends } = await listening(1);
  const { outsider, truth } = engine;
  for (let count = 0; count < 10; count += 1)
    outsider.run({ name: `c${count}`, restart: { name: 'always', maximumRetryCount: 0 } });
  await clock.advance(1_000);
  outsider.daemonRestart({ lossy: true });
  await clock.advance(5_000);
  expect(heard.filter((action) => action === 'die')).toEqual([]);
  expect(ends).toHaveLength(1);
  const states = [...truth.containers.values()].map(({ status, exitCode }) => `${status} ${exitCode}`);
  expect(new Set(states)).toEqual(new Set(['running 0', 'exited 255']));
});

test('a tag that moves must leave containers with the image that they were made from', async () => {
  const { clock, engine } = await listening(1);
  const id = engine.outsider.run({ name: 'before' });
  engine.outsider.moveImage(IMAGE, 'sha256:2');
  engine.outsider.run({ name: 'after' });
  await clock.advance(10);
  expect([...engine.truth.containers.values()].map(({ imageId }) => imageId)).toEqual([
    'sha256:1',
    'sha256:2',
  ]);
  expect(engine.truth.containers.get(id)?.imageId).toBe('sha256:1');
});

test('8.15 a subscription must make up for what happened while it was on its way', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { clock, engine } = await listening(seed);
    const heard: string[] = [];
    const sink = { onEvent: ({ id }: EngineEvent) => void heard.push(id), onEnd: () => undefined };
    void engine.port.subscribe(sink, WITHIN);
    const sent = Array.from({ length: 8 }, (_, number) => `v${number}`);
    for (const id of sent) {
      engine.emit({ type: 'volume', action: 'create', id });
      await clock.advance(1);
    }
    await clock.advance(100);
    expect(heard).toEqual(sent);
  }
});

test('8.15 a reader that stands still must lose the oldest beyond 256 events, and hear the rest in order', async () => {
  const { clock, engine, heard } = await listening(1);
  engine.stallReaders(1_000);
  for (let number = 0; number < 300; number += 1)
    engine.emit({ type: 'volume', action: `number ${number}`, id: 'v' });
  await clock.advance(999);
  expect(heard).toEqual([]);
  await clock.advance(1);
  expect(heard).toEqual(Array.from({ length: 256 }, (_, index) => `number ${index + 44}`));
  expect(engine.lostEvents()).toBe(44);
});

test('6.1 the pause before a restart must double up to a minute, and begin anew after a run of ten seconds', async () => {
  const starts = async (exitAfterMs: number, forMs: number): Promise<readonly number[]> => {
    const clock = createVirtualClock();
    const exit = { afterMs: exitAfterMs, code: 1 };
    const engine = createSimulatedEngine({
      ...{ clock, random: createRandom(1), project: PROJECT },
      behaviourOf: () => ({ exit, healthyAfterMs: 0, stopMs: 50 }),
    });
    addImage(engine);
    const times: number[] = [];
    const onEvent = ({ action }: EngineEvent) => void (action === 'start' && times.push(clock.elapsedMs()));
    void engine.port.subscribe({ onEvent, onEnd: () => undefined }, WITHIN);
    await clock.advance(20);
    engine.outsider.run({ name: 'a', restart: { name: 'always', maximumRetryCount: 0 } });
    await clock.advance(forMs);
    // Events are up to 5 ms late.
    return times
      .slice(1)
      .map((time, index) => Math.round((time - (times[index] ?? 0) - exitAfterMs) / 20) * 20);
  };
  expect(await starts(1_000, 350_000)).toEqual(
    [...[100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000, 60_000, 60_000]].slice(
      0,
      13,
    ),
  );
  expect(await starts(10_000, 50_000)).toEqual([100, 100, 100, 100]);
});

test('6.4 health must follow its checks: no word of failures in the start period, none without a change', async () => {
  const story = async (behaviour: Partial<Behaviour>, startPeriodMs: number): Promise<readonly string[]> => {
    const clock = createVirtualClock();
    const engine = createSimulatedEngine({
      ...{ clock, random: () => 0, project: PROJECT },
      behaviourOf: () => ({ exit: null, healthyAfterMs: 0, stopMs: 50, ...behaviour }),
    });
    addImage(engine);
    const words: string[] = [];
    let id = '';
    const times = { intervalMs: 1_000, timeoutMs: 1_000, retries: 3, startIntervalMs: null, startPeriodMs };
    const world = makeSimulatedWorld();
    const draft = draftFor(world, 'a', { healthcheck: { kind: 'test', test: ['CMD', 'x'], ...times } });
    const onEvent = ({ action }: EngineEvent): void => {
      if (action !== 'health_status') return;
      const { health } = engine.truth.containers.get(containerId(id)) ?? {};
      words.push(`${Math.floor(clock.elapsedMs() / 1_000)} ${health?.status} ${health?.failingStreak}`);
    };
    void engine.port.subscribe({ onEvent, onEnd: () => undefined }, WITHIN);
    const moving = movingTime(engine.port, clock);
    id = await moving.createContainer(draft, WITHIN);
    await moving.startContainer(containerId(id), WITHIN);
    await clock.advance(20_000);
    return words;
  };
  expect(await story({}, 0)).toEqual(['1 healthy 0']);
  expect(await story({ healthyAfterMs: null }, 0)).toEqual(['3 unhealthy 3']);
  expect(await story({ healthyAfterMs: null }, 5_000)).toEqual(['7 unhealthy 3']);
  expect(await story({ healthyAfterMs: 4_500 }, 3_500)).toEqual(['5 healthy 0']);
  // A failure after the first success counts within the start period too.
  expect(await story({ sickAfterMs: 1_500 }, 9_000)).toEqual(['1 healthy 0', '4 unhealthy 3']);
  expect(await story({ flaps: { wellMs: 1_500, illMs: 2_500 } }, 0)).toEqual(['1 healthy 0']);
  expect(await story({ flaps: { wellMs: 4_000, illMs: 4_000 } }, 0)).toEqual([
    ...['1 healthy 0', '6 unhealthy 3', '8 healthy 0', '14 unhealthy 3', '16 healthy 0'],
  ]);
});

test('8.3 a name must be taken before its container can be seen, and as long as it is being removed', async () => {
  const clock = createVirtualClock();
  const engine = createSimulatedEngine({ clock, random: () => 0.99, project: PROJECT });
  addImage(engine);
  const { port } = engine;
  const draft = draftFor(makeSimulatedWorld(), 'a');
  const seen: string[] = [];
  const look = async (): Promise<void> => {
    const answers = Promise.all([
      codeOf(port.createContainer(draft, WITHIN)),
      port.inspectContainer(draft.name, WITHIN),
    ]);
    await clock.advance(40);
    const [code, sighting] = await answers;
    const container = sighting?.kind === 'ours' ? sighting.container.status : 'not there';
    seen.push(`${code} ${container}`);
  };
  const first = port.createContainer(draft, WITHIN);
  await look();
  const id = await first;
  await look();
  const removals = [0, 1].map(() => codeOf(port.removeContainer(id, { ...WITHIN, withVolumes: true })));
  await look();
  expect(seen).toEqual(['nameInUse not there', 'nameInUse created', 'nameInUse removing']);
  expect(await Promise.all(removals)).toEqual(['no failure', 'removalInProgress']);
  await look();
  expect(seen.at(-1)).toBe('no failure not there');
});

test('a container that is being removed must refuse every change', async () => {
  const clock = createVirtualClock();
  const engine = createSimulatedEngine({ clock, random: () => 0.5, project: PROJECT });
  addImage(engine);
  const moving = movingTime(engine.port, clock);
  const id = await moving.createContainer(draftFor(makeSimulatedWorld(), 'a'), WITHIN);
  const { port } = engine;
  const change = { restart: null, resources: null };
  const calls = [
    port.removeContainer(id, { ...WITHIN, withVolumes: false }),
    port.startContainer(id, WITHIN),
    port.updateContainer(id, change, WITHIN),
    port.connectNetwork(id, { network: 'none', aliases: [], ipv4Address: null, ipv6Address: null }, WITHIN),
    port.disconnectNetwork(id, 'bridge', WITHIN),
  ].map(refusalOf);
  await clock.advance(100);
  expect(await Promise.all(calls)).toEqual([
    ...['no failure', 'removalInProgress 409'],
    ...['removalInProgress 500', 'removalInProgress 500', 'removalInProgress 500'],
  ]);
});

test('a list that lags must not show what was made since, nor what is gone', async () => {
  const clock = createVirtualClock();
  let listLagMs = 0;
  const engine = createSimulatedEngine({
    ...{ clock, random: createRandom(1), project: PROJECT, listLagMs: () => listLagMs },
  });
  addImage(engine);
  const { outsider } = engine;
  const [old, gone] = [outsider.run({ name: 'old' }), outsider.run({ name: 'gone', volumes: ['v1'] })];
  await clock.advance(1_000);
  outsider.remove(gone);
  outsider.run({ name: 'new', volumes: ['v2'] });
  outsider.kill(old);
  listLagMs = 500;
  const { containers, volumes } = await movingTime(engine.port, clock).list(WITHIN);
  expect(containers.map(({ container }) => container)).toMatchObject([{ name: 'old', running: false }]);
  expect(volumes.map(({ name }) => name)).toEqual(['v1']);
});

test("a clock that is set must move Docker's times, and nothing else", async () => {
  const clock = createVirtualClock();
  let shiftMs = 0;
  const own: Clock = { ...clock, now: () => ({ ...clock.now(), wallMs: clock.now().wallMs + shiftMs }) };
  const engine = createSimulatedEngine({ clock: own, random: createRandom(1), project: PROJECT });
  addImage(engine);
  const id = engine.outsider.run({ name: 'a' });
  const container = engine.truth.containers.get(id);
  shiftMs = -3_600_000;
  await clock.advance(10);
  engine.outsider.kill(id);
  expect((container?.finishedAt ?? 0) - (container?.startedAt ?? 0)).toBe(10 - 3_600_000);
  shiftMs = 3_600_000;
  const moving = movingTime(engine.port, clock);
  await moving.startContainer(id, WITHIN);
  expect((container?.startedAt ?? 0) - own.now().wallMs).toBeGreaterThan(-20);
});

/** An engine with one subscriber, and what it hears. */
async function listening(seed: number) {
  const clock = createVirtualClock();
  const engine = createSimulatedEngine({ clock, random: createRandom(seed), project: PROJECT });
  addImage(engine);
  const heard: string[] = [];
  const ends: string[] = [];
  const sink = {
    onEvent: ({ action }: EngineEvent) => void heard.push(action),
    onEnd: (reason: string) => void ends.push(reason),
  };
  void engine.port.subscribe(sink, WITHIN);
  await clock.advance(20);
  return { clock, engine, heard, ends };
}
