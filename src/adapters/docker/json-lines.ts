/**
 * Decodes a stream of JSON values, one a line, as Docker sends events and pull progress.
 * Owns: cutting bytes into lines, with a bound. Must not know: what the values mean.
 */
import { parseJson } from './json.js';

/** Longest line that is kept, in bytes. A longer one is dropped whole. */
export const MAX_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

/** Takes bytes as they come; calls back once for each whole value. */
export interface JsonLines {
  push(chunk: Uint8Array): void;
}

/**
 * Creates a decoder. Bytes are joined before they are decoded, so that a character cut in two is whole again.
 * Lines that are no JSON and lines over the bound are dropped: both streams carry hints, never facts.
 */
export function createJsonLines(onValue: (value: unknown) => void, maxBytes = MAX_LINE_BYTES): JsonLines {
  let parts: Uint8Array[] = [];
  let length = 0;
  let dropping = false;

  function keep(part: Uint8Array): void {
    length += part.length;
    if (dropping || length > maxBytes) {
      dropping = true;
      parts = [];
      return;
    }
    if (part.length > 0) parts.push(part);
  }

  function endLine(): void {
    const text = dropping ? '' : Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    length = 0;
    dropping = false;
    if (text === '') return;
    const value = parseJson(text);
    if (value !== undefined) onValue(value);
  }

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        keep(chunk.subarray(start, end));
        endLine();
        start = end + 1;
      }
      keep(chunk.subarray(start));
    },
  };
}
