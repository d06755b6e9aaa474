/**
 * How deep and how long the documents of a text are, found before it is parsed.
 * Owns: the bounds. Must not know: values.
 *
 * The YAML parser recurses, and a stack that overflows inside of a regular expression ends the whole process. What it
 * makes of one document takes up to 500 bytes a token, which no machine for this program has for a MiB of colons. The
 * lexer does not recurse, and keeps nothing.
 */
import { Lexer } from 'yaml';

/** Brackets, and dashes and keys of one line, around a value. */
const MAX_NESTED = 100;
/** Columns before the first word of a line: a level of indentation takes at least one. */
const MAX_INDENT = 250;

/** Of one document: 12,000 lines of ordinary YAML have as many, and the parser takes less than 64 MiB for them. */
const MAX_TOKENS = 100_000;

/** Marks the next token as a scalar. */
const SCALAR = '\u001f';
/** Begins a document; stands for no text. */
const DOCUMENT = '\u0002';
/** Ends a flow collection early; stands for no text. */
const FLOW_END = '\u0018';

/** What no manifest needs, and where it begins. */
export interface Excess {
  readonly offset: number;
  readonly code: 'SYNTAX' | 'TOO_LARGE';
  readonly message: string;
}

const tooDeep = (offset: number): Excess => ({
  offset,
  code: 'SYNTAX',
  message: 'nested too deeply — no manifest needs that',
});

const tooLong = (offset: number): Excess => ({
  offset,
  code: 'TOO_LARGE',
  message: `one document of more than ${MAX_TOKENS.toLocaleString('en-US')} words and signs — split it`,
});

/** Where a text first becomes nested too deeply or one of its documents too long; null when it never does. */
export function findExcess(text: string): Excess | null {
  let offset = 0;
  let documentOffset = 0;
  let tokens = 0;
  let brackets = 0;
  let indicators = 0;
  let isLineStart = true;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token === SCALAR || token === DOCUMENT || token === FLOW_END) {
      isScalar = token === SCALAR;
      if (token === FLOW_END) brackets = 0;
      continue;
    }
    if (!isScalar && (token === '---' || token === '...')) {
      brackets = 0;
      documentOffset = offset;
      tokens = 0;
    }
    if (++tokens > MAX_TOKENS) return tooLong(documentOffset);
    if (!isScalar) {
      if (token === '[' || token === '{') brackets++;
      else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
      else if (token === '-' || token === '?' || token === ':') indicators++;
      else if (token === ',' || (token.endsWith('\n') && brackets === 0)) indicators = 0;
      else if (
        isLineStart &&
        brackets === 0 &&
        isIndent(token) &&
        token.length > MAX_INDENT &&
        isStructure(text, offset + token.length)
      )
        return tooDeep(offset + token.length);
      if (brackets + indicators > MAX_NESTED) return tooDeep(offset);
    }
    isLineStart = !isScalar && token.endsWith('\n');
    isScalar = false;
    offset += token.length;
  }
  return null;
}

const isIndent = (token: string): boolean => token.startsWith(' ');

/** Blank and comment lines may stand anywhere. */
const isStructure = (text: string, offset: number): boolean => !'#\r\n'.includes(text[offset] ?? '\n');
