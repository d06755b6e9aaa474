/**
 * Files of variables: `.env` beside manifests, and what `env_file` names.
 * Owns: their syntax, as Compose reads it. Must not know: which manifest uses it.
 */
import { errorAt, type Finding } from './finding.js';
import { interpolate, type Lookup } from './interpolate.js';

/** One assignment. */
export interface EnvEntry {
  readonly name: string;
  /** Null: taken from the environment. */
  readonly text: string | null;
  /** False in single quotes: the text is taken as it stands. */
  readonly interpolated: boolean;
}

/** A file's assignments, in order, and what could not be read. */
export interface EnvFile {
  readonly path: string;
  readonly entries: readonly EnvEntry[];
  readonly findings: readonly Finding[];
}

const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?:([=:])[ \t]*|(?=\r?\n|$|#))/y;
const BLANK = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const SINGLE = /'([^']*)'[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const DOUBLE = /"((?:\\[\s\S]|[^"\\])*)"[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const BARE = /([^\n]*)(?:\n|$)/y;

/** Reads a `.env`. Never throws. */
export function parseEnvFile(path: string, content: string): EnvFile {
  const text = content.startsWith('\uFEFF') ? content.slice(1) : content;
  const entries: EnvEntry[] = [];
  const findings: Finding[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position += found[0].length;
    return found;
  };
  while (position < text.length) {
    if (take(BLANK) !== null) continue;
    const start = position;
    const assignment = take(ASSIGNMENT);
    const name = assignment?.[1];
    const value =
      name === undefined
        ? null
        : assignment?.[2] === undefined
          ? { text: null, interpolated: false }
          : takeValue(take, text[position]);
    if (name !== undefined && value !== null) {
      entries.push({ name, ...value });
      continue;
    }
    const line = text.slice(0, start).split('\n').length;
    findings.push(errorAt({ line, column: 1 }, 'SYNTAX', NO_ASSIGNMENT));
    break;
  }
  return { path, entries, findings };
}

/** Reads variables that stand as they are: no quotes, no comments behind them, no variables in them. Never throws. */
export function parseRawEnvFile(path: string, content: string): EnvFile {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/);
  const findings: Finding[] = [];
  const entries = lines.flatMap((line, index): readonly EnvEntry[] => {
    if (line.trim() === '' || line.trimStart().startsWith('#')) return [];
    const [, name = '', text = null] = /^\s*([^=\s]+)\s*(?:=([\s\S]*))?$/.exec(line) ?? [];
    if (name === '') findings.push(errorAt({ line: index + 1, column: 1 }, 'SYNTAX', NO_ASSIGNMENT));
    return name === '' ? [] : [{ name, text, interpolated: false }];
  });
  return { path, entries, findings };
}

const NO_ASSIGNMENT = 'expected NAME=text, or a comment';

/** The variables of a file. What `environment` has wins, as in Compose. */
export function expandEnvFile(file: EnvFile, environment: Lookup): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const lookup: Lookup = (name) => environment(name) ?? values.get(name);
  for (const entry of file.entries) {
    if (entry.text === null) continue;
    const result = entry.interpolated ? interpolate(entry.text, lookup) : null;
    values.set(entry.name, result?.kind === 'text' ? result.text : entry.text);
  }
  return values;
}

function takeValue(
  take: (pattern: RegExp) => RegExpExecArray | null,
  first: string | undefined,
): Omit<EnvEntry, 'name'> | null {
  if (first === "'") {
    const quoted = take(SINGLE);
    return quoted === null ? null : { text: quoted[1] ?? '', interpolated: false };
  }
  if (first === '"') {
    const quoted = take(DOUBLE);
    return quoted === null ? null : { text: withoutEscapes(quoted[1] ?? ''), interpolated: true };
  }
  const bare = (take(BARE)?.[1] ?? '').replace(/(^|[ \t])#.*$/, '').trim();
  return { text: bare, interpolated: true };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
  ['$', '$$'],
]);

const withoutEscapes = (text: string): string =>
  text.replace(/\\([\s\S])/g, (whole, letter: string) => ESCAPES.get(letter) ?? whole);
