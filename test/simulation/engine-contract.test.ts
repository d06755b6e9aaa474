// Owns: that the simulated engine keeps the contract of the engine port, as real Docker does.
import { expect, test } from 'vitest';
import type { Engine } from '../../src/controller/ports.js';
import type { ContainerSpec } from '../../src/model/desired.js';
import { containerId } from '../../src/model/ids.js';
import type { EngineWorld } from '../support/engine-contract/world.js';
import { engineContract } from '../support/engine-contract.js';
import { createSimulatedEngine } from '../support/simulated-engine.js';
import { createRandom } from '../support/simulated-random.js';
import type { Behaviour } from '../support/simulated-truth.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

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
