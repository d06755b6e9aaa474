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
  const shown = withoutSecretValue(source, isInSecretBlock(lines, line - 1));
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
function withoutSecretValue(source: string, isInBlock: boolean): string {
  if (isInBlock) return `${/^\s*/.exec(source)?.[0] ?? ''}${HIDDEN}`;
  for (const entry of source.matchAll(ENTRY)) {
    const end = entry.index + entry[0].length;
    if (isSecretName(entry[2] ?? '') && end < source.length) return `${source.slice(0, end)}${HIDDEN}`;
  }
  return withoutLogins(source);
}

/** Whether a line belongs to the value of a name that holds a secret, many lines long: one above it is indented less. */
function isInSecretBlock(lines: readonly string[], index: number): boolean {
  let indent = indentOf(lines[index] ?? '');
  for (let above = index - 1; above >= 0 && indent > 0; above -= 1) {
    const line = lines[above] ?? '';
    if (line.trim() === '' || indentOf(line) >= indent) continue;
    indent = indentOf(line);
    const key = /^[\s-]*(["']?)([\w.-]+)\1\s*:/.exec(line)?.[2];
    if (key !== undefined && isSecretName(key)) return true;
  }
  return false;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
