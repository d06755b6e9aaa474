/**
 * What the YAML parser complains of, as people make these mistakes.
 * Owns: the sentence and the place of each syntax error, and which follow from another one. Must not know: fields.
 */
import { type Document, isCollection, isScalar, type ParsedNode, visit, type YAMLParseError } from 'yaml';
import { errorAt, type Finding } from './finding.js';
import type { Place } from './tree.js';

/** Where syntax errors are looked for. */
export interface Source {
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
}

interface Told {
  readonly offset: number;
  readonly message: string;
}

/** The syntax errors of one document, each place once, tabs once for all. */
export function syntaxFindings(
  document: Document.Parsed<ParsedNode>,
  { text, placeAt }: Source,
): readonly Finding[] {
  const tabs = document.errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  const told = document.errors
    .filter((error) => error.code !== 'TAB_AS_INDENT' || error === tabs[0])
    .map((error) => (error === tabs[0] ? tellTabs(error, tabs.length) : tell(error, document, text)));
  const first = new Map<number, Told>();
  for (const each of told) if (!first.has(each.offset)) first.set(each.offset, each);
  return [...first.values()].map(({ offset, message }) =>
    errorAt(placeAt(offset), 'SYNTAX', `not valid YAML: ${message}`),
  );
}

const tellTabs = (error: YAMLParseError, lines: number): Told => ({
  offset: error.pos[0],
  message: `a tab as indentation — write spaces${lines > 1 ? ` (${lines} lines begin with a tab)` : ''}`,
});

function tell(error: YAMLParseError, document: Document.Parsed<ParsedNode>, text: string): Told {
  const [offset] = error.pos;
  switch (error.code) {
    case 'MISSING_CHAR':
    case 'BAD_INDENT': {
      const opening = unclosedAt(document, offset, text);
      if (opening !== null)
        return { offset: opening, message: `${text[opening]} is opened and never closed — close it` };
      if (error.code === 'MISSING_CHAR') return { offset, message: NO_COLON };
      const message = 'this line fits neither the fields nor the list above it — align it with them';
      return { offset: firstCharacter(text, offset), message };
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return tellKey(error, text);
    case 'BAD_SCALAR_START':
      return { offset, message: `no value can begin with ${text[offset]} — put quotes around it` };
    default:
      // What follows the colon quotes the file, which may hold secrets.
      return { offset, message: error.message.replace(/: ".*$/s, '') };
  }
}

const NO_COLON = 'expected name: value — write a colon and a space behind the name';

/** Something like a field where none can be: in the value of another one. */
function tellKey({ code, pos: [offset] }: YAMLParseError, text: string): Told {
  const lineEnd = text.indexOf('\n', offset);
  const rest = text.slice(offset, lineEnd === -1 ? undefined : lineEnd);
  if (/:(\s|$)/.test(rest)) return { offset, message: 'a value with a colon — put quotes around it' };
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (lineEnd === -1 || !/:\s+$/.test(before)) return { offset, message: NO_COLON };
  const message = `${code === 'BLOCK_AS_IMPLICIT_KEY' ? 'this line is' : 'these lines are'} indented deeper than the field above — align it`;
  return { offset: firstCharacter(text, lineEnd + 1), message };
}

/** Where the innermost quote or bracket begins that ends here for want of its closing one; null when none does. */
function unclosedAt(document: Document.Parsed<ParsedNode>, end: number, text: string): number | null {
  let found: number | null = null;
  visit(document, (_, node) => {
    const isOpened =
      (isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')) ||
      (isCollection(node) && node.flow === true);
    if (!isOpened || node.range === undefined || node.range === null || node.range[1] !== end) return;
    const [start] = node.range;
    if (end - start < 2 || text[end - 1] !== CLOSING.get(text[start] ?? '')) found = start;
  });
  return found;
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['[', ']'],
  ['{', '}'],
  ['"', '"'],
  ["'", "'"],
]);

function firstCharacter(text: string, offset: number): number {
  const spaces = /[ \t\r\n]*/y;
  spaces.lastIndex = offset;
  return offset + (spaces.exec(text)?.[0].length ?? 0);
}
