/**
 * The published schema as editors apply it: by itself, without the keywords of our own.
 * Owns: its verdict over documents, and that this is the program's. Must not know: how the program checks.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Problem } from '../../src/model/problem.js';

/** One schema or a part of one. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** schemas/manifest.schema.json. */
export const publishedSchema = JSON.parse(
  readFileSync(new URL('../../schemas/manifest.schema.json', import.meta.url), 'utf8'),
) as SchemaNode & { readonly $defs: Readonly<Record<string, SchemaNode>> };

const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });
const takes = ajv.compile(publishedSchema);

/** Whether an editor would leave a document alone. */
export const isTakenBySchema = (document: unknown): boolean => takes(document);

/** Whether a value is allowed at a part of the schema. */
export const isAllowedBy = (node: SchemaNode, value: unknown): boolean =>
  ajv.compile({ $defs: publishedSchema.$defs, ...node })(value);

/** Problems that only the schema finds: what it takes has none of them. */
export const SCHEMA_CODES: readonly Problem['code'][] = [
  'BAD_NAME',
  'UNKNOWN_API_VERSION',
  'UNKNOWN_FIELD',
  'UNKNOWN_KIND',
  'WRONG_TYPE',
];

/**
 * Fails unless schema and program are of one mind about the documents of a text: what the schema refuses is refused, and
 * what only it can know it refuses. Texts with variables are left out, for the schema is about what they come to.
 */
export function expectSchemaAgrees(text: string, problems: readonly Problem[]): void {
  if (text.includes('$')) return;
  const documents = parseAllDocuments(text, { merge: true, logLevel: 'silent' });
  if ('empty' in documents || documents.some((document) => document.errors.length > 0)) return;
  const refused = documents
    .map((document): unknown => document.toJS())
    .filter(isOurs)
    .filter((document) => !isTakenBySchema(document));
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (refused.length > 0)
    expect(
      errors,
      `the schema refuses ${JSON.stringify(refused)}: ${ajv.errorsText(takes.errors)}`,
    ).not.toEqual([]);
  else
    expect(
      errors.filter(({ code }) => SCHEMA_CODES.includes(code)),
      text,
    ).toEqual([]);
}

const isOurs = (document: unknown): boolean =>
  typeof document === 'object' &&
  document !== null &&
  'apiVersion' in document &&
  String(document.apiVersion).startsWith('alicia/');
