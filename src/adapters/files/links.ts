/**
 * Following symbolic links one by one.
 * Owns: which links lie on the way to a path. Must not know: what is read there.
 */
import type { BigIntStats } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { FileSystem } from './file-system.js';
import { LINK_HOPS } from './limits.js';

/** One symbolic link that was followed. */
export interface Link {
  /** Absolute; the folder part has its own links resolved. */
  readonly path: string;
  /** As it is written in the link. */
  readonly target: string;
}

/** Where a path leads. */
export interface Resolved {
  /** Absolute, without links. */
  readonly real: string;
  /** What stands there now. */
  readonly stats: BigIntStats;
  /** The links on the way, in the order in which they were followed. */
  readonly links: readonly Link[];
}

/** Follows an absolute path to its end; rejects as node:fs does, and with `ELOOP` in a circle. */
export type LinkResolver = (path: string) => Promise<Resolved>;

/**
 * A resolver for one look.
 * Invariant: within a look each link is read once, so that two files reached through the same link are of the
 * same version, however often the link is swapped meanwhile.
 */
export function createLinkResolver(fs: FileSystem): LinkResolver {
  const targets = new Map<string, string | null>();

  const targetOf = async (path: string): Promise<string | null> => {
    const known = targets.get(path);
    if (known !== undefined) return known;
    const stats = await fs.lstat(path);
    const target = stats.isSymbolicLink() ? await fs.readlink(path) : null;
    targets.set(path, target);
    return target;
  };

  return async (path) => {
    const links: Link[] = [];
    let real: string = sep;
    const ahead = partsOf(path).reverse();
    for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
      if (part === '..') {
        real = dirname(real);
        continue;
      }
      const next = join(real, part);
      const target = await targetOf(next);
      if (target === null) {
        real = next;
        continue;
      }
      links.push({ path: next, target });
      if (links.length > LINK_HOPS) throw circle(path);
      if (isAbsolute(target)) real = sep;
      ahead.push(...partsOf(target).reverse());
    }
    return { real, stats: await fs.lstat(real), links };
  };
}

function partsOf(path: string): string[] {
  return path.split(sep).filter((part) => part !== '' && part !== '.');
}

function circle(path: string): Error {
  return Object.assign(new Error(`too many symbolic links on the way to ${path}`), { code: 'ELOOP' });
}
