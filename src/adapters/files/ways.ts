/**
 * Symbolic links on the way to what is mounted.
 * Owns: where paths below a manifest directory really lead. Must not know: who may go there.
 */
import { dirname, join, relative, sep } from 'node:path';
import type { ScannedLink } from '../../model/scan.js';
import { errorCode, type FileSystem } from './file-system.js';
import { LINK_HOPS } from './limits.js';
import { createLinkResolver } from './links.js';
import type { NamedFile } from './references.js';

/**
 * All links on the ways to these absolute paths, as far as they lie below a root, sorted by path. What is not there yet
 * may be named too. Rejects never: what cannot be looked at counts as a link that leads nowhere that is seen.
 */
export async function linksOnWays(
  fs: FileSystem,
  paths: readonly string[],
  roots: readonly string[],
): Promise<readonly ScannedLink[]> {
  const resolver = createLinkResolver(fs);
  const nextLink = createLinkFinder(fs);
  const links = new Map<string, ScannedLink>();
  for (const path of paths) {
    let at = path;
    for (let hops = 0; hops <= LINK_HOPS; hops += 1) {
      const root = roots.find((each) => at === each || at.startsWith(`${each}${sep}`));
      const link = root === undefined ? null : await nextLink(root, at);
      if (link === null) break;
      const leadsTo = async (): Promise<string | null> =>
        (await resolver(link).catch(() => null))?.real ?? null;
      const { real } = links.get(link) ?? { real: await leadsTo() };
      links.set(link, { path: link, real });
      if (real === null) break;
      at = join(real, at.slice(link.length));
    }
  }
  return [...links.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A link that is not the same in both; null: all are. */
export function changedLink(before: readonly ScannedLink[], after: readonly ScannedLink[]): string | null {
  const of = (links: readonly ScannedLink[]): ReadonlyMap<string, string | null> =>
    new Map(links.map(({ path, real }) => [path, real]));
  const [were, are] = [of(before), of(after)];
  return [...were.keys(), ...are.keys()].find((path) => were.get(path) !== are.get(path)) ?? null;
}

/** These links as files to watch: one that is turned elsewhere is seen at once. */
export const watchedLinks = (links: readonly ScannedLink[]): readonly NamedFile[] =>
  links.map(({ path }) => ({ path, written: path.slice(dirname(path).length + 1) }));

/** There is nothing, or a file where a folder would have to be. */
const NOTHING: readonly string[] = ['ENOENT', 'ENOTDIR'];

/** Finds the first link on a way down from a root; each path is looked at once. */
function createLinkFinder(fs: FileSystem): (root: string, path: string) => Promise<string | null> {
  const kinds = new Map<string, 'link' | 'other' | 'nothing'>();
  const kindOf = async (path: string): Promise<'link' | 'other' | 'nothing'> => {
    const known = kinds.get(path);
    if (known !== undefined) return known;
    const kind = await fs.lstat(path).then(
      (stats) => (stats.isSymbolicLink() ? 'link' : 'other'),
      (error: unknown) => (NOTHING.includes(errorCode(error)) ? 'nothing' : 'link'),
    );
    kinds.set(path, kind);
    return kind;
  };
  return async (root, path) => {
    let at = root;
    for (const part of relative(root, path).split(sep)) {
      if (part === '') continue;
      at = join(at, part);
      const kind = await kindOf(at);
      if (kind === 'link') return at;
      if (kind === 'nothing') return null;
    }
    return null;
  };
}
