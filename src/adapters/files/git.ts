/**
 * The little of git's own files that is read: whose repository a folder lies in, its commit, its lock.
 * Owns: the layout of `.git`. Must not know: manifests. Never runs git, never writes.
 */
import { basename, dirname, join, resolve } from 'node:path';
import type { FileSystem } from './file-system.js';
import { GIT_FILE_BYTES } from './limits.js';
import type { Link } from './links.js';
import { decode, readBytes } from './read.js';

/** A repository with a working tree. */
export interface Repository {
  /** Holds `HEAD` and `index` of this working tree. */
  readonly gitDir: string;
  /** Holds the branches; equal to `gitDir` but in a linked worktree. */
  readonly commonDir: string;
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SYMBOLIC_REF = /^ref: *(refs\/\S+)$/;
/** A branch may name a branch; git itself gives up after five. */
const REF_HOPS = 5;

/** The repository whose working tree holds this absolute folder, or null. */
export async function findRepository(fs: FileSystem, folder: string): Promise<Repository | null> {
  for (let at = folder; ; at = dirname(at)) {
    const gitDir = await gitDirOf(fs, join(at, '.git'));
    if (gitDir !== null && (await readLine(fs, join(gitDir, 'HEAD'))) !== null) {
      const common = await readLine(fs, join(gitDir, 'commondir'));
      return { gitDir, commonDir: common === null ? gitDir : resolve(gitDir, common) };
    }
    if (dirname(at) === at) return null;
  }
}

/** The commit that is checked out; null before the first commit, or where it is kept in a way not known here. */
export async function readHead(fs: FileSystem, { gitDir, commonDir }: Repository): Promise<string | null> {
  let line = await readLine(fs, join(gitDir, 'HEAD'));
  for (let hop = 0; line !== null && hop < REF_HOPS; hop += 1) {
    if (COMMIT.test(line)) return line;
    const ref = SYMBOLIC_REF.exec(line)?.[1];
    if (ref === undefined || ref.split('/').includes('..')) return null;
    line =
      (await readLine(fs, join(gitDir, ref))) ??
      (await readLine(fs, join(commonDir, ref))) ??
      (await readPackedRef(fs, commonDir, ref));
  }
  return null;
}

/** What git-sync checked out, from the links on the way to a folder: the last whose target is named by a commit. */
export function commitOfLinks(links: readonly Link[]): string | null {
  const commits = links.map((link) => basename(link.target)).filter((name) => COMMIT.test(name));
  return commits.at(-1) ?? null;
}

/** Tells one lock of the index from another; null: git holds none now. */
export async function readIndexLock(fs: FileSystem, { gitDir }: Repository): Promise<string | null> {
  const path = join(gitDir, 'index.lock');
  try {
    const stats = await fs.lstat(path);
    return `${path}:${stats.ino}:${stats.birthtimeNs}`;
  } catch {
    return null;
  }
}

/** `.git` itself, or where a file `.git` points; null where there is neither. */
async function gitDirOf(fs: FileSystem, path: string): Promise<string | null> {
  try {
    const stats = await fs.lstat(path);
    if (stats.isDirectory() || stats.isSymbolicLink()) return path;
  } catch {
    return null;
  }
  const target = /^gitdir: *(.+)$/.exec((await readLine(fs, path)) ?? '')?.[1];
  return target === undefined ? null : resolve(dirname(path), target);
}

async function readPackedRef(fs: FileSystem, commonDir: string, ref: string): Promise<string | null> {
  const text = await readText(fs, join(commonDir, 'packed-refs'));
  const line = text?.split('\n').find((entry) => entry.endsWith(` ${ref}`));
  return line?.split(' ')[0] ?? null;
}

async function readLine(fs: FileSystem, path: string): Promise<string | null> {
  const line = (await readText(fs, path))?.split('\n')[0]?.trim();
  return line === undefined || line === '' ? null : line;
}

async function readText(fs: FileSystem, path: string): Promise<string | null> {
  const read = await readBytes(fs, path, GIT_FILE_BYTES);
  if (read.kind !== 'bytes') return null;
  const { content } = decode(read.bytes);
  return content.kind === 'text' ? content.text : null;
}
