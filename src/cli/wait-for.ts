/**
 * Waiting with an end: until something is so, nothing goes on any more, or somebody has had enough.
 * Owns: the rhythm. Must not know: what is waited for.
 */
import type { Clock } from '../controller/ports.js';
import type { Convergence } from './convergence.js';
import type { Signals } from './signals.js';

/** How waiting ended. */
export type Ending<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** Without progress for too long. */
  | { readonly kind: 'timeout' }
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' };

/** Looks every `everyMs` until `look` returns something other than null. */
export async function waitFor<Result>(options: {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly convergence: Pick<Convergence, 'idleMs'>;
  readonly signals: Signals;
  readonly look: () => Promise<Result | null> | Result | null;
}): Promise<Ending<Result>> {
  const { clock, everyMs, timeoutMs, convergence, signals, look } = options;
  for (;;) {
    if (signals.first !== null) return { kind: 'signal', signal: signals.first };
    const result = await look();
    if (result !== null) return { kind: 'done', result };
    if (convergence.idleMs(clock.now()) >= timeoutMs) return { kind: 'timeout' };
    await pause(clock, everyMs, signals);
  }
}

/** Waits, or less long when a signal comes. */
export async function pause(clock: Clock, delayMs: number, signals: Signals): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(delayMs, resolve);
    void signals.whenFirst.then(() => {
      cancel();
      resolve();
    });
  });
}
