/**
 * Durations as Compose writes them.
 * Owns: their syntax. Must not know: what waits.
 */

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** Longer waits are taken for mistakes: ten years. */
const MAX_MS = 3650 * 86_400_000;

/** Milliseconds of `1m30s`; null when it is no duration or longer than ten years. Less than a millisecond counts as one. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  let total = 0;
  let end = 0;
  for (const part of text.matchAll(/([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h|d|w)/gy)) {
    total += Number(part[1]) * (UNIT_MS.get(part[2] ?? '') ?? 0);
    end += part[0].length;
  }
  if (end === 0 || end !== text.length || total > MAX_MS) return null;
  return total > 0 && total < 1 ? 1 : Math.round(total);
}
