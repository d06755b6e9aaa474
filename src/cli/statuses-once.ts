/**
 * The statuses of all services at one look, for commands that have no controller to ask.
 * Owns: how often is decided. Must not know: where the context came from, what is shown.
 */
import type { DecisionContext } from '../core/context.js';
import { decide } from '../core/decide.js';
import { everyService } from '../core/forecast.js';
import { EXIT_CONFIRM_MS } from '../core/restart.js';
import { compareText } from '../model/problem.js';
import type { ServiceStatus } from '../model/status.js';

/** Sorted by name. The context is that of a first pass. */
export function statusesIn(first: DecisionContext): readonly ServiceStatus[] {
  const everything = { services: everyService(first), objects: true };
  // Twice, as services see each other by what was decided before; and the first time on paper as much earlier as it takes
  // for an end to count: what has ended would otherwise have just ended for ever.
  const { monotonicMs } = first.now;
  const earlier = { ...first.now, monotonicMs: monotonicMs - EXIT_CONFIRM_MS };
  const { memory } = decide(everything, { ...first, now: earlier });
  const { statuses } = decide(everything, { ...first, memory: { ...memory, amnesty: false } });
  return [...statuses.values()]
    .filter((each) => each !== null)
    .sort((a, b) => compareText(a.service, b.service));
}
