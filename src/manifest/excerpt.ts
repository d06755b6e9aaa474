/**
 * The line of a file that a problem is about.
 * Owns: the line as it is shown, with a caret below the place, and what of it must not be shown. Must not know: colours.
 */
import { dotted } from '../model/printable.js';
import type { Problem } from '../model/problem.js';
import { HIDDEN, isSecretName, withoutLogins } from '../model/secrets.js';

/** So much of a long line is shown. */
const MAX_COLUMNS = 100;
/** So much of it before the place. */
const COLUMNS_BEFORE = 60;

/**
 * Two lines: the source with its number, and a caret below the column. None where the problem has no place, or the place
 * is not in the text. Values of names that hold secrets are not shown.
 */
export function excerptOf(
  text: string,
  { line, column }: Pick<Problem, 'line' | 'column'>,
): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  const source = line === 0 ? undefined : lines[line - 1];
  if (source === undefined || source.trim() === '') return [];
  const shown = isInSecretDocument(lines, line - 1)
    ? withFieldsAlone(lines, line - 1)
    : withoutSecretValue(lines, line - 1);
  const from = Math.max(0, Math.min(column - 1, shown.length) - COLUMNS_BEFORE);
  const part = dotted(shown.slice(from, from + MAX_COLUMNS));
  const gutter = String(line);
  // A tab is as wide below as it is above.
  const indent = part.slice(0, Math.min(column - 1, shown.length) - from).replace(/[^\t]/g, ' ');
  const cut = (isCut: boolean): string => (isCut ? '…' : ' ');
  return [
    `  ${gutter} |${cut(from > 0)}${part}${cut(from + MAX_COLUMNS < shown.length)}`.trimEnd(),
    `  ${' '.repeat(gutter.length)} | ${indent}^`,
  ];
}

/** `NAME: value`, `- NAME=value`, `"name": value`, several in one line of a flow mapping. */
const ENTRY = /(["']?)([A-Za-z_][\w.-]*)\1\s*[:=]\s*/g;

/** From the value of the first name on that holds a secret all is hidden: where that value ends is not looked for. */
function withoutSecretValue(lines: readonly string[], index: number): string {
  const source = lines[index] ?? '';
  if (isInSecretBlock(lines, index)) return `${/^\s*/.exec(source)?.[0] ?? ''}${HIDDEN}`;
  for (const entry of source.matchAll(ENTRY)) {
    const end = entry.index + entry[0].length;
    if (entry[2] === 'secrets' && source[end] === '[' && isOfSpec(lines, index)) continue;
    if (isSecretName(entry[2] ?? '') && end < source.length) return `${source.slice(0, end)}${HIDDEN}`;
  }
  return withoutLogins(source);
}

const SECRET_KIND = /(?:^|[{,])\s*["']?kind["']?\s*:\s*["']?Secret\b/;
const isBoundary = (line: string | undefined): boolean => line === undefined || line.startsWith('---');

/** Whether a line belongs to a document that declares a secret: whatever it holds instead of a path may be the secret. */
function isInSecretDocument(lines: readonly string[], index: number): boolean {
  for (let above = index; !isBoundary(lines[above]); above -= 1)
    if (SECRET_KIND.test(lines[above] ?? '')) return true;
  for (let below = index + 1; !isBoundary(lines[below]); below += 1)
    if (SECRET_KIND.test(lines[below] ?? '')) return true;
  return false;
}

/** Fields of a secret's document whose values are no secret. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'name', 'file']);
const MAPPINGS: ReadonlySet<string> = new Set(['metadata', 'spec']);

/** From the first value on that may be secret all is hidden; a line that is no field is a part of such a value. */
function withFieldsAlone(lines: readonly string[], index: number): string {
  const source = lines[index] ?? '';
  const entries = [...source.matchAll(ENTRY)];
  if (entries.length === 0 || !isField(lines, index)) return `${/^\s*/.exec(source)?.[0] ?? ''}${HIDDEN}`;
  for (const entry of entries) {
    const [, , name = ''] = entry;
    const end = entry.index + entry[0].length;
    const isMapping = MAPPINGS.has(name) && (source[end] === '{' || end === source.length);
    if (OPEN_FIELDS.has(name) || isMapping || end === source.length) continue;
    return `${source.slice(0, end)}${HIDDEN}`;
  }
  return source;
}

/** Whether a line belongs to the value of a name that holds a secret, many lines long: one above it is indented less. */
function isInSecretBlock(lines: readonly string[], index: number): boolean {
  let item = lines[index] ?? '';
  let indent = indentOf(item);
  for (let above = index - 1; above >= 0 && indent > 0; above -= 1) {
    const line = lines[above] ?? '';
    if (line.trim() === '' || indentOf(line) >= indent) continue;
    indent = indentOf(line);
    const key = /^[\s-]*(["']?)([\w.-]+)\1\s*:/.exec(line)?.[2];
    const isListOfNames = key === 'secrets' && item.trimStart().startsWith('-') && isOfSpec(lines, above);
    if (key !== undefined && isSecretName(key) && !isListOfNames) return true;
    item = line;
  }
  return false;
}

/** Whether a line is a field of `spec`: `secrets` there is a list of names, which are no secret. */
const isOfSpec = (lines: readonly string[], index: number): boolean =>
  parentOf(lines, index)?.trimEnd() === 'spec:';

/** Whether a line of a secret's document is one of its own fields, or one of `metadata` and `spec`. */
function isField(lines: readonly string[], index: number): boolean {
  const parent = parentOf(lines, index);
  return parent === null || /^\s*(?:["']?(?:metadata|spec)["']?\s*:\s*)?\{?\s*$/.test(parent);
}

/** The nearest line above that is indented less; null: none is. */
function parentOf(lines: readonly string[], index: number): string | null {
  const indent = indentOf(lines[index] ?? '');
  for (let above = index - 1; above >= 0; above -= 1) {
    const line = lines[above] ?? '';
    if (line.trim() !== '' && indentOf(line) < indent) return line;
  }
  return null;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
