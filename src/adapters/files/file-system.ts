/**
 * The calls to the operating system that looking at manifests takes.
 * Owns: the narrow interface to node:fs, and the words for its errors. Must not know: what a manifest is.
 */
import type { BigIntStats, Dirent } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink } from 'node:fs/promises';

/** The part of node:fs that is used; tests give one that fails where a real one cannot be made to. */
export interface FileSystem {
  lstat(path: string): Promise<BigIntStats>;
  readdir(path: string): Promise<readonly Dirent[]>;
  readlink(path: string): Promise<string>;
  open(path: string, flags: number): Promise<FileHandle>;
}

/** The machine's own file system. */
export const nodeFileSystem: FileSystem = {
  lstat: (path) => lstat(path, { bigint: true }),
  readdir: (path) => readdir(path, { withFileTypes: true }),
  readlink: (path) => readlink(path),
  open: (path, flags) => open(path, flags),
};

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'the symbolic links go round in a circle',
  ENOENT: 'does not exist',
  ENOTDIR: 'a part of the path is not a directory',
  EIO: 'input/output error',
  ESTALE: 'stale file handle; the network file system was exported anew',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this machine',
  ENAMETOOLONG: 'the path is too long',
};

/** The code of a system error, e.g. `ENOENT`; empty where the error has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** A system error in words without the path, the same on every machine. */
export function describeError(error: unknown): string {
  const code = errorCode(error);
  if (code !== '') return SENTENCES[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}

/** True where the error says that there is nothing at the path. */
export function isAbsence(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

/** What changes whenever the bytes of a file may have: equal stamps before and after mean that nobody wrote. */
export function stampOf(stats: BigIntStats): string {
  return `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

/** What tells one folder from another that later stands at the same path. */
export function identityOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}

/** What a path that is no regular file is, in words. */
export function describeKind(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'is a FIFO, not a regular file';
  if (stats.isSocket()) return 'is a socket, not a regular file';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'is a device, not a regular file';
  if (stats.isDirectory()) return 'is a directory, not a regular file';
  return 'is not a regular file';
}
