/**
 * Nothing in a manifest can crash or hang the program.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyIntake, takeIn } from '../../src/manifest/intake.js';
import { renderProblem } from '../../src/manifest/render-problem.js';
import { PROBLEM_CODES } from '../../src/model/problem.js';
import { documents, OPTIONS, problemsOf, resolveTexts, scanOf, service, type Texts } from './texts.js';

/** How many inputs are drawn in all, a quarter of them for each property. */
const INPUTS = Number(globalThis.process.env.ALICIA_BAD_INPUTS ?? 600);
const RUNS = Math.ceil(INPUTS / 4);
/** Many inputs take their time, also on a machine that has other things to do. */
const TIMEOUT_MS = 30_000 + 200 * RUNS;

const EXAMPLE = documents(
  `apiVersion: alicia/v1
kind: Service
metadata: {name: web, labels: {team: voice}}
spec:
  image: "redis:\${TAG:-7.4}"
  replicas: 2
  command: ["a", 'b']
  environment: &env {A: 1.10, B: null}
  ports: ["127.0.0.1:9001-9003:9000", {target: 80}]
  volumes: ["data:/data:ro", {type: bind, source: ./x, target: /x}, /scratch]
  cpus: 0.5
  mem_limit: 512m
  probes: [{http: {port: 80}, period: 2s}, {mqtt: {max_age: 9s}}, {exec: a b}]
  networks: {front: {aliases: [w]}}
  depends_on: {db: {condition: service_healthy, required: false}}
  healthcheck: {test: [CMD, x], interval: 5s}
  deploy: {update_config: {parallelism: 1, order: stop-first}, restart_policy: {max_attempts: 3}}
  x-env: *env
`,
  'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: front}\nspec: {ipam: {config: [{subnet: 10.0.0.0/8}]}}\n',
  'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: data}\n',
  service('db', 'image: tb\nnetwork_mode: service:cache\npids_limit: -1'),
  service('cache'),
);

/** Everything that is done with texts, and what must hold whatever they are. */
function check(texts: Texts): void {
  const resolution = resolveTexts(texts);
  const perFile = new Map<string, number>();
  for (const problem of resolution.problems) {
    expect(renderProblem(problem)).toMatch(/: (error|warning): [\s\S]+ \[[A-Z0-9_]+\]$/);
    expect(PROBLEM_CODES).toContain(problem.code);
    perFile.set(problem.file, (perFile.get(problem.file) ?? 0) + 1);
  }
  expect(Math.max(0, ...perFile.values())).toBeLessThanOrEqual(20);
  for (const name of resolution.rejected.keys()) expect(resolution.services.has(name)).toBe(false);
}

const PIECES = [
  '\n',
  '  ',
  '---\n',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: ',
  '!x ',
  '|',
  '>',
  '#',
  '%YAML 1.1\n',
  '$',
  '${',
  '\t',
  '\u0000',
  '\uFEFF',
  '? ',
  'null',
  '1e999',
  '.nan',
  '0x1F',
  '__proto__',
  'constructor',
];

/** Fields of values further in. */
const INNER_NAMES = [
  'test',
  'target',
  'update_config',
  'restart_policy',
  'resources',
  'limits',
  'http',
  'mqtt',
  'exec',
];

/** The example with pieces cut out, put in, repeated. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(EXAMPLE.length),
      drop: fc.nat(30),
      put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((edits) =>
    edits.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), EXAMPLE),
  );

describe('9.5 whatever a file holds', () => {
  test('the example itself is good', () => {
    expect(problemsOf({ 'a.yaml': EXAMPLE })).toEqual([
      'm/a.yaml:15:16: warning: spec.depends_on.db: service_healthy, but "db" declares no healthcheck — add one, or write healthcheck: {} if its image brings one [NO_HEALTHCHECK]',
    ]);
  });
  test(
    'mutated manifests never throw',
    () => {
      fc.assert(
        fc.property(mutated, (text) => check({ 'a.yaml': text, 'b.yaml': service('other') })),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
  test(
    'any text never throws, as YAML, as JSON and as .env',
    () => {
      const text = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.array(fc.constantFrom(...PIECES, 'a', 'services')).map((pieces) => pieces.join('')),
      );
      fc.assert(
        fc.property(text, (any) =>
          check({
            'a.yaml': any,
            'b.json': any,
            'c.yaml': `apiVersion: alicia/v1\n${any}`,
            '.env': any,
            'web.yaml': EXAMPLE,
          }),
        ),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
  test(
    'any values in place of the right ones never throw',
    () => {
      const names = [
        'image',
        'command',
        'environment',
        'ports',
        'volumes',
        'networks',
        'depends_on',
        'healthcheck',
        'deploy',
        'restart',
        'labels',
        'optional_deps',
        'network_mode',
        'probes',
        'cpus',
        'mem_limit',
        'memswap_limit',
        'pids_limit',
        'prots',
        'x-y',
        'toString',
        '__proto__',
      ];
      const value = fc.letrec((tie) => ({
        any: fc.oneof(
          { maxDepth: 3 },
          fc.constantFrom<unknown>(
            null,
            true,
            0,
            -1,
            1.5,
            '',
            'a',
            '$A',
            '80:80',
            'a:/b',
            '/b',
            '5s',
            '1g',
            'service:a',
          ),
          fc.array(tie('any'), { maxLength: 3 }),
          fc.dictionary(fc.constantFrom(...names, ...INNER_NAMES), tie('any'), {
            maxKeys: 3,
          }),
        ),
      })).any;
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...names), value), value, (spec, metadata) => {
          check({
            'a.json': JSON.stringify({
              apiVersion: 'alicia/v1',
              kind: 'Service',
              metadata: { name: 'a', labels: metadata },
              spec: { image: 'tb', ...spec },
            }),
          });
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
  test(
    '7.4 after any edits no service is gone because of an error',
    () => {
      const options = { ...OPTIONS, allowEmpty: false };
      const start = takeIn(emptyIntake, scanOf({ 'a.yaml': EXAMPLE }), { monotonicMs: 0 }, options);
      const known = takeIn(start.intake, scanOf({ 'a.yaml': EXAMPLE }), { monotonicMs: 1000 }, options);
      fc.assert(
        fc.property(mutated, (text) => {
          const { desired } = takeIn(
            known.intake,
            scanOf({ 'a.yaml': text }),
            { monotonicMs: 2000 },
            options,
          );
          if (!desired.problems.some(({ code }) => code === 'SYNTAX')) return;
          expect([...desired.services.keys()]).toEqual(
            expect.arrayContaining([...known.desired.services.keys()]),
          );
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});

/** An eighth of what a file may have; all of it in the long run. */
const SIZE = RUNS > 1000 ? 1_048_576 : 131_072;
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
])(
  'a long file of %s must be read to its end',
  (_title, text) => {
    // What took quadratic time would not come to its end before the test's.
    check({ 'a.yaml': text.slice(0, SIZE) });
  },
  60_000,
);
