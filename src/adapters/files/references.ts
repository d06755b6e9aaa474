/**
 * Files that manifests name, wherever they lie.
 * Owns: reading them, and whether they stayed the same meanwhile. Must not know: what names them.
 */
import { dirname } from 'node:path';
import type { FileContent, ScannedFile } from '../../model/scan.js';
import type { FileSystem } from './file-system.js';
import { FILES_AT_ONCE, type Limits } from './limits.js';
import { decode, readBytes, tooLarge, unreadable } from './read.js';
import type { WatchedFolder, WatchPlan } from './watch-plan.js';

/** A file that is named. */
export interface NamedFile {
  /** As the manifest writes it. */
  readonly written: string;
  /** Absolute. */
  readonly path: string;
}

/** What the manifests name on the disk. */
export interface Named {
  readonly files: readonly NamedFile[];
  /** Absolute paths that Docker may be asked to mount. */
  readonly binds: readonly string[];
}

/** Tells what the manifests name. */
export type NamedBy = (files: readonly ScannedFile[]) => Named;

/** A file that is named, as it was found. */
export interface ReadReference extends NamedFile {
  /** Null: there is none. */
  readonly content: FileContent | null;
  /** Hex sha256 of the bytes; null: they were not read. */
  readonly digest: string | null;
  /** Identity of the content, or of its absence. */
  readonly mark: string;
}

/** Reads all of them; rejects never. */
export async function readReferences(
  { fs, limits }: { readonly fs: FileSystem; readonly limits: Limits },
  named: readonly NamedFile[],
): Promise<readonly ReadReference[]> {
  const read: ReadReference[] = [];
  for (let start = 0; start < named.length; start += FILES_AT_ONCE) {
    const batch = named.slice(start, start + FILES_AT_ONCE);
    read.push(...(await Promise.all(batch.map((file) => readOne(file, fs, limits.fileBytes)))));
  }
  return read;
}

/** The first that is not the same in both; null: all are. */
export function changedReference(
  before: readonly ReadReference[],
  after: readonly ReadReference[],
): string | null {
  const changed = before.find(({ mark }, index) => mark !== after[index]?.mark);
  return changed?.written ?? null;
}

/** The plan with these files in it, as far as they lie below a root; others are seen at the rescan. */
export function watchingReferences(
  plan: WatchPlan,
  named: readonly NamedFile[],
  roots: readonly string[],
): WatchPlan {
  const folders = new Map<string, WatchedFolder>(plan);
  for (const { path } of named) {
    const folder = dirname(path);
    if (!roots.some((root) => folder === root || folder.startsWith(`${root}/`))) continue;
    const known = folders.get(folder) ?? { isWhole: false, names: new Set<string>() };
    folders.set(folder, { ...known, names: new Set([...known.names, path.slice(folder.length + 1)]) });
  }
  return folders;
}

async function readOne(file: NamedFile, fs: FileSystem, maxBytes: number): Promise<ReadReference> {
  const read = await readBytes(fs, file.path, maxBytes);
  if (read.kind === 'absent') return { ...file, content: null, digest: null, mark: 'absent' };
  if (read.kind === 'unreadable') return { ...file, ...unreadable(read.reason) };
  const { content, digest, mark } = read.kind === 'tooLarge' ? tooLarge(read.size) : decode(read.bytes);
  return { ...file, content, digest, mark };
}
