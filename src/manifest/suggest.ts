/**
 * "Did you mean".
 * Owns: the distance between two words and what counts as near. Must not know: where the words come from.
 */
import { printable } from '../model/printable.js';
import { compareText } from '../model/problem.js';

/** ` — did you mean "ports"?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const nearest = nearestTo(word, candidates);
  return nearest === null ? '' : ` — did you mean "${printable(nearest)}"?`;
}

/** The nearest candidate within a third of the word's length (at least 1, at most 3 edits); null when none is. */
export function nearestTo(word: string, candidates: Iterable<string>): string | null {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of [...candidates].sort(compareText)) {
    if (Math.abs(name.length - word.length) > limit) continue;
    const distance = distanceBetween(word.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
function distanceBetween(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
