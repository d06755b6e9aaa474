/**
 * A file that a manifest names and that is no text.
 * Owns: the code and the words for each kind of it. Must not know: who names it, what it is for.
 */
import type { FileContent } from '../model/scan.js';

/** What came of reading such a file. */
type NoText = Exclude<FileContent, { kind: 'text' }>;

/** The code of the problem. */
export function codeOfUnread({ kind }: NoText): 'NOT_UTF8' | 'TOO_LARGE' | 'UNREADABLE' {
  if (kind === 'notUtf8') return 'NOT_UTF8';
  return kind === 'tooLarge' ? 'TOO_LARGE' : 'UNREADABLE';
}

/** What is wrong with it, to be put behind its name. */
export function reasonOfUnread(content: NoText): string {
  if (content.kind === 'notUtf8') return 'is not UTF-8 — save it as UTF-8';
  if (content.kind === 'tooLarge') return `is larger than 1 MiB (${content.bytes} bytes) and is not read`;
  return `cannot be read: ${content.reason}`;
}
