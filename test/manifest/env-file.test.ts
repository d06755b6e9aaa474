// Owns: files of variables that a service names.
import { describe, expect, test } from 'vitest';
import { namedPaths } from '../../src/manifest/references.js';
import { resolveSpec, resolveTexts, scanOf, service, type Texts } from './texts.js';

const environmentOf = (spec: string, others: Texts, environment: Readonly<Record<string, string>> = {}) =>
  resolveSpec(spec, { environment }, others).container.environment;

test('env_file must be read in all its forms, and later files win over earlier ones', () => {
  const others = { 'a.env': 'A=1\nB=1\n', 'sub/b.env': 'B=2\nexport C=3 # three\n' };
  expect(environmentOf('env_file: a.env', others)).toEqual({ A: '1', B: '1' });
  const all = { A: '1', B: '2', C: '3' };
  expect(environmentOf('env_file: [./a.env, sub/b.env]', others)).toEqual(all);
  expect(environmentOf('env_file: [{path: a.env}, {path: ../m/sub/b.env, required: true}]', others)).toEqual(
    all,
  );
});

test('environment must win over every file', () => {
  const others = { 'a.env': 'A=file\nB=file\n' };
  expect(environmentOf('environment: {A: own}\nenv_file: a.env', others)).toEqual({ A: 'own', B: 'file' });
});

test('variables must be put into a file and into its name, a name alone must take the variable', () => {
  const others = {
    'prod.env': `URL=http://\${HOST}/\${NAME:-x}\nNAME=\${HOST}\nHOST\nNONE\n`,
    '.env': 'HOST=h\n',
  };
  expect(environmentOf(`env_file: "\${STAGE:-prod}.env"`, others)).toEqual({
    URL: 'http://h/x',
    NAME: 'h',
    HOST: 'h',
  });
});

test('a raw file must be taken as it stands', () => {
  const others = { 'a.env': `# no\n\nA="x" # y\nB=\${HOST}\n C = d\n` };
  expect(environmentOf('env_file: [{path: a.env, format: raw}]', others)).toEqual({
    A: '"x" # y',
    B: `\${HOST}`,
    C: ' d',
  });
});

describe('what is wrong with a file', () => {
  const told = (spec: string, others: Texts): readonly string[] =>
    resolveTexts({ 'web.yaml': service('web', `image: tb\n${spec}`), ...others }).problems.map(
      ({ line, column, code, message }) => `${line}:${column} [${code}] ${message}`,
    );

  test.each<readonly [string, string, Texts, string]>([
    [
      'that is not there',
      'env_file: a.env',
      {},
      '6:3 [MISSING_FILE] spec.env_file: there is no file "a.env" — make it, or write [{path: a.env, required: false}]',
    ],
    [
      'that is not there, in a list',
      'env_file: [b.env, a.env]',
      { 'b.env': '' },
      '6:21 [MISSING_FILE] spec.env_file[1]: there is no file "a.env" — make it, or write {path: a.env, required: false}',
    ],
    [
      'with a line that is none',
      'env_file: a.env',
      { 'a.env': 'A=1\nhunter2 is secret\n' },
      '6:3 [SYNTAX] spec.env_file: "a.env", line 2: expected NAME=text, or a comment',
    ],
    [
      'that is no text',
      'env_file: a.env',
      { 'a.env': { kind: 'notUtf8' } },
      '6:3 [NOT_UTF8] spec.env_file: "a.env" is not UTF-8 — save it as UTF-8',
    ],
    [
      'that is too large',
      'env_file: a.env',
      { 'a.env': { kind: 'tooLarge', bytes: 2_000_000 } },
      '6:3 [TOO_LARGE] spec.env_file: "a.env" is larger than 1 MiB (2000000 bytes) and is not read',
    ],
    [
      'that cannot be read',
      'env_file: a.env',
      { 'a.env': { kind: 'unreadable', reason: 'permission denied' } },
      '6:3 [UNREADABLE] spec.env_file: "a.env" cannot be read: permission denied',
    ],
  ])('one %s must reject the service', (_title, spec, others, line) => {
    expect(told(spec, others)).toEqual([line]);
  });

  test('one that is not there and not required must be left out', () => {
    const spec = 'env_file: [{path: a.env, required: false}]';
    expect(told(spec, {})).toEqual([]);
    expect(environmentOf(spec, {})).toEqual({});
    expect(environmentOf(spec, { 'a.env': 'A=1' })).toEqual({ A: '1' });
  });
});

test('3.1 another text in a file must make the container another one', () => {
  const hashOf = (text: string): string => resolveSpec('env_file: a.env', {}, { 'a.env': text }).hash;
  expect(hashOf('A=1')).toBe(hashOf('# as before\nA=1\n'));
  expect(hashOf('A=1')).not.toBe(hashOf('A=2'));
});

test('7.3 the files that are named must be known before anything else of a manifest is understood', () => {
  const texts = {
    'a.yaml': `${service('a', `env_file: [x.env, {path: "/abs/\${WHICH}.env"}, 5, {}]\nprots: 1`)}---\n${service('b', 'env_file: x.env')}`,
    'sub/c.yaml': service('c', 'env_file: ../y.env'),
    'foreign.yaml': 'env_file: z.env\n',
    'broken.yaml': 'apiVersion: alicia/v1\nspec: {env_file: [\n',
  };
  expect(namedPaths(scanOf(texts).files, { WHICH: 'host' }).files).toEqual([
    { written: 'x.env', path: '/srv/m/x.env' },
    { written: '/abs/host.env', path: '/abs/host.env' },
    { written: '../y.env', path: '/srv/m/y.env' },
  ]);
});
