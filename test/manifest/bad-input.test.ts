/**
 * Nothing in a manifest can crash or hang the program.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { findExcess } from '../../src/manifest/extent.js';
import {
  anyBytes,
  anyText,
  anyValues,
  EXAMPLE,
  EXAMPLE_FILES,
  editedExample,
  editedManifest,
  type Input,
} from './bad-inputs.js';
import { problemsOf, service } from './texts.js';
import { BATCH, describeTally, emptyTally, tryInputs, tryLongInput } from './trying.js';

/** How many inputs are drawn in all. */
const INPUTS = Number(globalThis.process.env.ALICIA_BAD_INPUTS ?? 20_000);

/** What is drawn, and its share of all in twentieths. */
const KINDS: readonly (readonly [string, fc.Arbitrary<Input>, number])[] = [
  ['manifests of every kind with anything cut out and put in', editedManifest, 8],
  ['a long manifest with anything cut out and put in', editedExample, 1],
  ['bytes', anyBytes, 4],
  ['texts', anyText, 4],
  ['values of any kind in place of the right ones', anyValues, 3],
];

describe('9.5 whatever a file holds', () => {
  const tally = emptyTally();
  afterAll(() => console.info(describeTally(tally)));

  test('the example itself is good', () => {
    expect(problemsOf({ 'a.yaml': EXAMPLE, ...EXAMPLE_FILES })).toEqual([
      'm/a.yaml:15:16: warning: spec.depends_on.db: service_healthy, but "db" declares no healthcheck — add one, or write healthcheck: {} if its image brings one [NO_HEALTHCHECK]',
    ]);
  });

  test.each(KINDS)(
    '9.5 %s never crash or hang it, nor change what runs',
    (_title, input, share) => {
      const batch = fc.array(input, { minLength: BATCH, maxLength: BATCH });
      fc.assert(
        fc.property(batch, (inputs) => tryInputs(inputs, tally)),
        { numRuns: Math.ceil((INPUTS * share) / 20 / BATCH) },
      );
    },
    // Many inputs take their time, also on a machine that has other things to do.
    60_000 + 20 * INPUTS,
  );
});

/** As much as a file may have. */
const SIZE = 1_048_576;
const fill = (head: string, piece: string): string =>
  head + piece.repeat(Math.floor((SIZE - head.length) / piece.length));
const HEAD = 'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: a}\n';

test.each<readonly [string, string]>([
  ['brackets', fill(`${HEAD}spec: `, '[')],
  ['braces', fill(`${HEAD}spec: `, '{a: ')],
  ['dashes', fill(`${HEAD}spec:\n `, '- ')],
  [
    'unknown fields',
    `${HEAD}spec:\n${Array.from({ length: 80_000 }, (_, index) => `  k${index}: 1`).join('\n')}`,
  ],
  ['duplicate keys', fill(`${HEAD}spec:\n`, '  image: tb\n')],
  ['documents of one name', fill('', `${service('a')}---\n`)],
  ['documents', Array.from({ length: 10_000 }, (_, index) => service(`a${index}`)).join('---\n')],
  [
    'dependencies',
    `${HEAD}spec: {image: tb, depends_on: [${Array.from({ length: 60_000 }, (_, index) => `s${index}`).join(', ')}]}`,
  ],
  [
    'aliases',
    `${HEAD}x-a: [${Array.from({ length: 50_000 }, (_, index) => `&k${index} x`).join(',')}]\nx-b: [${Array.from({ length: 50_000 }, (_, index) => `*k${index} `).join(',')}]`,
  ],
  ['variables', fill(`${HEAD}spec: {image: "`, '$A${B:-')],
  ['spaces', fill(`${HEAD}spec:`, ' ')],
  ['tags', fill(`${HEAD}spec: `, '!a ')],
  ['brackets that close nothing', fill(HEAD, ']')],
  ['backticks', fill(`${HEAD}spec:\n`, '`\n')],
  ['keys without values', fill(`${HEAD}spec:\n`, ':\n')],
  ['ends of documents', fill(HEAD, '---\n')],
])(
  '9.5 a long file of %s must be read to its end, in bounded memory',
  (_title, text) => {
    const long = text.slice(0, SIZE);
    // What took quadratic time would not come to its end before the test's.
    tryLongInput(long, manifestsIn(long));
    const longest = withoutExcess(long);
    if (longest !== long) tryLongInput(longest, 1);
  },
  30_000 + SIZE / 5,
);

const manifestsIn = (text: string): number => text.match(/^kind: Service$/gm)?.length ?? 0;

/** As much of it as is not too long for one document: the most that the parser ever gets. */
function withoutExcess(text: string): string {
  let length = text.length;
  while (findExcess(text.slice(0, length))?.message.includes('words and signs') === true)
    length = Math.floor(length * 0.95);
  return text.slice(0, length);
}
