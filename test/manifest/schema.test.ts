/**
 * The JSON Schema as a document for people and editors.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manifestSchema } from '../../src/manifest/generated/manifest-schema.js';
import { problemsOfSpec } from './texts.js';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schemas/manifest.schema.json', import.meta.url), 'utf8'),
);

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

test('every field and every definition has a description', () => {
  const bare = [...walk(schema, '')]
    .filter(
      ([path, node]) =>
        /\/(properties|\$defs)\/[^/]+$/.test(path) &&
        node.description === undefined &&
        node.$ref === undefined,
    )
    .map(([path]) => path);
  expect(bare).toEqual([]);
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
      `6:3: error: spec: field "${field}" is not supported by this version yet — remove it [UNSUPPORTED]`,
    ]);
});
