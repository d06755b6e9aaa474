/**
 * Which commit the roots are of.
 * Owns: semantics 7.7. Must not know: how files are read or compared.
 */
import type { FileSystem } from './file-system.js';
import { commitOfLinks, findRepository, readHead, readIndexLock } from './git.js';
import type { WalkedRoot } from './walk.js';

/** What git says of one root. */
export interface RootGit {
  /** git-sync's target, else `HEAD`; null where there is none. */
  readonly commit: string | null;
  /** The lock that git holds while it changes the working tree; null: none. */
  readonly lock: string | null;
}

/** Asks git's files about a root; says nothing of what is not there. */
export async function viewGit(
  fs: FileSystem,
  root: Pick<WalkedRoot, 'resolved' | 'links'>,
): Promise<RootGit> {
  const ofLinks = commitOfLinks(root.links);
  const repository = await findRepository(fs, root.resolved);
  if (repository === null) return { commit: ofLinks, lock: null };
  const commit = ofLinks ?? (await readHead(fs, repository));
  return { commit, lock: await readIndexLock(fs, repository) };
}

/** The commit where all roots are of the same one, else the digest: the commit of one would not name the others. */
export function revisionOf(commits: readonly (string | null)[], digest: string): string {
  const [first = null, ...others] = commits;
  return first !== null && others.every((commit) => commit === first) ? first : digest;
}
