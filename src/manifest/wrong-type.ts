/**
 * A value of another type than the schema wants.
 * Owns: how that reads, and what to do about it. Must not know: what fields mean.
 */
import { quote } from './quote.js';
import type { Path, Tree } from './tree.js';

/** What the schema wants at a place. */
export interface Wanted {
  readonly types: readonly string[];
  readonly schema: Readonly<Record<string, unknown>>;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
};

/** `expected a text, got the number 1.10 — put quotes around it: "1.10"` */
export function describeWrongType(path: Path, wanted: Wanted, found: Tree | null): string {
  // What takes numbers and booleans beside texts takes them as texts.
  const isTextual = wanted.types.includes('string') && wanted.types.includes('boolean');
  const types = isTextual ? ['string'] : wanted.types.filter((type) => type !== 'null');
  const words = types.map((type) => TYPE_WORDS[type] ?? type);
  const last = words.at(-1) ?? '';
  const expected = words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last;
  // JSON Schema's word for what may be a secret: it is not said again.
  if (wanted.schema['writeOnly'] === true) return `expected ${expected}`;
  return `expected ${expected}, got ${describeValue(found)}${mendOf(path, { ...wanted, types }, found)}`;
}

/** A text as the number or boolean that it looks like. */
export function readAs(text: string, types: readonly string[]): number | boolean | undefined {
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const numeric = types.includes('integer') || types.includes('number');
  return numeric && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** ` such as "5s" or "1m30s"`, or nothing. */
export function examplesOf(schema: Readonly<Record<string, unknown>>): string {
  const examples = ((schema['examples'] ?? []) as readonly unknown[])
    .filter((example) => typeof example !== 'object')
    .map((example) => quote(String(example)));
  return examples.length === 0 ? '' : ` such as ${examples.join(' or ')}`;
}

function describeValue(found: Tree | null): string {
  if (found === null) return 'nothing';
  if (found.kind !== 'scalar') return found.kind === 'list' ? 'a list' : 'a mapping';
  if (found.value === null) return 'nothing';
  if (typeof found.value === 'string') return `the text ${quote(found.value)}`;
  return typeof found.value === 'number' ? `the number ${found.source}` : `the boolean ${found.source}`;
}

function mendOf(path: Path, { types, schema }: Wanted, found: Tree | null): string {
  if (found === null) return '';
  if (found.kind !== 'scalar') return mendOfStructure(path, types, found);
  const { value, source } = found;
  if (value === null) return ' — give it a value or remove the field';
  if (typeof value !== 'string' && types.includes('string') && !types.includes('object'))
    return mendOfText(path, schema, source);
  if (typeof value !== 'string' || found.interpolated)
    return types.includes('array') ? ' — write a list, even of one item' : '';
  if (readAs(value, types) !== undefined) return ` — remove the quotes: ${value}`;
  if (types.includes('boolean')) return mendOfBoolean(value);
  if (types.includes('array')) return ` — write a list, even of one item: [${quote(value)}]`;
  return types.includes('object') ? ' — write fields as name: value' : '';
}

/** A number or boolean where a text belongs: in quotes it may be one, or may still mean nothing. */
function mendOfText(path: Path, schema: Readonly<Record<string, unknown>>, source: string): string {
  const pattern = typeof schema['pattern'] === 'string' ? new RegExp(schema['pattern']) : null;
  if (pattern?.test(source) === false)
    return pattern.test(`${source}s`)
      ? ` — add the unit: ${source}s`
      : ` — write a text${examplesOf(schema)}`;
  // In quotes it would be the name of an image, but of none that is meant.
  if (path.length === 2 && path[1] === 'image') return ' — write name:tag, such as "redis:7.4"';
  return ` — put quotes around it: "${source}"`;
}

/** YAML 1.1 took these for booleans. */
function mendOfBoolean(text: string): string {
  if (/^(yes|y|on|1)$/i.test(text)) return ' — write true';
  return /^(no|n|off|0)$/i.test(text) ? ' — write false' : '';
}

/** Fields that are a mapping or a list, and what an item of the list is then. */
const EITHER: Readonly<Record<string, string>> = {
  environment: 'name=text',
  labels: 'name=text',
  depends_on: 'the name alone',
  networks: 'the name alone',
};

function mendOfStructure(
  path: Path,
  types: readonly string[],
  found: Exclude<Tree, { kind: 'scalar' }>,
): string {
  const field = path.at(-2);
  const item = typeof path.at(-1) === 'number' && typeof field === 'string' ? EITHER[field] : undefined;
  if (item !== undefined && found.kind === 'mapping') return ` — write ${item}, or a mapping: without "- "`;
  if (found.kind === 'mapping' && types.includes('array')) return ' — begin each item with "- "';
  if (found.kind === 'mapping') return types.includes('string') ? ' — write one text' : '';
  if (types.includes('object')) return ' — write fields without "- "';
  // What the list holds is not quoted: it may be a secret.
  return types.includes('string') ? ' — write one text, without brackets or "- "' : '';
}
