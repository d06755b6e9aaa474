/**
 * The JSON Schema as a document for people and editors.
 */
import { expect, test } from 'vitest';
import { manifestSchema } from '../../src/manifest/generated/manifest-schema.js';
import { isAllowedBy, type SchemaNode, publishedSchema as schema } from './published-schema.js';
import { problemsOfSpec } from './texts.js';

/** Every schema below a value, with its path. */
function* walk(
  value: unknown,
  path: string,
): Generator<readonly [string, Readonly<Record<string, unknown>>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Readonly<Record<string, unknown>>];
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${path}/${key}`);
}

test('the schema in the program is the published one', () => {
  expect(manifestSchema).toEqual(schema);
});

/** Every field and every definition, with its path; what is said beside a reference wins over what is said there. */
const fields: readonly (readonly [string, SchemaNode])[] = [...walk(schema, '')]
  .filter(([path]) => /\/(properties|\$defs)\/[^/]+$/.test(path))
  .map(([path, { $ref, ...own }]) => [
    path,
    { ...(typeof $ref === 'string' ? schema.$defs[$ref.replace('#/$defs/', '')] : {}), ...own },
  ]);

test('contract 1: every field and every definition has a description', () => {
  expect(fields.length).toBeGreaterThan(100);
  expect(
    fields.filter(([, { description }]) => typeof description !== 'string').map(([path]) => path),
  ).toEqual([]);
});

test('contract 1: every field and every definition shows a value: examples, else its default, its words or its only value', () => {
  const SHOWN = ['examples', 'default', 'enum', 'const'];
  expect(fields.filter(([, node]) => !SHOWN.some((word) => word in node)).map(([path]) => path)).toEqual([]);
});

test('contract 1: every example and every default is a value that its field may have', () => {
  const wrong = fields.flatMap(([path, node]) => {
    const { examples = [], default: byDefault, ...rest } = node;
    const shown = [...(examples as readonly unknown[]), ...('default' in node ? [byDefault] : [])];
    return shown
      .filter((value) => !isAllowedBy(rest, value))
      .map((value) => `${path}: ${JSON.stringify(value)}`);
  });
  expect(wrong).toEqual([]);
});

test('every mapping of named fields is closed but for extensions', () => {
  const open = [...walk(schema, '')]
    .filter(
      ([, node]) =>
        typeof node.properties === 'object' &&
        Array.isArray(node.properties) === false &&
        node.type !== undefined,
    )
    .filter(
      ([, node]) =>
        node.additionalProperties !== false || JSON.stringify(node.patternProperties) !== '{"^x-":{}}',
    )
    .map(([path]) => path);
  expect(open).toEqual([]);
});

test('every field of the Compose specification that is not read is named as such', () => {
  const unsupported = [...walk(schema, '')].find(([path]) => path === '/$defs/ServiceSpec')?.[1][
    'x-unsupported'
  ] as readonly string[];
  expect(unsupported.length).toBeGreaterThan(50);
  for (const field of unsupported)
    expect(problemsOfSpec(`${field}: {}`)).toEqual([
      expect.stringMatching(
        `^6:3: error: spec: field "${field}" is not supported by this version yet — .+ \\[UNSUPPORTED\\]$`,
      ),
    ]);
});
