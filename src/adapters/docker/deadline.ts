/**
 * Races a call against a timer of our own, because an engine may never answer, and docker-modem may never settle.
 * Owns: the race. Must not know: what is called.
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from '../../controller/ports.js';

/** More than the requests that share one signal: a list inspects several containers at once. */
const MAX_REQUESTS = 64;

/** What a race needs to know. */
export interface Deadline {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** The error when time is up. */
  readonly onDeadline: () => Error;
}

/**
 * Settles as `run` does, or rejects when the time is up. Then the signal aborts what is left of the call, and whatever
 * becomes of it is ignored.
 */
export function withDeadline<T>(deadline: Deadline, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = new AbortController();
    setMaxListeners(MAX_REQUESTS, abort.signal);
    const cancel = deadline.clock.after(deadline.deadlineMs, () => {
      reject(deadline.onDeadline());
      abort.abort();
    });
    Promise.resolve()
      .then(() => run(abort.signal))
      .then(resolve, reject)
      .finally(cancel);
  });
}
