/**
 * A simulated world for the contract of the engine port.
 * Owns: how its commands behave, and that time passes while somebody waits. Must not know: the obligations.
 */
import type { Engine } from '../../../src/controller/ports.js';
import type { ContainerSpec } from '../../../src/model/desired.js';
import { containerId } from '../../../src/model/ids.js';
import type { Behaviour } from '../simulated-docker/behaviour.js';
import { createSimulatedEngine, type SimulatedEngine } from '../simulated-docker/engine.js';
import { createRandom } from '../simulation/random.js';
import { createVirtualClock, type VirtualClock } from '../simulation/virtual-clock.js';
import type { EngineWorld } from './world.js';

/** The project of simulated worlds of this suite, and their image. */
export const PROJECT = 'alicia-t-simulated';
export const IMAGE = 'sim-well:1';

/** A world whose engine is simulated, for callers who do not move its clock. */
export function makeSimulatedWorld(): EngineWorld {
  const clock = createVirtualClock();
  const engine = createSimulatedEngine({ clock, random: createRandom(1), project: PROJECT, behaviourOf });
  addImage(engine);
  const { outsider } = engine;
  return {
    engine: movingTime(engine.port, clock),
    project: PROJECT,
    image: IMAGE,
    commands: {
      forEver: ['run'],
      listening: null,
      exitWith3: ['exit', '3'],
      hang: ['hang'],
      succeed: ['good'],
      fail: ['bad'],
    },
    freePorts: [4001, 4002],
    freeRange: 4003,
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

/** Puts the suite's image on an engine. */
export function addImage({ truth }: SimulatedEngine): void {
  truth.images.set(IMAGE, { id: 'sha256:1', version: null, hasHealthcheck: false, isHere: true });
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
export function movingTime(engine: Engine, clock: VirtualClock): Engine {
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
