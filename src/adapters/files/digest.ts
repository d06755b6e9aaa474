/**
 * The identity of a look.
 * Owns: what of a look its digest covers. Must not know: the disk, times.
 */
import { createHash } from 'node:crypto';

/** What of one root is in the digest. */
export interface DigestedRoot {
  readonly state: 'ok' | 'missing' | 'unreadable';
  readonly mayBePruned: readonly string[];
  readonly files: readonly {
    /** Path below the root, with `/`. */
    readonly below: string;
    /** Identity of the content, or of the kind of failure. */
    readonly mark: string;
  }[];
}

/** What of a file that a manifest names is in the digest. */
export interface DigestedReference {
  /** As the manifest writes it: the same on every machine. */
  readonly written: string;
  readonly mark: string;
}

/**
 * `sha256:` over the files of all roots, and what they name. Where a root lies, and what the machine says of times and permissions,
 * has no part in it: two machines with the same files have the same digest.
 */
export function digestOf(
  roots: readonly DigestedRoot[],
  references: readonly DigestedReference[] = [],
): string {
  const hash = createHash('sha256');
  for (const root of roots) {
    // One JSON text a line: no name, however odd, can pass for another entry.
    hash.update(`${JSON.stringify([root.state, root.mayBePruned])}\n`);
    for (const { below, mark } of root.files) hash.update(`${JSON.stringify([below, mark])}\n`);
  }
  for (const { written, mark } of references) hash.update(`${JSON.stringify({ written, mark })}\n`);
  return `sha256:${hash.digest('hex')}`;
}
