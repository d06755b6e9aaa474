/**
 * The entries of one folder, links followed.
 * Owns: telling files from folders, and what could not be told. Must not know: what is below, or what is read.
 */
import type { BigIntStats, Dirent } from 'node:fs';
import { join } from 'node:path';
import { describeError, describeKind, type FileSystem, isAbsence, stampOf } from './file-system.js';
import { type IgnoreRules, isIgnored } from './ignore-rules.js';
import type { Link, LinkResolver } from './links.js';
import { ENV_NAME, isHidden, isManifestName } from './names.js';

/** An entry that may be looked at. */
export type Entry =
  | {
      readonly kind: 'file' | 'folder';
      readonly name: string;
      /** Absolute, without links. */
      readonly real: string;
      /** Null: not asked yet, the entry is no link. */
      readonly stats: BigIntStats | null;
      /** The links on the way from the entry to `real`; empty when it is none. */
      readonly links: readonly Link[];
    }
  /** A link that leads nowhere, or a name that cannot be used: what it stands for is not known. */
  | { readonly kind: 'broken'; readonly name: string; readonly reason: string };

/** What there is of a file before it is read. */
export type Source =
  | { readonly kind: 'regular'; readonly real: string; readonly stamp: string }
  | { readonly kind: 'tooLarge'; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What is needed to look at the entries of a folder. */
export interface FolderView {
  readonly resolve: LinkResolver;
  readonly rules: IgnoreRules;
  /** Absolute, without links. */
  readonly real: string;
  /** Path below the root; empty for the root itself. */
  readonly below: string;
}

/** The entries that may matter, in the order of `dirents`; hidden and left-out ones are dropped. */
export async function viewEntries(view: FolderView, dirents: readonly Dirent[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const dirent of dirents) {
    const { name } = dirent;
    if (isHidden(name) && name !== ENV_NAME) continue;
    // Most files beside manifests are none: no call is spent on them.
    if (dirent.isFile() && !isManifestName(name) && name !== ENV_NAME) continue;
    const entry = await viewEntry(view, dirent);
    if (entry === null || (name === ENV_NAME && entry.kind === 'folder')) continue;
    if (!isLeftOut(view, entry)) entries.push(entry);
  }
  return entries;
}

/** What there is of a file; null: it is gone since the folder was listed. */
export async function sourceOf(fs: FileSystem, entry: Entry, maxBytes: number): Promise<Source | null> {
  if (entry.kind === 'broken') return { kind: 'unreadable', reason: entry.reason };
  try {
    const stats = entry.stats ?? (await fs.lstat(entry.real));
    if (!stats.isFile()) return { kind: 'unreadable', reason: describeKind(stats) };
    if (stats.size > BigInt(maxBytes)) return { kind: 'tooLarge', bytes: Number(stats.size) };
    return { kind: 'regular', real: entry.real, stamp: stampOf(stats) };
  } catch (error) {
    return isAbsence(error) ? null : { kind: 'unreadable', reason: describeError(error) };
  }
}

async function viewEntry(view: FolderView, dirent: Dirent): Promise<Entry | null> {
  const { name } = dirent;
  const path = join(view.real, name);
  // Node puts U+FFFD for bytes that are no UTF-8: the path that it gives leads nowhere.
  if (name.includes('\uFFFD')) return { kind: 'broken', name, reason: 'its name is not valid UTF-8' };
  if (dirent.isDirectory()) return { kind: 'folder', name, real: path, stats: null, links: [] };
  if (!dirent.isSymbolicLink()) {
    const isFile = isManifestName(name) || name === ENV_NAME;
    return isFile ? { kind: 'file', name, real: path, stats: null, links: [] } : null;
  }
  try {
    const { real, stats, links } = await view.resolve(path);
    const kind = stats.isDirectory() ? 'folder' : 'file';
    if (kind === 'file' && !isManifestName(name) && name !== ENV_NAME) return null;
    return { kind, name, real, stats, links };
  } catch (error) {
    const reason = isAbsence(error)
      ? 'a symbolic link to something that does not exist'
      : describeError(error);
    return { kind: 'broken', name, reason };
  }
}

/** A broken link may stand for a file or a folder: it is left out where either would be. */
function isLeftOut(view: FolderView, entry: Entry): boolean {
  const below = view.below === '' ? entry.name : `${view.below}/${entry.name}`;
  if (entry.kind !== 'broken') return isIgnored(view.rules, below, entry.kind);
  return isIgnored(view.rules, below, 'file') || isIgnored(view.rules, below, 'folder');
}
