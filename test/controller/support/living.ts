/**
 * A whole controller on a simulated engine, in virtual time, with all that it says kept.
 */
import type { Controller, ControllerOptions } from '../../../src/controller/api.js';
import { createController } from '../../../src/controller/controller.js';
import type { StepProgress } from '../../../src/controller/ports.js';
import type { Event } from '../../../src/model/event.js';
import type { ServiceStatus } from '../../../src/model/status.js';
import { createSilentLog } from '../../support/silent-log.js';
import { OPTIONS } from '../../support/simulation/settings.js';
import { createWorld, type SimulatedWorld } from '../../support/simulation/world.js';

/** A controller that has not been started. */
export interface Living {
  readonly world: SimulatedWorld;
  readonly controller: Controller;
  readonly log: ReturnType<typeof createSilentLog>;
  readonly events: readonly Event[];
  /** Each status as it was published: `web Healthy`. */
  readonly statuses: readonly string[];
  /** Each change of phase. */
  readonly phases: readonly string[];
  readonly progress: readonly StepProgress[];
  /** Calls to the engine with their time: `120 startContainer`. */
  readonly calls: readonly string[];
  /** Types of the events so far. */
  types(): readonly string[];
  /** The times at which the engine was called so. */
  callsOf(name: string): readonly number[];
}

/** Makes one. */
export function living(change: Partial<ControllerOptions> = {}): Living {
  const world = createWorld(1, null, { random: () => 0, hasLaws: false });
  const { clock, files } = world;
  const log = createSilentLog();
  const events: Event[] = [];
  const statuses: string[] = [];
  const phases: string[] = [];
  const progress: StepProgress[] = [];
  const calls: string[] = [];
  const engine = new Proxy(world.faults.engine, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) => {
        calls.push(`${clock.elapsedMs()} ${String(key)}`);
        return Reflect.apply(member, target, args);
      };
    },
  });
  const publisher = {
    publishEvent: (event: Event) => void events.push(event),
    publishStatus: (service: string, status: ServiceStatus | null) =>
      void statuses.push(`${service} ${status?.health ?? 'gone'}`),
  };
  const controller = createController({
    ...OPTIONS,
    ...{ engine, files, clock, publisher, log, createId: () => '0' },
    ...change,
  });
  controller.onChange(() => {
    const { phase } = controller.orchestrator();
    if (phases.at(-1) !== phase) phases.push(phase);
  });
  controller.onProgress((each) => progress.push(each));
  return {
    ...{ world, controller, log, events, statuses, phases, progress, calls },
    types: () => events.map(({ event_type }) => event_type),
    callsOf: (name) =>
      calls.filter((call) => call.split(' ')[1] === name).map((call) => Number(call.split(' ')[0])),
  };
}
