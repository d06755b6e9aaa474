// Owns: that the simulated engine keeps the contract of the engine port, as real Docker does.
import { expect, test } from 'vitest';
import type { Engine, EngineEvent } from '../../src/controller/ports.js';
import type { ContainerSpec } from '../../src/model/desired.js';
import { containerId } from '../../src/model/ids.js';
import { codeOf, type EngineWorld, WITHIN } from '../support/engine-contract/world.js';
import { engineContract } from '../support/engine-contract.js';
import { createSimulatedEngine } from '../support/simulated-docker/engine.js';
import type { Behaviour } from '../support/simulated-docker/truth.js';
import { createRandom } from '../support/simulation/random.js';
import { createVirtualClock, type VirtualClock } from '../support/simulation/virtual-clock.js';

engineContract('simulated', () => Promise.resolve(makeWorld()));

const PROJECT = 'alicia-t-simulated';
const IMAGE = 'sim-well:1';

function makeWorld(): EngineWorld {
  const clock = createVirtualClock();
  const engine = createSimulatedEngine({ clock, random: createRandom(1), project: PROJECT, behaviourOf });
  engine.truth.images.set(IMAGE, { id: 'sha256:1', version: null, hasHealthcheck: false, isHere: true });
  const { outsider } = engine;
  return {
    engine: movingTime(engine.port, clock),
    project: PROJECT,
    image: IMAGE,
    commands: {
      forEver: ['run'],
      exitWith3: ['exit', '3'],
      hang: ['hang'],
      succeed: ['good'],
      fail: ['bad'],
    },
    freePorts: [4001, 4002],
    outsider: {
      run: async (container) => outsider.run(container),
      pause: async (id) => outsider.pause(containerId(id)),
      kill: async (id) => outsider.kill(containerId(id)),
      remove: async (id) => outsider.remove(containerId(id)),
    },
    async until(condition) {
      for (let tries = 0; tries < 100; tries += 1) {
        const found = await condition();
        if (found !== null) return found;
        await clock.advance(100);
      }
      throw new Error('not so within 10 s');
    },
    close: () => Promise.resolve(),
  };
}

function behaviourOf({ command, healthcheck }: ContainerSpec): Behaviour {
  const isBad = healthcheck?.kind === 'test' && healthcheck.test?.includes('bad') === true;
  return {
    exit: command?.[0] === 'exit' ? { afterMs: 10, code: Number(command[1]) } : null,
    healthyAfterMs: isBad ? null : 0,
    stopMs: 50,
  };
}

/** The same engine for callers who do not move the clock: time passes while they wait. */
function movingTime(engine: Engine, clock: VirtualClock): Engine {
  return new Proxy(engine, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        let isOver = false;
        const answer = Promise.resolve(Reflect.apply(member, target, args)).finally(() => {
          isOver = true;
        });
        answer.catch(() => undefined);
        while (!isOver && (await clock.step()));
        return answer;
      };
    },
  });
}

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
  expect(heard.slice(-2)).toEqual(['kill', 'die']);
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

/** An engine with one subscriber, and what it hears. */
async function listening(seed: number) {
  const clock = createVirtualClock();
  const engine = createSimulatedEngine({ clock, random: createRandom(seed), project: PROJECT });
  engine.truth.images.set(IMAGE, { id: 'sha256:1', version: null, hasHealthcheck: false, isHere: true });
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
