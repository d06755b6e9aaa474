/**
 * Moments to look again.
 */

/** The earliest of some moments; null: none of them is set. */
export function earliest(moments: readonly (number | null)[]): number | null {
  const set = moments.filter((moment) => moment !== null);
  return set.length === 0 ? null : Math.min(...set);
}
