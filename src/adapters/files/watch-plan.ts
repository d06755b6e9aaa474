/**
 * What has to be watched so that no change of a look is missed.
 * Owns: folders and the names in them that matter. Must not know: how watching is done.
 */
import { basename, dirname } from 'node:path';
import type { Link } from './links.js';

/** What matters in one folder. */
export interface WatchedFolder {
  /** True: everything that can be a manifest, a folder or a link matters; else only `names`. */
  readonly isWhole: boolean;
  readonly names: ReadonlySet<string>;
}

/** Absolute paths without links → what matters there. */
export type WatchPlan = ReadonlyMap<string, WatchedFolder>;

/** Gathers a plan while folders are walked. */
export interface WatchPlanBuilder {
  addWhole(folder: string): void;
  addNames(folder: string, names: Iterable<string>): void;
  addPath(path: string): void;
  /** Every link on a way: swapping one changes what is behind it, though nothing there is touched. */
  addLinks(links: readonly Link[]): void;
  plan(): WatchPlan;
}

/** An empty plan to gather in. */
export function createWatchPlanBuilder(): WatchPlanBuilder {
  const folders = new Map<string, { isWhole: boolean; names: Set<string> }>();
  const at = (folder: string): { isWhole: boolean; names: Set<string> } => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const fresh = { isWhole: false, names: new Set<string>() };
    folders.set(folder, fresh);
    return fresh;
  };
  const addPath = (path: string): void => {
    at(dirname(path)).names.add(basename(path));
  };
  return {
    addWhole: (folder) => {
      at(folder).isWhole = true;
    },
    addNames: (folder, names) => {
      for (const name of names) at(folder).names.add(name);
    },
    addPath,
    addLinks: (links) => {
      for (const link of links) addPath(link.path);
    },
    plan: () => folders,
  };
}
