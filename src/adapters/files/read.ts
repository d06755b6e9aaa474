/**
 * Reading one file without ever waiting for it.
 * Owns: bytes → text, and the reasons why not. Must not know: which files are manifests.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { FileContent } from '../../model/scan.js';
import { describeError, describeKind, type FileSystem, isAbsence, stampOf } from './file-system.js';

/** What came of reading the bytes of a path. */
export type BytesRead =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly stamp: string }
  | { readonly kind: 'tooLarge'; readonly size: number; readonly stamp: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file as it is handed on. */
export interface ReadFile {
  readonly content: FileContent;
  /** Identity of the content in the digest: of the bytes, or of the kind of failure. */
  readonly mark: string;
  /** Hex sha256 of the bytes; null: they were not read. */
  readonly digest: string | null;
  /** Bytes that were taken in. */
  readonly size: number;
}

// A FIFO without a writer would block the open for ever; a terminal would become ours.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Reads a regular file of at most `maxBytes`; settles with the reason where it cannot. */
export async function readBytes(fs: FileSystem, path: string, maxBytes: number): Promise<BytesRead> {
  let handle: FileHandle;
  try {
    handle = await fs.open(path, FLAGS);
  } catch (error) {
    return isAbsence(error) ? { kind: 'absent' } : { kind: 'unreadable', reason: describeError(error) };
  }
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) return { kind: 'unreadable', reason: describeKind(stats) };
    if (stats.size > BigInt(maxBytes)) {
      return { kind: 'tooLarge', size: Number(stats.size), stamp: stampOf(stats) };
    }
    // One more than it should have, to see that it has no more; files of /proc say 0 and have some.
    const bytes = await readUpTo(handle, Number(stats.size) + 1, maxBytes + 1);
    const after = await handle.stat({ bigint: true });
    if (bytes.length > maxBytes) return { kind: 'tooLarge', size: bytes.length, stamp: stampOf(after) };
    return { kind: 'bytes', bytes, stamp: stampOf(after) };
  } catch (error) {
    return { kind: 'unreadable', reason: describeError(error) };
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** Bytes → content: UTF-8 without its byte order mark, or `notUtf8`. */
export function decode(bytes: Buffer): ReadFile {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const size = bytes.length;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { content: { kind: 'text', text }, mark: `text:${digest}`, digest, size };
  } catch {
    return { content: { kind: 'notUtf8' }, mark: `notUtf8:${digest}`, digest, size };
  }
}

/** A file that was not read because of its size. Its mark leaves the size out: a growing log changes no digest. */
export function tooLarge(bytes: number): ReadFile {
  return { content: { kind: 'tooLarge', bytes }, mark: 'tooLarge', digest: null, size: 0 };
}

/** A file that could not be read. Its mark leaves the reason out, which may differ between machines. */
export function unreadable(reason: string): ReadFile {
  return { content: { kind: 'unreadable', reason }, mark: 'unreadable', digest: null, size: 0 };
}

async function readUpTo(handle: FileHandle, expected: number, most: number): Promise<Buffer> {
  let buffer = Buffer.alloc(Math.min(expected, most));
  let length = 0;
  for (;;) {
    if (length === buffer.length) {
      if (length >= most) return buffer;
      buffer = Buffer.concat([buffer], Math.min(Math.max(length * 2, 4096), most));
    }
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
}
