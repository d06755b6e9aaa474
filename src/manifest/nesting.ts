/**
 * How deep a text is nested, found before it is parsed.
 * Owns: the bound. Must not know: values.
 *
 * The YAML parser recurses, and a stack that overflows inside of a regular expression ends the whole process. The lexer
 * does not recurse.
 */
import { Lexer } from 'yaml';

/** Brackets, and dashes and keys of one line, around a value. */
const MAX_NESTED = 100;
/** Columns before the first word of a line: a level of indentation takes at least one. */
const MAX_INDENT = 250;

/** Marks the next token as a scalar. */
const SCALAR = '\u001f';
/** Begins a document; stands for no text. */
const DOCUMENT = '\u0002';
/** Ends a flow collection early; stands for no text. */
const FLOW_END = '\u0018';

/** Where a text first becomes nested too deeply; null when it never does. */
export function findDeepNesting(text: string): number | null {
  let offset = 0;
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
    if (!isScalar) {
      if (token === '[' || token === '{') brackets++;
      else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
      else if (token === '-' || token === '?' || token === ':') indicators++;
      else if (token === ',' || (token.endsWith('\n') && brackets === 0)) indicators = 0;
      else if (token === '---' || token === '...') brackets = 0;
      else if (
        isLineStart &&
        brackets === 0 &&
        isIndent(token) &&
        token.length > MAX_INDENT &&
        isStructure(text, offset + token.length)
      )
        return offset + token.length;
      if (brackets + indicators > MAX_NESTED) return offset;
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
