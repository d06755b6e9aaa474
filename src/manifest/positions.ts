/**
 * Where manifests stand in their files, counted so that a file whose end is lost can be told by what it held.
 * Owns: the count. Must not know: what is done about a file that became shorter.
 */
import type { Scan, ScannedRoot } from '../model/scan.js';

/** A manifest that somebody has put into comments: it still takes a place, for who did that has seen the file to its end. */
const COMMENTED = /^[ \t]*#[# \t]*["']?apiVersion["']?[ \t]*:[ \t]*["']?alicia\//gm;

/** The line of each manifest of a text that is commented out, from 1. */
export function commentedOut(text: string): readonly number[] {
  let line = 1;
  let seen = 0;
  return [...text.matchAll(COMMENTED)].map(({ index }) => {
    line += text.slice(seen, index).split('\n').length - 1;
    seen = index;
    return line;
  });
}

/**
 * The most manifests that were ever seen in each file, by its path below the directory: those of the scan, and before it.
 * What is commented out counts too. Files that are not there any more are forgotten.
 */
export function countManifests(
  before: ReadonlyMap<string, number>,
  scan: Pick<Scan, 'files' | 'roots'>,
  parsed: readonly { readonly path: string; readonly documents: readonly unknown[] }[],
): ReadonlyMap<string, number> {
  const documents = new Map(parsed.map(({ path, documents }) => [path, documents.length]));
  const counts = new Map<string, number>();
  for (const { path, content } of scan.files) {
    const below = pathBelow(path, scan.roots);
    const asides = content.kind === 'text' ? commentedOut(content.text).length : 0;
    const count = (documents.get(path) ?? 0) + asides;
    counts.set(below, Math.max(count, counts.get(below) ?? 0, before.get(below) ?? 0));
  }
  return counts;
}

/**
 * The path below the directory that was given: the same wherever the directory is mounted. Files of the same path in two
 * directories bear the same one.
 */
export function pathBelow(path: string, roots: readonly Pick<ScannedRoot, 'path'>[]): string {
  const root = roots
    .map((each) => each.path.replace(/\/*$/, '/'))
    .filter((each) => path.startsWith(each))
    .sort((a, b) => b.length - a.length)[0];
  return root === undefined ? path : path.slice(root.length);
}
