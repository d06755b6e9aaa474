/**
 * Documents drawn from the schema itself, so that a new field is drawn as soon as it is described.
 * Owns: the grammar, and changing one place of a document. Must not know: which documents are good.
 */
import fc from 'fast-check';
import type { SchemaNode } from './published-schema.js';

/** Fields beside the required ones that one mapping has at most: more would seldom be good together. */
const MAX_FIELDS = 4;

type Definitions = Readonly<Record<string, SchemaNode>>;

/** One drawing for each kind of document. */
export function documentsFrom(schema: SchemaNode): readonly fc.Arbitrary<unknown>[] {
  const definitions = schema.$defs as Definitions;
  return (schema.oneOf as readonly SchemaNode[]).map((node) => drawValue(node, definitions));
}

function resolve({ $ref, ...own }: SchemaNode, definitions: Definitions): SchemaNode {
  return typeof $ref === 'string' ? { ...definitions[$ref.replace('#/$defs/', '')], ...own } : own;
}

/** A value that the schema shows, or one put together from its fields. */
function drawValue(given: SchemaNode, definitions: Definitions): fc.Arbitrary<unknown> {
  const node = resolve(given, definitions);
  if ('const' in node) return fc.constant(node.const);
  const shown = [
    ...((node.examples ?? []) as readonly unknown[]),
    ...((node.enum ?? []) as readonly unknown[]),
    ...('default' in node ? [node.default] : []),
  ];
  const drawn: fc.Arbitrary<unknown>[] = shown.length === 0 ? [] : [fc.constantFrom(...shown)];
  if (node.properties !== undefined) drawn.push(drawMapping(node, definitions));
  return fc.oneof(...drawn);
}

function drawMapping(node: SchemaNode, definitions: Definitions): fc.Arbitrary<unknown> {
  const properties = node.properties as Definitions;
  const required = (node.required ?? []) as readonly string[];
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  return fc
    .subarray(optional, { maxLength: Math.min(MAX_FIELDS, optional.length) })
    .chain((names) =>
      fc.record(
        Object.fromEntries(
          [...required, ...names].map((name) => [name, drawValue(properties[name] ?? {}, definitions)]),
        ),
      ),
    );
}

/** What stands in the place of something else. */
const OTHERS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  70_000,
  1e21,
  '',
  'a',
  'A b',
  '5s',
  '80:80',
  '-1',
  'true',
  [],
  ['a'],
  [1],
  [null],
  {},
  { a: 'b' },
  { a: 1 },
  { 'x-a': 1 },
];

type Path = readonly (string | number)[];

/** Changes one place of a document: another value there, nothing there, one field more, one field by another name. */
export function mutationOf(schema: SchemaNode): fc.Arbitrary<(document: unknown) => unknown> {
  const definitions = schema.$defs as Definitions;
  const names = ['x-more', 'prots', 'toString', 'constructor', '', ...namesOf(definitions)];
  const value = fc.constantFrom(...OTHERS);
  return fc
    .record({ place: fc.nat(), kind: fc.nat(4), value, name: fc.constantFrom(...names) })
    .map(({ place, kind, value: other, name }) => (document: unknown): unknown => {
      const paths = pathsOf(document);
      const path = paths[place % paths.length] ?? [];
      if (kind === 0) return changeAt(document, path, () => undefined);
      if (kind === 1) return changeAt(document, path, (old) => [old]);
      if (kind === 2)
        return changeAt(document, path, (old) => (isMapping(old) ? { ...old, [name]: other } : other));
      return changeAt(document, path, (old) => (kind === 3 && typeof old !== 'object' ? `${old}` : other));
    });
}

/** Fields that are known somewhere, also those that are not supported. */
const namesOf = (definitions: Definitions): readonly string[] =>
  Object.values(definitions).flatMap((node) => [
    ...Object.keys((node.properties ?? {}) as object),
    ...((node['x-unsupported'] ?? []) as readonly string[]),
  ]);

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every place below the document itself, but the one by which it is known as ours. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    return below.join() === 'apiVersion' ? [] : [below, ...pathsOf(inner, below)];
  });
}

/** A copy with another value at a path; `undefined` takes it away. */
function changeAt(value: unknown, path: Path, change: (old: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => {
      const changed = index === step ? changeAt(item, rest, change) : item;
      return changed === undefined ? [] : [changed];
    });
  if (!isMapping(value)) return value;
  const changed = changeAt(value[step], rest, change);
  const { [step]: _, ...others } = value;
  return changed === undefined ? others : { ...others, [step]: changed };
}
