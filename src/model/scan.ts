/**
 * One look at the manifest directories: bytes and what could not be read.
 * Owns: the value that passes from the file adapter to the manifest stage. Must not know: YAML.
 */

/** A candidate file below a root: `.yaml`, `.yml`, `.json`, or a `.env` beside one. */
export interface ScannedFile {
  /** Path as the user would type it: the root as given, joined with the path below it. */
  readonly path: string;
  /** Absolute path of the folder that holds the file, links resolved; relative binds start here. */
  readonly folder: string;
  readonly content: FileContent;
}

/** What became of reading a file. */
export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'notUtf8' }
  | { readonly kind: 'tooLarge'; readonly bytes: number }
  /** Permission, I/O error, not a regular file (FIFO, device). */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file that a manifest names, wherever it lies: variables of a container, a secret, a config. */
export interface ReferencedFile {
  /** Absolute; links are not resolved. */
  readonly path: string;
  /** Null: there is none. */
  readonly content: FileContent | null;
  /** Hex sha256 of its bytes, be they text or not; null: they were not read. */
  readonly digest: string | null;
}

/** One of the directories given to the command. */
export interface ScannedRoot {
  /** As the user gave it. */
  readonly path: string;
  /** Absolute, links resolved; equal to `path` made absolute when it could not be resolved. */
  readonly resolved: string;
  readonly state: 'ok' | 'missing' | 'unreadable';
  /** Why it is missing or unreadable; empty when it is ok. Folders below it that could not be read are named here too. */
  readonly reason: string;
  /** Names listed in a file `.alicia-prune` in the root; `*` stands for all. */
  readonly mayBePruned: readonly string[];
}

/** A symbolic link below a root, on the way to what a manifest has Docker mount. */
export interface ScannedLink {
  /** Absolute; its folder has no links. */
  readonly path: string;
  /** Absolute, without links; null: it leads nowhere that is seen here. */
  readonly real: string | null;
}

/** A consistent look at all roots. */
export interface Scan {
  readonly roots: readonly ScannedRoot[];
  /** Sorted by path. */
  readonly files: readonly ScannedFile[];
  /** Read at the same moment as `files`; each once, sorted by path. */
  readonly references: readonly ReferencedFile[];
  /** On the ways to what manifests have mounted, sorted by path. */
  readonly links: readonly ScannedLink[];
  /** `sha256:` over names and bytes of all files and references: the identity of this look, the same on every machine. */
  readonly digest: string;
  /** git commit of the directory where there is one, else the digest. */
  readonly revision: string;
}
