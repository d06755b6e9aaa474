/**
 * One probe of one run of a container, made again and again.
 * Owns: when it is made, and that it ends in time. Must not know: how it is made, what its results come to.
 */
import type { Probe } from '../model/probe.js';
import type { ProbeResult } from '../model/probe-result.js';
import type { Lane } from './lanes.js';
import type { Clock } from './ports.js';

/** What a loop is made of. */
export interface LoopOptions {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly lane: Lane;
  /** Null: there is nothing to say yet. */
  readonly attempt: () => Promise<ProbeResult | null>;
  /** Called with every result, at most once a period. */
  readonly onResult: (result: ProbeResult) => void;
}

/** A loop, begun. */
export interface ProbeLoop {
  /** There may be something to say by now: if the last attempt said nothing, the next one is made at once. */
  hasten(): void;
  stop(): void;
}

/** Makes the first attempt at once, and then one each period, counted from the beginning of the one before. */
export function startProbeLoop({ probe, clock, lane, attempt, onResult }: LoopOptions): ProbeLoop {
  let isStopped = false;
  let saidNothing = false;
  /** There was news while an attempt was under way, which may have come too early for it. */
  let isHastened = false;
  let cancel: (() => void) | null = null;

  const tick = async (): Promise<void> => {
    cancel = null;
    isHastened = false;
    const begunMs = clock.now().monotonicMs;
    const result = await lane.run(() => (isStopped ? Promise.resolve(null) : inTime(probe, clock, attempt)));
    if (isStopped) return;
    saidNothing = result === null || result.kind === 'notRun';
    const leftMs = saidNothing && isHastened ? 0 : begunMs + probe.periodMs - clock.now().monotonicMs;
    cancel = clock.after(Math.max(0, leftMs), () => void tick());
    if (result !== null) onResult(result);
  };

  void tick();
  return {
    hasten() {
      isHastened = true;
      if (isStopped || !saidNothing || cancel === null) return;
      cancel();
      void tick();
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}

/** The result, or that there was none in time; an attempt that goes on is not waited for. */
function inTime(
  { timeoutMs }: Probe,
  clock: Clock,
  attempt: LoopOptions['attempt'],
): Promise<ProbeResult | null> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () =>
      resolve({ kind: 'failure', message: `gave no answer within ${timeoutMs / 1000} s` }),
    );
    attempt().then(resolve, reject).finally(cancel);
  });
}
