/**
 * What `.aliciaignore` files leave out.
 * Owns: the rules of a folder and of those above it. Must not know: the disk.
 */
import ignore, { type Ignore } from 'ignore';

/** The rules that hold in one folder, those of the nearest `.aliciaignore` first. */
export type IgnoreRules = readonly {
  /** Path below the root of the folder that holds the file; empty for the root itself. */
  readonly base: string;
  readonly matcher: Ignore;
}[];

/** The rules of a folder with an `.aliciaignore` of its own: as in git, the nearer file has the last word. */
export function withIgnoreFile(rules: IgnoreRules, base: string, text: string): IgnoreRules {
  return [{ base, matcher: ignore({ ignorecase: false }).add(text) }, ...rules];
}

/** True where the rules leave out this path below the root. */
export function isIgnored(rules: IgnoreRules, below: string, kind: 'file' | 'folder'): boolean {
  for (const { base, matcher } of rules) {
    const path = base === '' ? below : below.slice(base.length + 1);
    const verdict = matcher.test(kind === 'folder' ? `${path}/` : path);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
