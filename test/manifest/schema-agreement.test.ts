/**
 * Editor and program are of one mind: what the published schema refuses is refused, and what only it can know it refuses.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { draftDocument } from '../../src/manifest/draft-document.js';
import { parseManifests } from '../../src/manifest/parse.js';
import type { Problem } from '../../src/model/problem.js';
import { exampleManifests } from '../support/paths.js';
import { expectSchemaAgrees, isTakenBySchema, publishedSchema } from './published-schema.js';
import { documentsFrom, mutationOf } from './schema-documents.js';
import { OPTIONS, scanOf } from './texts.js';

const RUNS = 3000;

/** What is wrong with each document of a text, whatever others declare. */
function problemsOfEach(text: string): readonly Problem[] {
  const parsed = parseManifests(scanOf({ 'a.yaml': text }));
  const { roots, links } = parsed;
  // Whatever a document names is there: the schema cannot know of files.
  const file = { content: { kind: 'text', text: '' }, digest: '0' } as const;
  const references = new Map([...parsed.references.keys()].map((path) => [path, { path, ...file }]));
  const context = { ...OPTIONS, roots, links, references, variables: () => undefined };
  const found = parsed.files.flatMap((file) => file.documents.map((each) => draftDocument(each, context)));
  expect(found.length).toBeGreaterThan(0);
  return [...parsed.problems, ...found.flatMap(({ problems }) => problems)];
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

describe('contract 1: the published schema', () => {
  test.each(readdirSync(exampleManifests).filter((name) => name.endsWith('.yaml')))(
    'takes every document of %s',
    (name) => {
      const documents = parseAllDocuments(readFileSync(join(exampleManifests, name), 'utf8'));
      if ('empty' in documents) throw new Error(`${name} is empty`);
      for (const document of documents) expect(isTakenBySchema(document.toJS())).toBe(true);
    },
  );

  test('refuses what the program refuses by it, and nothing that the program takes: one place changed', () => {
    let refused = 0;
    let taken = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...documentsFrom(publishedSchema)).chain((drawn) => drawn),
        mutationOf(publishedSchema),
        fc.boolean(),
        (document, mutate, isJson) => {
          fc.pre(!problemsOfEach(JSON.stringify(document)).some(isError));
          const changed = mutate(document);
          const text = isJson ? JSON.stringify(changed) : stringify(changed);
          expectSchemaAgrees(text, problemsOfEach(text));
          if (isTakenBySchema(changed)) taken++;
          else refused++;
        },
      ),
      { numRuns: RUNS, maxSkipsPerRun: 20 },
    );
    // Both answers must have been compared, many times.
    expect(Math.min(refused, taken)).toBeGreaterThan(RUNS / 10);
  }, 120_000);

  test.each([
    ['a number in a list of texts', 'environment: [1]'],
    ['a boolean in a list of labels', 'labels: [true]'],
  ])('refuses with the program %s', (_title, line) => {
    const text = `apiVersion: alicia/v1\nkind: Service\nmetadata: {name: a}\nspec:\n  image: tb\n  ${line}\n`;
    const problems = problemsOfEach(text);
    expectSchemaAgrees(text, problems);
    expect(problems.map(({ code }) => code)).toEqual(['WRONG_TYPE']);
  });

  test('control: a program that took more than the schema would be found', () => {
    const bad = 'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: a}\nspec: {image: 1}\n';
    expect(() => expectSchemaAgrees(bad, [])).toThrow('the schema refuses');
  });
});
