/**
 * The manifest directories, as the controller sees them.
 * Owns: putting looking and watching together. Must not know: what the controller makes of a scan.
 */
import type { Clock, ManifestFiles } from '../../controller/ports.js';
import { type FileSystem, nodeFileSystem } from './file-system.js';
import { type OpenFolderWatch, openFolderWatch } from './folder-watch.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { lookAtRoots } from './look.js';
import type { NamedBy } from './references.js';
import { type RootsWatch, watchRoots } from './watch.js';

/** What {@link createManifestFiles} takes; all but the roots is for tests and has a default. */
export interface ManifestFilesOptions {
  /** Directories, as the user gave them; relative ones are below the working directory. */
  readonly roots: readonly string[];
  /** So long without a change before a hint; default 300 ms. */
  readonly quietMs?: number;
  /** At most so long after the first change; default 3000 ms. */
  readonly maxQuietMs?: number;
  readonly clock: Clock;
  /** What the manifests name on the disk; default: nothing. */
  readonly namedBy?: NamedBy;
  /** Default: node:fs. */
  readonly fs?: FileSystem;
  /** Default: {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  /** Default: chokidar. */
  readonly openFolderWatch?: OpenFolderWatch;
}

/**
 * Manifests on the file system. Does nothing before the first call; `scan` works with or without `watch`.
 * Watching only hints: it may miss what happens behind network mounts, so that the caller scans from time to
 * time whatever it hears.
 */
export function createManifestFiles(options: ManifestFilesOptions): ManifestFiles {
  const { clock, fs = nodeFileSystem, namedBy = () => ({ files: [], binds: [] }) } = options;
  const given = {
    ...{ roots: [...new Set(options.roots)], fs, clock },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  };
  const staleLocks = new Set<string>();
  let watching: Promise<RootsWatch> | null = null;

  return {
    scan: async () => {
      const { scan, watchPlan } = await lookAtRoots({ ...given, namedBy, staleLocks });
      // A rescan finds what watching missed; nobody waits for the watches to catch up.
      void watching?.then((watch) => watch.extend(watchPlan));
      return scan;
    },
    watch: async (onHint, onWarning) => {
      const { quietMs = 300, maxQuietMs = 3000 } = options;
      const open = options.openFolderWatch ?? openFolderWatch;
      watching ??= watchRoots({
        ...given,
        ...{ quietMs, maxQuietMs, openFolderWatch: open, onHint, onWarning },
      });
      await watching;
    },
    stop: async () => {
      const stopped = watching;
      watching = null;
      await (await stopped)?.stop();
    },
  };
}
