/**
 * Variables in texts, as Compose puts them in: `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR:?message}`, `${VAR:+other}`, `$$`.
 * Owns: that little language. Must not know: where variables come from.
 */

/** The value of a variable; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** What became of a text. */
export type Interpolation =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Variables without a value and without a default: they became empty. Sorted as met. */
      readonly missing: readonly string[];
    }
  | { readonly kind: 'bad'; readonly code: 'BAD_VALUE' | 'MISSING_VARIABLE'; readonly message: string };

/** A text may grow to this many characters, so that variables of variables cannot fill the memory. */
const MAX_LENGTH = 1_048_576;
/** Defaults inside of defaults. */
const MAX_DEPTH = 20;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-?+]/y;

interface Reader {
  readonly text: string;
  readonly lookup: Lookup;
  readonly missing: string[];
  position: number;
}

/** Why a text cannot be interpolated; never leaves this file. */
class BadTemplate extends Error {
  override readonly name = 'BadTemplate';
  readonly code: 'BAD_VALUE' | 'MISSING_VARIABLE';
  constructor(code: 'BAD_VALUE' | 'MISSING_VARIABLE', message: string) {
    super(message);
    this.code = code;
  }
}

/** Puts variables into a text. */
export function interpolate(text: string, lookup: Lookup): Interpolation {
  if (!text.includes('$')) return { kind: 'text', text, missing: [] };
  const reader: Reader = { text, lookup, missing: [], position: 0 };
  try {
    const result = readText(reader, { depth: 0, live: true });
    return { kind: 'text', text: result, missing: reader.missing };
  } catch (error) {
    if (error instanceof BadTemplate) return { kind: 'bad', code: error.code, message: error.message };
    throw error;
  }
}

/** Reads up to the end, or to the `}` that closes a variable. `live`: false in a branch that is not taken. */
function readText(reader: Reader, at: { readonly depth: number; readonly live: boolean }): string {
  if (at.depth > MAX_DEPTH) throw new BadTemplate('BAD_VALUE', 'variables are nested too deeply');
  const parts: string[] = [];
  let length = 0;
  while (reader.position < reader.text.length) {
    const dollar = nextStop(reader, at.depth > 0);
    const part = reader.text.slice(reader.position, dollar);
    reader.position = dollar;
    const stop = reader.text[dollar];
    const value = stop === '$' ? part + readVariable(reader, at) : part;
    length += value.length;
    if (length > MAX_LENGTH) throw new BadTemplate('BAD_VALUE', 'variables make this text too long');
    parts.push(value);
    if (stop === '}') break;
  }
  return parts.join('');
}

function nextStop(reader: Reader, nested: boolean): number {
  const dollar = reader.text.indexOf('$', reader.position);
  const brace = nested ? reader.text.indexOf('}', reader.position) : -1;
  const end = dollar === -1 ? reader.text.length : dollar;
  return brace === -1 ? end : Math.min(end, brace);
}

function readVariable(reader: Reader, at: { readonly depth: number; readonly live: boolean }): string {
  const next = reader.text[reader.position + 1];
  if (next === '$') {
    reader.position += 2;
    return '$';
  }
  const braced = next === '{';
  reader.position += braced ? 2 : 1;
  const name = match(reader, NAME);
  if (name === null) throw unreadable();
  if (!braced) return variableOf(reader, name, at.live);
  const operator = match(reader, OPERATOR);
  const result =
    operator === null ? variableOf(reader, name, at.live) : choose(reader, { name, operator, ...at });
  if (reader.text[reader.position] !== '}') throw unreadable();
  reader.position++;
  return result;
}

function choose(
  reader: Reader,
  choice: {
    readonly name: string;
    readonly operator: string;
    readonly depth: number;
    readonly live: boolean;
  },
): string {
  const value = reader.lookup(choice.name);
  const given = choice.operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  const word = choice.operator.at(-1);
  const wanted = word === '+' ? given : !given;
  const other = readText(reader, { depth: choice.depth + 1, live: choice.live && wanted });
  if (word === '+') return given ? other : '';
  if (given) return value ?? '';
  if (word === '?' && choice.live) {
    const reason = other === '' ? 'it must be set' : other;
    throw new BadTemplate('MISSING_VARIABLE', `the variable ${choice.name} is not set: ${reason}`);
  }
  return other;
}

function variableOf(reader: Reader, name: string, live: boolean): string {
  const value = reader.lookup(name);
  if (value === undefined && live) reader.missing.push(name);
  return value ?? '';
}

function match(reader: Reader, pattern: RegExp): string | null {
  pattern.lastIndex = reader.position;
  const found = pattern.exec(reader.text)?.[0] ?? null;
  if (found !== null) reader.position += found.length;
  return found;
}

const unreadable = (): BadTemplate =>
  new BadTemplate(
    'BAD_VALUE',
    `a "$" that begins no variable — write $$ for a dollar, \${NAME} for a variable`,
  );
