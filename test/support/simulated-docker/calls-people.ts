/**
 * Calls of the simulated engine that only people make: the controller has no such steps.
 * Owns: their effect and their failures. Must not know: why somebody makes them.
 */
import type { CallOptions } from '../../../src/controller/ports.js';
import type { ContainerId } from '../../../src/model/ids.js';
import { failure } from './failures.js';
import { type Inside, there } from './inside.js';
import { killInTime, pause } from './life.js';

/** `docker kill` and `docker pause`. */
export interface PeopleCalls {
  kill(id: ContainerId, options: CallOptions): Promise<void>;
  pause(id: ContainerId, options: CallOptions): Promise<void>;
}

/** Creates the calls. */
export function peopleCalls(inside: Inside): PeopleCalls {
  const { call } = inside;
  return {
    kill: (id, options) =>
      call(async () => {
        if (!(await killInTime(there(inside, id), inside)))
          throw failure('engine', `Container ${id} is not running`, 409);
      }, options),
    pause: (id, options) =>
      call(() => {
        const container = there(inside, id);
        if (container.status !== 'running')
          throw failure('engine', `Container ${id} is ${container.status}, not running`, 409);
        pause(container, inside);
      }, options),
  };
}
