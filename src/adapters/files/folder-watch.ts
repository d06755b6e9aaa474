/**
 * Watching one folder, without what is below it.
 * Owns: chokidar, and the ways around its traps. Must not know: what a hint leads to.
 */
import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { watch } from 'chokidar';
import { isHidden, isLookedAt } from './names.js';
import type { WatchedFolder } from './watch-plan.js';

/** Receives what is seen in a folder. */
export interface FolderSink {
  /** Something that matters may have changed. */
  onChange(): void;
  /** The folder, or a part of it, cannot be watched; it may be said often. */
  onError(error: unknown): void;
}

/** A folder that is being watched. */
export interface FolderWatch {
  /** Settles once changes are seen, or cannot be. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Begins to watch a folder (absolute, without links); `matters` is asked anew at each change. */
export type OpenFolderWatch = (folder: string, matters: () => WatchedFolder, sink: FolderSink) => FolderWatch;

/**
 * Watches with chokidar, one folder deep: what is below, and what is behind links, is watched by folders of their
 * own, because chokidar follows neither a link to another target nor a folder that was removed and made again.
 */
export const openFolderWatch: OpenFolderWatch = (folder, matters, sink) => {
  const watcher = watch(folder, {
    depth: 0,
    followSymlinks: false,
    ignoreInitial: true,
    // These two would hold back or drop events: hints are gathered elsewhere.
    atomic: false,
    awaitWriteFinish: false,
    ignored: (path: string, stats?: Stats) =>
      path !== folder && !entryMatters(matters(), basename(path), stats),
  });
  let isReady = false;
  watcher.once('ready', () => {
    isReady = true;
  });
  // Links that were there from the first are told of in spite of `ignoreInitial`.
  watcher.on('all', () => {
    if (isReady) sink.onChange();
  });
  // Raw events also tell of names that chokidar has not met yet, and of files changed within one clock tick.
  watcher.on('raw', (_event, name) => {
    if (rawMatters(matters(), folder, name)) sink.onChange();
  });
  const ready = new Promise<void>((resolve) => {
    watcher.once('ready', resolve);
    watcher.once('error', () => resolve());
  });
  watcher.on('error', (error) => sink.onError(error));
  return { ready, close: () => watcher.close() };
};

/** Without `stats` it is not known yet what the entry is. */
function entryMatters(watched: WatchedFolder, name: string, stats: Stats | undefined): boolean {
  if (watched.names.has(name)) return true;
  if (!watched.isWhole) return false;
  if (isLookedAt(name)) return true;
  if (isHidden(name)) return false;
  return stats === undefined || stats.isDirectory() || stats.isSymbolicLink();
}

/** A raw event has the name of an entry, of the folder itself when that goes, or none. */
function rawMatters(watched: WatchedFolder, folder: string, name: unknown): boolean {
  if (typeof name !== 'string' || name === '') return true;
  const entryName = basename(name);
  if (entryName === basename(folder) || watched.names.has(entryName)) return true;
  return watched.isWhole && isLookedAt(entryName);
}
