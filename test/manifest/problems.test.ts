/**
 * How problems are told.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderProblem, tidyProblems } from '../../src/manifest/render-problem.js';
import { nearestTo } from '../../src/manifest/suggest.js';
import { PROBLEM_CODES, type Problem } from '../../src/model/problem.js';
import { problemsOf, problemsOfSpec, resolveTexts, service } from './texts.js';

const problem: Problem = {
  code: 'UNKNOWN_FIELD',
  severity: 'error',
  file: 'manifests/web.yaml',
  line: 12,
  column: 3,
  message: 'spec: unknown field "prots" — did you mean "ports"?',
  service: 'web',
};

test('a problem is one line that editors can follow', () => {
  expect(renderProblem(problem)).toBe(
    'manifests/web.yaml:12:3: error: spec: unknown field "prots" — did you mean "ports"? [UNKNOWN_FIELD]',
  );
  expect(renderProblem({ ...problem, line: 0, column: 0, severity: 'warning' })).toBe(
    'manifests/web.yaml: warning: spec: unknown field "prots" — did you mean "ports"? [UNKNOWN_FIELD]',
  );
});

test('problems are sorted, told once, and at most 20 of a file; errors before warnings', () => {
  const warning: Problem = { ...problem, severity: 'warning', line: 1 };
  const many = Array.from({ length: 30 }, (_, index) => ({ ...warning, line: 30 - index }));
  const tidy = tidyProblems([
    ...many,
    problem,
    problem,
    { ...problem, line: 99 },
    { ...problem, file: 'a.yaml' },
  ]);
  expect(tidy.map(({ file, line, severity }) => `${file}:${line} ${severity}`)).toEqual(
    [
      'a.yaml:12 error',
      ...Array.from({ length: 11 }, (_, index) => `manifests/web.yaml:${index + 1} warning`),
      'manifests/web.yaml:12 error',
      ...Array.from({ length: 7 }, (_, index) => `manifests/web.yaml:${index + 12} warning`).map(
        (line, index) => (index === 0 ? 'manifests/web.yaml:12 warning' : line),
      ),
      'manifests/web.yaml:99 error',
    ].slice(0, 1 + tidy.length),
  );
  expect(tidy.filter(({ file }) => file === 'manifests/web.yaml')).toHaveLength(20);
  const rejected = problemsOf({
    'a.yaml': service('a', Array.from({ length: 50 }, (_, index) => `k${index}: 1`).join('\n')),
  });
  expect(rejected).toHaveLength(20);
});

test('several problems of one service are told at once, where they stand', () => {
  expect(
    problemsOfSpec(
      'prots: []\nreplicas: 1.5\nversion: 1.10\nhealthcheck: {tset: a}\nports: [{tarjet: 1}]\ndepends_on: {a: {condition: service_helthy}}',
    ),
  ).toEqual([
    '6:3: error: spec: unknown field "prots" — did you mean "ports"? [UNKNOWN_FIELD]',
    '7:3: error: spec.replicas: expected a whole number, got the number 1.5 [WRONG_TYPE]',
    '8:3: error: spec.version: expected a text, got the number 1.10 — put quotes around it: "1.10" [WRONG_TYPE]',
    '9:17: error: spec.healthcheck: unknown field "tset" — did you mean "test"? [UNKNOWN_FIELD]',
    '10:12: error: spec.ports[0]: unknown field "tarjet" — did you mean "target"? [UNKNOWN_FIELD]',
    '11:20: error: spec.depends_on.a.condition: expected one of service_started, service_healthy, service_completed_successfully, got "service_helthy" — did you mean "service_healthy"? [BAD_VALUE]',
  ]);
});

test('whatever names it holds, the message of a problem is one line, for programs too', () => {
  const { problems } = resolveTexts({
    'web.yaml': service('web', 'image: tb\ndepends_on: {"a\\nb\\e[2J": }\nenvironment: {"X\\nY": [1]}'),
    'api.yaml': service('api', 'image: tb\ndepends_on: {"a\\nb": }'),
  });
  expect(problems.map(({ message }) => message)).toEqual([
    String.raw`spec.depends_on.a\nb: no service "a\nb" is declared — declare it, or remove this`,
    String.raw`spec.environment.X\nY: expected a text, got a list — write one text, without brackets or "- "`,
  ]);
  expect(renderProblem({ ...problem, file: 'a\nb.yaml', message: 'c\u001bd' })).toBe(
    String.raw`a\nb.yaml:12:3: error: c\u001bd [UNKNOWN_FIELD]`,
  );
});

test('a value is told without what is secret in it', () => {
  expect(problemsOfSpec('environment: PASSWORD=geheim')).toEqual([
    '6:3: error: spec.environment: expected a mapping or a list, got the text "PASSWORD=[hidden]" — write a list, even of one item: ["PASSWORD=[hidden]"] [WRONG_TYPE]',
  ]);
  expect(problemsOfSpec('environment: {PASSWORD: [geheim]}').join()).not.toContain('geheim');
  expect(problemsOfSpec('ports: ["redis://me:geheim@host"]').join()).not.toContain('geheim');
});

describe('did you mean', () => {
  test.each([
    ['prots', 'ports'],
    ['enviroment', 'environment'],
    ['Image', 'image'],
    ['imgae', 'image'],
    ['xyz', null],
    ['a', null],
  ])('%s → %s', (word, near) => {
    expect(nearestTo(word, ['ports', 'environment', 'image', 'networks'])).toBe(near);
  });
});

test('every problem code occurs in a test of manifests', () => {
  const folder = new URL('.', import.meta.url);
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('');
  expect(PROBLEM_CODES.filter((code) => !texts.includes(`[${code}]`))).toEqual([]);
});

test('what the parser quotes of a file must not be told: it may be a secret', () => {
  const told = problemsOf({ 'a.yaml': `${service('web', 'image: a')}}hunter2\n` }).join('\n');
  expect(told).toContain('not valid YAML: Unexpected scalar token in YAML stream [SYNTAX]');
  expect(told).not.toContain('hunter2');
});
