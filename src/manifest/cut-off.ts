/**
 * Files that are only the beginning of what they were: half written, or cut by a full disk.
 * Owns: when a text counts as cut off. Must not know: what is done about the services that it held.
 */
import type { DeclarationKey, ParsedFile, ParsedManifests } from './parse.js';

/** What is known of a file from before. */
interface Before {
  readonly held: ReadonlySet<DeclarationKey>;
  readonly text: string;
}

/**
 * Marks as `cut` each file that begins as it did, ends early, and lacks something that it declared. YAML cannot tell
 * such a file from a whole one: a cut between two documents is valid.
 *
 * Invariant: no prefix of a valid file ever takes a service away.
 */
export function withCutOffs(
  parsed: ParsedManifests,
  before: ReadonlyMap<string, Before>,
  texts: ReadonlyMap<string, string>,
): ParsedManifests {
  const isCutOff = (file: ParsedFile): boolean => {
    const memory = before.get(file.path);
    const text = texts.get(file.path);
    if (file.state === 'cut' || memory === undefined || text === undefined) return false;
    return isBeginningOf(text, memory.text) && lacksAny(memory.held, file);
  };
  const cutOff = parsed.files.filter(isCutOff);
  if (cutOff.length === 0) return parsed;
  return {
    ...parsed,
    files: parsed.files.map((file) => (cutOff.includes(file) ? { ...file, state: 'cut' } : file)),
    problems: [
      ...parsed.problems,
      ...cutOff.map(({ path }) => ({ ...CUT_OFF, file: path, line: 0, column: 0, service: null })),
    ],
  };
}

const CUT_OFF = {
  code: 'CUT_OFF',
  severity: 'error',
  message:
    'the file is only the beginning of what it was, as if cut off while it was written: write it whole, or, if its ' +
    'end is meant to go, change anything before that too (a comment will do)',
} as const;

function isBeginningOf(text: string, before: string): boolean {
  const beginning = text.trimEnd();
  return beginning.length < before.trimEnd().length && before.startsWith(beginning);
}

function lacksAny(held: ReadonlySet<DeclarationKey>, file: ParsedFile): boolean {
  const holds = new Set(file.documents.map((document) => document.key));
  return [...held].some((key) => !holds.has(key));
}
