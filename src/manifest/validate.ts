/**
 * Documents against the JSON Schema.
 * Owns: the validator, and how its errors read. Must not know: what fields mean.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ProblemCode } from '../model/problem.js';
import { manifestSchema } from './generated/manifest-schema.js';
import type { Manifest } from './generated/manifest-types.js';
import { insteadOf, replacementOf } from './instead.js';
import { quote } from './quote.js';
import { didYouMean, nearestTo } from './suggest.js';
import { findTree, mapScalars, type Path, plainOf, renderPath, type Scalar, type Tree } from './tree.js';
import { describeWrongType, examplesOf, readAs } from './wrong-type.js';

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
  const shown = withoutTwice(errors)
    .slice(0, MAX_ERRORS)
    .map((error) => describe(retyped, error));
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

/** A required field that is there, but misspelt, or told to be written in the place of another, is not told to be missing as well. */
function withoutTwice(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const lacking = new Set(
    errors.filter(({ keyword }) => keyword === 'required').map(({ instancePath }) => instancePath),
  );
  const misspelt = new Set(
    errors
      .filter(({ keyword, instancePath }) => keyword === 'additionalProperties' && lacking.has(instancePath))
      .slice(0, MAX_ERRORS)
      .map(({ instancePath, params, parentSchema }) => {
        const field = String(params['additionalProperty']);
        const meant =
          replacementOf(parentSchema?.['title'], field) ?? nearestTo(field, knownFields(parentSchema ?? {}));
        return `${instancePath}/${meant}`;
      }),
  );
  return errors.filter(
    ({ keyword, instancePath, params }) =>
      keyword !== 'required' || !misspelt.has(`${instancePath}/${String(params['missingProperty'])}`),
  );
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
      return at(
        path,
        'WRONG_TYPE',
        describeWrongType(path, { types: typesOf(error), schema }, findTree(tree, path)),
      );
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
    case 'minLength':
      return at(path, 'BAD_VALUE', 'is empty — give it a value or remove the field');
    case 'minimum':
    case 'maximum': {
      const bound = `${error.keyword === 'minimum' ? 'at least' : 'at most'} ${String(params['limit'])}`;
      return at(path, 'BAD_VALUE', `expected ${bound}, got ${String(error.data)}`);
    }
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
    const message = `${where}field "${field}" is not supported by this version yet — ${insteadOf(schema['title'], field)}`;
    return { code: 'UNSUPPORTED', path, message };
  }
  const mend = didYouMean(field, knownFields(schema)) || ' — remove it, or correct its name';
  const message = `${where}unknown field ${quote(field)}${mend}`;
  return { code: 'UNKNOWN_FIELD', path, message };
}

const knownFields = (schema: Readonly<Record<string, unknown>>): readonly string[] => [
  ...Object.keys((schema['properties'] ?? {}) as object),
  ...((schema['x-unsupported'] ?? []) as readonly string[]),
];

function describeConst(path: Path, allowed: unknown, data: unknown): SchemaError {
  if (path.length === 1 && path[0] === 'apiVersion') {
    const message = `this version reads apiVersion: ${String(allowed)}, got ${quote(data)}`;
    return { code: 'UNKNOWN_API_VERSION', path, message };
  }
  return at(path, 'BAD_VALUE', `expected ${String(allowed)}, got ${quote(data)}`);
}

function describePattern(path: Path, schema: Readonly<Record<string, unknown>>, data: unknown): SchemaError {
  if (renderPath(path) === 'metadata.name') {
    const allowed = /: ([^:]+?)\.?$/.exec(String(schema['description'] ?? ''))?.[1];
    const mend = allowed === undefined ? '' : ` — use ${allowed.replaceAll('`', '')}`;
    return at(path, 'BAD_NAME', `not a valid name: ${quote(data)}${mend}`);
  }
  const examples = examplesOf(schema);
  const expected = examples === '' ? '' : ` — write something${examples}`;
  return at(path, 'BAD_VALUE', `not a valid value: ${quote(data)}${expected}`);
}

function describeKind(data: unknown): SchemaError {
  const kinds = ['Service', 'Network', 'Volume', 'Secret', 'Config'];
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

/** Texts for mappings of texts: a number stays as it was written, `1.10` does not become 1.1. */
export function textualScalar(scalar: Scalar): Scalar {
  if (typeof scalar.value !== 'number' && typeof scalar.value !== 'boolean') return scalar;
  const written = typeof scalar.value === 'number' && /^[-+]?\d+(\.\d+)?$/.test(scalar.source);
  return { ...scalar, value: written ? scalar.source : String(scalar.value) };
}
