/**
 * Which files and documents are manifests, and what YAML they may use.
 */
import { describe, expect, test } from 'vitest';
import { parseManifests } from '../../src/manifest/parse.js';
import { renderProblem } from '../../src/manifest/render-problem.js';
import { documents, problemsOf, resolveTexts, scanOf, service, type Texts } from './texts.js';

const namesOf = (texts: Texts): readonly string[] => [...resolveTexts(texts).services.keys()];

describe('what is a manifest', () => {
  test('documents of ours are read from YAML and JSON, many in one file, foreign ones are counted', () => {
    const texts = {
      'a.yaml': documents(service('a'), 'kind: ConfigMap\napiVersion: v1\n', service('b')),
      'c.json':
        '{\n\t"apiVersion": "alicia/v1",\n\t"kind": "Service",\n\t"metadata": {"name": "c"},\n\t"spec": {"image": "tb"}\n}\n',
      'd.yaml': '# nothing\n',
      'data.json': '[1, 2]',
      'k8s.yaml': documents('apiVersion: v1\nkind: Service\nmetadata: {name: x}\n', 'just text\n'),
      'services.yaml': 'services: [a]\n',
    };
    expect(namesOf(texts)).toEqual(['a', 'b', 'c']);
    expect(problemsOf(texts)).toEqual([]);
    expect(parseManifests(scanOf(texts)).foreign).toBe(5);
  });
  test('a foreign file that does not parse is no error', () => {
    expect(
      problemsOf({ 'x.yaml': 'a: [', 'helm.yaml': '{{ if }}\n  apiVersion: alicia/v1\n{{ end }}' }),
    ).toEqual([]);
  });
  test('a file that does not parse is in error when it was a manifest, has a Compose name, or a line of ours at its margin', () => {
    const texts = {
      'a.yaml': 'apiVersion: alicia/v1\nkind: [\n',
      'b.json': '{"apiVersion": "alicia/v1", "kind": "Ser',
      'c.yaml': 'services:\n  a: [\n',
      'compose.yaml': 'a: [\n',
      'was.yaml': 'a: [\n',
      'x/docker-compose.yml': 'a: {\n',
    };
    const parsed = parseManifests(scanOf(texts), new Set(['m/was.yaml']));
    expect([...new Set(parsed.problems.map((problem) => `${problem.file} ${problem.code}`))].sort()).toEqual([
      'm/a.yaml SYNTAX',
      'm/b.json SYNTAX',
      'm/c.yaml SYNTAX',
      'm/compose.yaml SYNTAX',
      'm/was.yaml SYNTAX',
      'm/x/docker-compose.yml SYNTAX',
    ]);
  });
  test('a Compose file gives one error that says what to do', () => {
    expect(
      problemsOf({ 'compose.yaml': 'name: x\nservices:\n  a: {image: tb}\n  b: {image: tb}\n' }),
    ).toEqual([
      'm/compose.yaml:1:1: error: Compose files are not read by this version yet — write one document `kind: Service` for each service [UNSUPPORTED]',
    ]);
  });
  test('a syntax error rejects the whole file and nothing else', () => {
    const texts = { 'a.yaml': documents(service('a'), 'b: [\n'), 'c.yaml': service('c') };
    expect(namesOf(texts)).toEqual(['c']);
    expect(problemsOf(texts)).toEqual([
      'm/a.yaml:7:4: error: not valid YAML: [ is opened and never closed — close it [SYNTAX]',
    ]);
  });
  test.each([
    ['one tab', '\timage: tb', '5:1', 'a tab as indentation — write spaces'],
    [
      'tabs, told once',
      '\timage: tb\n\tinit: true',
      '5:1',
      'a tab as indentation — write spaces (2 lines begin with a tab)',
    ],
    [
      'a field without a colon, the last one',
      '  image: tb\n  init',
      '6:3',
      'expected name: value — write a colon and a space behind the name',
    ],
    [
      'a field without a colon, before another one',
      '  image: tb\n  init\n  tty: true',
      '6:3',
      'expected name: value — write a colon and a space behind the name',
    ],
  ])('a syntax error says what to do: %s', (_title, spec, place, message) => {
    const head = 'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: a}\nspec:\n';
    expect(problemsOf({ 'a.yaml': `${head}${spec}\n` })).toEqual([
      `m/a.yaml:${place}: error: not valid YAML: ${message} [SYNTAX]`,
    ]);
  });
  test('files that cannot be read are errors; a big one of unknown content is only warned of', () => {
    const texts = {
      'a.yaml': { kind: 'unreadable', reason: 'permission denied' },
      'b.yaml': { kind: 'notUtf8' },
      'big.json': { kind: 'tooLarge', bytes: 2_000_000 },
      'compose.yaml': { kind: 'tooLarge', bytes: 2_000_000 },
    } as const;
    expect(problemsOf(texts)).toEqual([
      'm/a.yaml: error: cannot be read: permission denied [UNREADABLE]',
      'm/b.yaml: error: is not UTF-8 — save it as UTF-8 [NOT_UTF8]',
      'm/big.json: warning: is larger than 1 MiB (2000000 bytes) and is not read — split it [TOO_LARGE]',
      'm/compose.yaml: error: is larger than 1 MiB (2000000 bytes) and is not read — split it [TOO_LARGE]',
    ]);
  });
  test('a directory that is missing or cannot be read whole is a problem of its own', () => {
    const lines = (
      [
        { state: 'missing', reason: 'ENOENT' },
        { state: 'unreadable', reason: 'EACCES' },
        { reason: 'm/x: EACCES' },
      ] as const
    )
      .flatMap((root) => parseManifests(scanOf({}, root)).problems)
      .map(renderProblem);
    expect(lines).toEqual([
      'm: error: the manifest directory does not exist — create it, or name another one [DIRECTORY_MISSING]',
      'm: error: cannot be read whole: EACCES [DIRECTORY_UNREADABLE]',
      'm: error: cannot be read whole: m/x: EACCES [DIRECTORY_UNREADABLE]',
    ]);
  });
});

describe('the envelope', () => {
  const text = (change: (text: string) => string): Texts => ({ 'a.yaml': change(service('a')) });
  test.each<readonly [string, (text: string) => string, string]>([
    [
      'another version',
      (t) => t.replace('v1', 'v2').replace('image', 'imagee'),
      '1:1: error: this version reads apiVersion: alicia/v1, got "alicia/v2" [UNKNOWN_API_VERSION]',
    ],
    [
      'another kind',
      (t) => t.replace('Service', 'Sevrice'),
      '2:1: error: kind: expected Service, Network, Volume, Secret, Config, got "Sevrice" — did you mean "Service"? [UNKNOWN_KIND]',
    ],
    ['no kind', (t) => t.replace('kind: Service\n', ''), '1:1: error: missing field "kind" [MISSING_FIELD]'],
    [
      'a bad name',
      (t) => t.replace('name: a', 'name: Web_'),
      '3:12: error: metadata.name: not a valid name: "Web_" — use small letters, digits, - and _, at most 63 [BAD_NAME]',
    ],
    [
      'no name',
      (t) => t.replace('name: a', ''),
      '3:1: error: metadata: missing field "name" [MISSING_FIELD]',
    ],
    [
      'a name that is a number',
      (t) => t.replace('name: a', 'name: 12'),
      '3:12: error: metadata.name: expected a text, got the number 12 — put quotes around it: "12" [WRONG_TYPE]',
    ],
    [
      'no image',
      (t) => t.replace('image: tb', 'replicas: 2'),
      '4:1: error: spec: missing field "image" [MISSING_FIELD]',
    ],
    [
      'an unknown field',
      (t) => `${t}sepc: 1\n`,
      '6:1: error: unknown field "sepc" — did you mean "spec"? [UNKNOWN_FIELD]',
    ],
    [
      'a spec that is a list',
      (t) => t.replace(/spec:[\s\S]*/, 'spec: []\n'),
      '4:1: error: spec: expected a mapping, got a list — write fields without "- " [WRONG_TYPE]',
    ],
  ])('%s', (_title, change, line) => {
    expect(problemsOf(text(change))).toEqual([`m/a.yaml:${line}`]);
  });
  test('fields that begin with x- are nobody’s concern, at every level', () => {
    expect(problemsOf(text((t) => `x-a: 1\n${t}  x-b: {c: [1]}\n  deploy: {x-d: 1}\n`))).toEqual([]);
  });
});

describe('9.5 YAML that manifests must not use', () => {
  const inSpec = (lines: string): readonly string[] =>
    problemsOf({ 'a.yaml': service('a', `image: tb\n${lines}`) }).map((line) =>
      line.replace('m/a.yaml:', ''),
    );
  test('%YAML 1.1', () => {
    expect(problemsOf({ 'a.yaml': `%YAML 1.1\n---\n${service('a')}` })).toEqual([
      'm/a.yaml:2:1: error: %YAML 1.1 is not read — manifests are YAML 1.2; remove the line [YAML_FEATURE]',
    ]);
  });
  test.each([
    [
      'tags',
      'command: !shell a',
      '6:12: error: unknown YAML tag — manifests hold plain values only; remove the tag [YAML_FEATURE]',
    ],
    [
      'binary',
      'version: !!binary aGk=',
      '6:21: error: unknown YAML tag — manifests hold plain values only; remove the tag [YAML_FEATURE]',
    ],
    [
      'duplicate keys',
      'replicas: 1\nreplicas: 2',
      '7:3: error: the key "replicas" stands twice in one mapping (first in line 6) — keep one [DUPLICATE_KEY]',
    ],
    [
      'keys that are numbers',
      'environment: {1: a}',
      '6:17: error: the key 1 is not a text — put quotes around it [YAML_FEATURE]',
    ],
    [
      'keys that are lists',
      'environment: {[a]: b}',
      '6:17: error: a key that is not a text — write a plain word [YAML_FEATURE]',
    ],
    [
      'keys that are booleans',
      'environment: {true: a}',
      '6:17: error: the key true is not a text — put quotes around it [YAML_FEATURE]',
    ],
    [
      'keys that are nothing',
      'environment: {~: a}',
      '6:17: error: a key that is not a text — write a plain word [YAML_FEATURE]',
    ],
    [
      'keys that are mappings',
      'environment: {{a: b}: c}',
      '6:17: error: a key that is not a text — write a plain word [YAML_FEATURE]',
    ],
    [
      'keys that are aliases',
      'x-a: &a b\nenvironment: {*a : c}',
      '7:17: error: a key that is not a text — write a plain word [YAML_FEATURE]',
    ],
    [
      'sets',
      'environment: !!set {a, b}',
      '6:22: error: unknown YAML tag — manifests hold plain values only; remove the tag [YAML_FEATURE]',
    ],
    [
      'times',
      'version: !!timestamp 2026-01-01',
      '6:24: error: unknown YAML tag — manifests hold plain values only; remove the tag [YAML_FEATURE]',
    ],
    [
      '__proto__ behind a merge',
      'x-a: &a {__proto__: {image: b}}\nenvironment: {<<: *a}',
      '6:12: error: the key __proto__ is not allowed — use another name [YAML_FEATURE]',
    ],
    [
      '__proto__',
      'environment: {__proto__: a}',
      '6:17: error: the key __proto__ is not allowed — use another name [YAML_FEATURE]',
    ],
    [
      'an escaped NUL',
      'description: "a\\0b"',
      '6:16: error: a text with a NUL character — remove it [YAML_FEATURE]',
    ],
    [
      'an alias without an anchor',
      'command: *x',
      '6:12: error: alias *x without an anchor &x before it [YAML_FEATURE]',
    ],
    [
      'a merge of something else',
      '<<: [1]',
      '6:8: error: << takes a mapping or a list of mappings [YAML_FEATURE]',
    ],
    [
      'deep nesting',
      `x-a: ${'['.repeat(70)}${']'.repeat(70)}`,
      '6:71: error: nested deeper than 64 levels [YAML_FEATURE]',
    ],
  ])('%s', (_title, lines, problem) => {
    expect(inSpec(lines)).toEqual([problem]);
  });
  test.each([
    ['brackets', `x-a: ${'['.repeat(101)}`, '6:107'],
    ['braces', `x-a: ${'{a: '.repeat(60)}`, ''],
    ['dashes', `x-a:\n  ${'- '.repeat(110)}`, ''],
    ['question marks', `x-a:\n  ${'? '.repeat(110)}`, ''],
    ['indentation', Array.from({ length: 260 }, (_, level) => `${' '.repeat(level)}x-a:`).join('\n'), ''],
  ])('nesting by %s ends before the parser could overflow its stack', (_title, lines, place) => {
    const problems = inSpec(lines);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${place}: error: nested too deeply — no manifest needs that [SYNTAX]`);
  });
  test('a document that is too long for the parser is told where it begins, and is no error in a foreign file', () => {
    const list = `x-a: [${'1,'.repeat(60_000)}]\n`;
    const texts = {
      'a.yaml': documents(service('a'), `${service('b')}${list}`),
      'state.json': `[${'1,'.repeat(60_000)}1]`,
    };
    expect(problemsOf(texts)).toEqual([
      'm/a.yaml:6:1: error: one document of more than 100,000 words and signs — split it [TOO_LARGE]',
    ]);
  });
  test.each(['---', '...\n---'])('a file may be long when none of its documents is (%s)', (between) => {
    const list = `x-a: [${'1,'.repeat(30_000)}]\n`;
    const texts = { 'a.yaml': ['a', 'b', 'c'].map((name) => `${service(name)}${list}`).join(`${between}\n`) };
    expect(problemsOf(texts)).toEqual([]);
  });
  test('long lists, lines and comments are not nested', () => {
    const long = [
      `x-a: [${Array(500).fill('{a: [b]}').join(', ')}]`,
      `x-b:\n${Array(500).fill('  - {a: b}').join('\n')}`,
      `x-c: |\n${Array(3)
        .fill(`${' '.repeat(400)}- - - [[[[`)
        .join('\n')}`,
      `${' '.repeat(400)}# far out`,
      `x-d: "${'[{'.repeat(200)}"`,
      `x-e: ${Array(300)
        .fill('a')
        .join(`\n${' '.repeat(300)}`)}`,
    ];
    expect(inSpec(long.join('\n'))).toEqual([]);
  });
  test('a raw NUL makes the file unreadable', () => {
    expect(problemsOf({ 'a.yaml': `${service('a')}# \0\n` })).toEqual([
      'm/a.yaml:6:3: error: a NUL character — the file is damaged or not text; write it again [SYNTAX]',
    ]);
  });
  test('aliases and merge keys are fine, up to 20 of one anchor', () => {
    const uses = (count: number): string => `x-a: &a {A: x}\nx-b: [${Array(count).fill('*a').join(', ')}]`;
    expect(inSpec(uses(20))).toEqual([]);
    expect(inSpec(uses(21))).toEqual([
      '7:89: error: &a is repeated more than 20 times — write it out [YAML_FEATURE]',
    ]);
    const merged = resolveTexts({
      'a.yaml': service('a', 'image: tb\nx-a: &a {A: x, B: y}\nenvironment: {<<: *a, B: z}'),
    });
    expect([...merged.services.values()][0]?.container.environment).toEqual({ A: 'x', B: 'z' });
  });
  test('a bomb of aliases and a cycle of aliases end in an error', () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `x-${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`,
    );
    for (const lines of [`x-0: &l0 [a]\n${levels.join('\n')}`, 'x-a: &a [*a, *a]'])
      expect(inSpec(lines).join('\n')).toContain('is repeated more than 20 times');
    const long = `x-a: &a [${Array(10_000).fill('x').join(',')}]\nx-b: [${Array(20).fill('*a').join(',')}]`;
    expect(inSpec(long).join('\n')).toContain('aliases repeat too much');
  });
});
