/**
 * How a plan lets time pass while no step is left to make.
 * Owns: the moment to look at next. Must not know: what any moment is for.
 */
import type { Decision } from './decide.js';
import { earliest } from './earliest.js';

/** A stretch of the model's time in which nothing is done. */
export interface Lull {
  /** Since then (monotonic). */
  readonly sinceMs: number;
  /** When the latest pass wanted to look again, by service (monotonic); empty: of objects without one. */
  readonly moments: ReadonlyMap<string, number>;
}

/** Nothing has been looked at since something was done. */
export const lullFrom = (sinceMs: number): Lull => ({ sinceMs, moments: new Map() });

/** A plan looks so far beyond the last thing that is done: back-offs, pauses and deadlines pass. */
const HORIZON_MS = 86_400_000;
/** Share of the lull so far for which it goes on unlooked-at. */
const PATIENCE = 3;

/**
 * The next moment to look at, and the lull with what this pass wanted; null: nothing more is to come.
 *
 * In a lull the model stands still, so only time can bring a step. What waits for a moment (`monitor`, `delay`, the
 * confirmation of an exit, back-offs, the delay of a restart, the end of a crash loop) names the same one at every pass:
 * such a moment stands firm, and is never jumped over. Who waits for somebody outside the model looks again after a fixed
 * time, so that the moment moves along with `now`: such looks are in vain, and wait three times as long as the lull has
 * lasted. A firm moment of the same service may hide behind them; it is found late, which changes nothing, for whatever
 * is due then stays due.
 *
 * Invariant: a lull ends. Firm moments are finitely many, as nothing in it makes new ones; the others are at least four
 * times as far from its beginning each time, which is nine looks from half a second to the horizon.
 */
export function nextLook(
  lull: Lull,
  { recheckAtMs, objectsRecheckAtMs }: Pick<Decision, 'recheckAtMs' | 'objectsRecheckAtMs'>,
  nowMs: number,
): { readonly atMs: number; readonly lull: Lull } | null {
  const moments = new Map<string, number>(recheckAtMs);
  if (objectsRecheckAtMs !== null) moments.set('', objectsRecheckAtMs);
  const isFirm = ([name, atMs]: readonly [string, number]): boolean => lull.moments.get(name) === atMs;
  const firmMs = earliest([...moments].filter(isFirm).map(([, atMs]) => atMs));
  const anyMs = earliest([...moments.values()]);
  const patientMs = nowMs + PATIENCE * (nowMs - lull.sinceMs);
  const nextMs = earliest([firmMs, anyMs === null ? null : Math.max(anyMs, patientMs)]);
  if (nextMs === null || nextMs > lull.sinceMs + HORIZON_MS) return null;
  return { atMs: Math.max(nextMs, nowMs + 1), lull: { ...lull, moments } };
}
