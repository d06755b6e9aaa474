/**
 * Documents against the JSON Schema.
 * Owns: the validator, and how its errors read. Must not know: what fields mean.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ProblemCode } from '../model/problem.js';
import { manifestSchema } from './generated/manifest-schema.js';
import type { Manifest } from './generated/manifest-types.js';
import { didYouMean } from './suggest.js';
import { findTree, mapScalars, type Path, plainOf, renderPath, type Scalar, type Tree } from './tree.js';

/** One thing that the schema forbids. */
export interface SchemaError {
  readonly code: ProblemCode;
  /** Where: of an unknown field the field itself. */
  readonly path: Path;
  readonly message: string;
}

/** A typed document, or why it is none. */
export type Validation =
  | { readonly kind: 'valid'; readonly manifest: Manifest; readonly tree: Tree }
  | { readonly kind: 'invalid'; readonly errors: readonly SchemaError[] };

/** More errors than this are not looked at; far more than are ever shown. */
const MAX_ERRORS = 200;

let compiled: ValidateFunction | null = null;

/** Checks a document. Texts that a variable was put into may stand for numbers and booleans where those are wanted. */
export function validateManifest(tree: Tree): Validation {
  const first = validateOnce(tree);
  if (first === null) return valid(tree);
  const retyped = retype(tree, first);
  const errors = retyped === tree ? first : validateOnce(retyped);
  if (errors === null) return valid(retyped);
  const shown = errors.slice(0, MAX_ERRORS).map((error) => describe(retyped, error));
  const foreignVersion = shown.filter((error) => error.code === 'UNKNOWN_API_VERSION');
  return { kind: 'invalid', errors: foreignVersion.length > 0 ? foreignVersion : shown };
}

const valid = (tree: Tree): Validation => ({ kind: 'valid', manifest: plainOf(tree) as Manifest, tree });

function validateOnce(tree: Tree): readonly ErrorObject[] | null {
  compiled ??= new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    discriminator: true,
    strict: true,
    strictRequired: false,
    verbose: true,
    logger: false,
    keywords: ['x-unsupported'],
  }).compile(manifestSchema);
  return compiled(plainOf(tree)) ? null : (compiled.errors ?? []);
}

function retype(tree: Tree, errors: readonly ErrorObject[]): Tree {
  const wanted = new Map<string, readonly string[]>();
  for (const error of errors)
    if (error.keyword === 'type') wanted.set(renderPath(pathOf(tree, error)), typesOf(error));
  if (wanted.size === 0) return tree;
  let changed = false;
  const result = mapScalars(tree, [], (scalar, path) => {
    const types = scalar.interpolated ? wanted.get(renderPath(path)) : undefined;
    const value = types === undefined ? undefined : readAs(String(scalar.value), types);
    if (value === undefined) return scalar;
    changed = true;
    return { ...scalar, value };
  });
  return changed ? result : tree;
}

function readAs(text: string, types: readonly string[]): number | boolean | undefined {
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const numeric = types.includes('integer') || types.includes('number');
  return numeric && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function describe(tree: Tree, error: ErrorObject): SchemaError {
  const path = pathOf(tree, error);
  const schema = (error.parentSchema ?? {}) as Readonly<Record<string, unknown>>;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
      return describeExtraField(path, String(params['additionalProperty']), schema);
    case 'required':
      return at(path, 'MISSING_FIELD', `missing field "${String(params['missingProperty'])}"`);
    case 'type':
      return describeType(path, { types: typesOf(error), schema }, findTree(tree, path));
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const near = typeof error.data === 'string' ? didYouMean(error.data, allowed) : '';
      return at(path, 'BAD_VALUE', `expected one of ${allowed.join(', ')}, got ${quote(error.data)}${near}`);
    }
    case 'const':
      return describeConst(path, params['allowedValue'], error.data);
    case 'pattern':
      return describePattern(path, schema, error.data);
    case 'discriminator':
      return describeKind(error.data);
    default:
      return at(path, 'BAD_VALUE', `${error.message ?? 'not allowed'}, got ${quote(error.data)}`);
  }
}

function at(path: Path, code: ProblemCode, text: string): SchemaError {
  return { code, path, message: path.length === 0 ? text : `${renderPath(path)}: ${text}` };
}

function describeExtraField(
  parent: Path,
  field: string,
  schema: Readonly<Record<string, unknown>>,
): SchemaError {
  const unsupported = (schema['x-unsupported'] ?? []) as readonly string[];
  const where = parent.length === 0 ? '' : `${renderPath(parent)}: `;
  const path = [...parent, field];
  if (unsupported.includes(field)) {
    const message = `${where}field "${field}" is not supported by this version yet — remove it`;
    return { code: 'UNSUPPORTED', path, message };
  }
  const known = [...Object.keys((schema['properties'] ?? {}) as object), ...unsupported];
  const message = `${where}unknown field ${quote(field)}${didYouMean(field, known)}`;
  return { code: 'UNKNOWN_FIELD', path, message };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
};

interface Wanted {
  readonly types: readonly string[];
  readonly schema: Readonly<Record<string, unknown>>;
}

function describeType(path: Path, wanted: Wanted, found: Tree | null): SchemaError {
  const words = wanted.types.filter((type) => type !== 'null').map((type) => TYPE_WORDS[type] ?? type);
  const last = words.at(-1) ?? '';
  const expected = words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last;
  return at(path, 'WRONG_TYPE', `expected ${expected}, got ${describeValue(found)}${mendOf(wanted, found)}`);
}

function mendOf({ types, schema }: Wanted, found: Tree | null): string {
  if (found?.kind !== 'scalar') return '';
  const { value } = found;
  if (value === null) return ' — give it a value or remove the field';
  const pattern = typeof schema['pattern'] === 'string' ? new RegExp(schema['pattern']) : null;
  if (typeof value !== 'string' && types.includes('string') && !types.includes('object'))
    return pattern?.test(found.source) === false
      ? ` — write a text${examplesOf(schema)}`
      : ` — put quotes around it: "${found.source}"`;
  const unquoted = typeof value === 'string' && !found.interpolated && readAs(value, types) !== undefined;
  return unquoted ? ` — remove the quotes: ${value}` : '';
}

/** ` such as "5s" or "1m30s"`, or nothing. */
function examplesOf(schema: Readonly<Record<string, unknown>>): string {
  const examples = ((schema['examples'] ?? []) as readonly unknown[]).map((example) =>
    quote(String(example)),
  );
  return examples.length === 0 ? '' : ` such as ${examples.join(' or ')}`;
}

function describeValue(found: Tree | null): string {
  if (found === null) return 'nothing';
  if (found.kind !== 'scalar') return found.kind === 'list' ? 'a list' : 'a mapping';
  if (found.value === null) return 'nothing';
  if (typeof found.value === 'string') return `the text ${quote(found.value)}`;
  return typeof found.value === 'number' ? `the number ${found.source}` : `the boolean ${found.source}`;
}

function describeConst(path: Path, allowed: unknown, data: unknown): SchemaError {
  if (path.length === 1 && path[0] === 'apiVersion') {
    const message = `this version reads apiVersion: ${String(allowed)}, got ${quote(data)}`;
    return { code: 'UNKNOWN_API_VERSION', path, message };
  }
  return at(path, 'BAD_VALUE', `expected ${String(allowed)}, got ${quote(data)}`);
}

function describePattern(path: Path, schema: Readonly<Record<string, unknown>>, data: unknown): SchemaError {
  if (renderPath(path) === 'metadata.name') {
    const text = `not a valid name: ${quote(data)} — ${String(schema['description'] ?? '')}`;
    return at(path, 'BAD_NAME', text.replace(/\.$/, ''));
  }
  const examples = examplesOf(schema);
  const expected = examples === '' ? '' : ` — write something${examples}`;
  return at(path, 'BAD_VALUE', `not a valid value: ${quote(data)}${expected}`);
}

function describeKind(data: unknown): SchemaError {
  const kinds = ['Service', 'Network', 'Volume'];
  const kind = typeof data === 'object' && data !== null && 'kind' in data ? data.kind : undefined;
  if (kind === undefined || kind === null) return at([], 'MISSING_FIELD', 'missing field "kind"');
  if (typeof kind !== 'string') return at(['kind'], 'WRONG_TYPE', 'expected a text');
  const message = `kind: expected ${kinds.join(', ')}, got ${quote(kind)}${didYouMean(kind, kinds)}`;
  return { code: 'UNKNOWN_KIND', path: ['kind'], message };
}

function pathOf(tree: Tree, error: ErrorObject): Path {
  const path: (string | number)[] = [];
  for (const raw of error.instancePath.split('/').slice(1)) {
    const name = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(findTree(tree, path)?.kind === 'list' ? Number(name) : name);
  }
  return path;
}

function typesOf(error: ErrorObject): readonly string[] {
  const type: unknown = error.params['type'];
  return Array.isArray(type) ? type.map(String) : [String(type)];
}

/** A value as it is told to people: short, in quotes. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;
}

/** Texts for mappings of texts: a number stays as it was written, `1.10` does not become 1.1. */
export function textualScalar(scalar: Scalar): Scalar {
  if (typeof scalar.value !== 'number' && typeof scalar.value !== 'boolean') return scalar;
  const written = typeof scalar.value === 'number' && /^[-+]?\d+(\.\d+)?$/.test(scalar.source);
  return { ...scalar, value: written ? scalar.source : String(scalar.value) };
}
