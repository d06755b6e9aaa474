/**
 * How much the file adapter may take in, and how long it may wait.
 * Owns: the figures. Must not know: who counts against them.
 */

/** What one look may cost. Each is counted per root; reaching one makes the root unreadable, never a partial look. */
export interface Limits {
  /** Folders below each other, the root not counted. */
  readonly depth: number;
  /** Manifest files of one root. */
  readonly files: number;
  /** Directory entries of one root, of whatever kind: bounds the walk where data lies beside manifests. */
  readonly entries: number;
  /** Bytes of one file; a bigger one is not read. */
  readonly fileBytes: number;
  /** Bytes of all files of one root together. */
  readonly totalBytes: number;
}

/** The limits that hold unless a caller gives others. */
export const DEFAULT_LIMITS: Limits = {
  depth: 32,
  files: 20_000,
  entries: 500_000,
  fileBytes: 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
};

/** How often a look is repeated while files change under it. */
export const LOOK_TRIES = 5;
/** Pause between two of these tries. */
export const LOOK_PAUSE_MS = 100;
/** How long a scan waits in all for `.git/index.lock` to go. */
export const GIT_LOCK_WAIT_MS = 10_000;
/** How often it asks whether the lock has gone. */
export const GIT_LOCK_POLL_MS = 50;
/** How often a watched root is asked whether it is still the same folder. */
export const ROOT_POLL_MS = 1000;
/** How long the start of one folder's watch may take before it is counted as started. */
export const WATCH_READY_MS = 2000;
/** Symbolic links on one path (Linux: MAXSYMLINKS, 40). */
export const LINK_HOPS = 40;
/** Files read, and watches opened, at the same time. */
export const FILES_AT_ONCE = 16;
/** Bytes of a file of git's own that is read for the revision; `packed-refs` is the big one. */
export const GIT_FILE_BYTES = 16 * 1024 * 1024;
