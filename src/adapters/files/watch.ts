/**
 * Watching the roots.
 * Owns: which folders are watched now, and when a hint is due. Must not know: what is in the files, how a folder
 * is watched.
 */
import { resolve } from 'node:path';
import type { Clock } from '../../controller/ports.js';
import { createDebounce } from './debounce.js';
import { describeError, errorCode, type FileSystem, identityOf } from './file-system.js';
import type { FolderWatch, OpenFolderWatch } from './folder-watch.js';
import { FILES_AT_ONCE, type Limits, ROOT_POLL_MS, WATCH_READY_MS } from './limits.js';
import { createLinkResolver } from './links.js';
import { walkRoots } from './walk.js';
import type { WatchedFolder, WatchPlan } from './watch-plan.js';

/** What watching needs. */
export interface WatchOptions {
  readonly roots: readonly string[];
  readonly fs: FileSystem;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly quietMs: number;
  readonly maxQuietMs: number;
  readonly openFolderWatch: OpenFolderWatch;
  readonly onHint: () => void;
  readonly onWarning: (message: string) => void;
}

/** The roots, watched. */
export interface RootsWatch {
  /** Watches also what a look found that was not known; settles when it does. */
  extend(plan: WatchPlan): Promise<void>;
  stop(): Promise<void>;
}

/** One watched folder. */
interface Followed {
  readonly identity: string;
  readonly watch: FolderWatch;
  watched: WatchedFolder;
  hasFailed: boolean;
}

/** The watches of all folders. */
interface FolderWatches {
  /** Watches these folders and no others. */
  follow(plan: WatchPlan): Promise<void>;
  /**
   * Watches these folders too: a look that began before others were found does not end their watch. True: one of
   * them was not watched before, so that what changed there since the look was not seen.
   */
  extend(plan: WatchPlan): Promise<boolean>;
}

/**
 * Watches the roots; resolves once changes are seen.
 * Invariant: before a hint is given, every folder that there is has its watch: what changes after the look that
 * answers the hint is hinted at again.
 */
export async function watchRoots(options: WatchOptions): Promise<RootsWatch> {
  const { clock, onHint } = options;
  const warn = createWarner(options.onWarning);
  let isStopped = false;
  let cancelPoll = (): void => undefined;
  let underWay: Promise<void> = Promise.resolve();
  let identity = await identityOfRoots(options);

  const inTurn = (action: () => Promise<void>): Promise<void> => {
    underWay = underWay
      .then(() => (isStopped ? undefined : action()))
      .catch((error: unknown) => {
        warn('', `the manifests cannot be watched: ${describeError(error)}`);
      });
    return underWay;
  };
  const debounce = createDebounce(options, () => {
    void inTurn(() => refresh()).then(() => {
      if (!isStopped) onHint();
    });
  });
  const folders = createFolderWatches(options, { onChange: () => debounce.hint(), warn });
  const refresh = async (): Promise<void> => folders.follow((await walkRoots(options)).watchPlan);
  const poll = (): void => {
    cancelPoll = clock.after(ROOT_POLL_MS, () => {
      void inTurn(async () => {
        const current = await identityOfRoots(options);
        if (current !== identity) debounce.hint();
        identity = current;
      }).then(() => (isStopped ? undefined : poll()));
    });
  };

  await inTurn(refresh);
  poll();
  return {
    extend: (plan) =>
      inTurn(async () => {
        if (await folders.extend(plan)) debounce.hint();
      }),
    stop: async () => {
      isStopped = true;
      cancelPoll();
      debounce.cancel();
      await underWay;
      await folders.follow(new Map());
    },
  };
}

/** What tells that a root is another folder than before, which no watch of the old one shows. */
async function identityOfRoots({ roots, fs }: WatchOptions): Promise<string> {
  const resolver = createLinkResolver(fs);
  const identities = roots.map((root) =>
    resolver(resolve(root)).then(
      ({ real, stats }) => `${real} ${identityOf(stats)}`,
      (error: unknown) => describeError(error),
    ),
  );
  return JSON.stringify(await Promise.all(identities));
}

function createFolderWatches(
  { fs, clock, openFolderWatch }: WatchOptions,
  sink: { onChange(): void; warn(kind: string, message: string): void },
): FolderWatches {
  const followed = new Map<string, Followed>();

  const open = async (folder: string, watched: WatchedFolder, identity: string): Promise<void> => {
    const entry: Followed = {
      identity,
      watched,
      hasFailed: false,
      watch: openFolderWatch(folder, () => entry.watched, {
        onChange: () => sink.onChange(),
        onError: (error) => {
          entry.hasFailed = true;
          sink.warn(...warningOf(folder, error));
        },
      }),
    };
    followed.set(folder, entry);
    await settledWithin(clock, entry.watch.ready, WATCH_READY_MS);
  };

  const followOne = async (folder: string, watched: WatchedFolder): Promise<boolean> => {
    const identity = await fs.lstat(folder).then(identityOf, () => null);
    const known = followed.get(folder);
    if (known !== undefined && known.identity === identity && !known.hasFailed) {
      const isWhole = known.watched.isWhole || watched.isWhole;
      known.watched = { isWhole, names: new Set([...known.watched.names, ...watched.names]) };
      return false;
    }
    if (known !== undefined) {
      followed.delete(folder);
      await known.watch.close();
    }
    if (identity !== null) await open(folder, watched, identity);
    // One that only failed before may fail again and again: that is no news.
    return known?.identity !== identity;
  };

  const extend = async (plan: WatchPlan): Promise<boolean> => {
    const wanted = [...plan];
    let hasNews = false;
    for (let start = 0; start < wanted.length; start += FILES_AT_ONCE) {
      const batch = wanted.slice(start, start + FILES_AT_ONCE);
      const news = await Promise.all(batch.map(([folder, watched]) => followOne(folder, watched)));
      hasNews ||= news.includes(true);
    }
    return hasNews;
  };

  const follow = async (plan: WatchPlan): Promise<void> => {
    for (const [folder, entry] of followed) {
      const watched = plan.get(folder);
      if (watched !== undefined) {
        entry.watched = watched;
        continue;
      }
      followed.delete(folder);
      await entry.watch.close();
    }
    await extend(plan);
  };

  return { follow, extend };
}

/** The kind of a warning, of which each is given once, and its sentence. */
function warningOf(folder: string, error: unknown): [kind: string, message: string] {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE') {
    const setting = code === 'ENOSPC' ? 'fs.inotify.max_user_watches' : 'fs.inotify.max_user_instances';
    const mend = `raise ${setting}, or name what holds no manifests in .aliciaignore`;
    return ['limit', `not every manifest can be watched (${code}): changes are seen at the rescan; ${mend}`];
  }
  const message = `${folder} cannot be watched: ${describeError(error)}; changes are seen at the rescan`;
  return [message, message];
}

function createWarner(onWarning: (message: string) => void): (kind: string, message: string) => void {
  const given = new Set<string>();
  return (kind, message) => {
    if (given.has(kind)) return;
    given.add(kind);
    onWarning(message);
  };
}

function settledWithin(clock: Clock, promise: Promise<void>, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, resolve);
    void promise.finally(() => {
      cancel();
      resolve();
    });
  });
}
