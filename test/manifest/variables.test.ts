// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of manifests look like those of templates.
/**
 * Variables: interpolation, `.env`, the environment.
 */
import { describe, expect, test } from 'vitest';
import { interpolate } from '../../src/manifest/interpolate.js';
import { serviceName } from '../../src/model/ids.js';
import { problemsOf, problemsOfSpec, resolveSpec, resolveTexts, service } from './texts.js';

const VALUES: Readonly<Record<string, string>> = { SET: 'set', EMPTY: '', NAME: 'SET' };
const put = (text: string): string => {
  const result = interpolate(text, (name) => (Object.hasOwn(VALUES, name) ? VALUES[name] : undefined));
  if (result.kind === 'bad') return `${result.code}: ${result.message}`;
  return result.text + (result.missing.length > 0 ? ` (missing ${result.missing.join(' ')})` : '');
};

describe('the language of variables', () => {
  test.each([
    ['plain', 'plain'],
    ['$SET-${SET}', 'set-set'],
    ['$$SET $${SET}', '$SET ${SET}'],
    ['${UNSET}', ' (missing UNSET)'],
    ['$constructor', ' (missing constructor)'],
    ['${UNSET:-d} ${EMPTY:-d} ${SET:-d}', 'd d set'],
    ['${UNSET-d} ${EMPTY-d} ${SET-d}', 'd  set'],
    ['${UNSET:+d} ${EMPTY:+d} ${SET:+d}', '  d'],
    ['${UNSET+d} ${EMPTY+d} ${SET+d}', ' d d'],
    ['${SET:?m} ${EMPTY?m}', 'set '],
    ['${UNSET:?give it} x', 'MISSING_VARIABLE: the variable UNSET is not set: give it'],
    ['${EMPTY:?give it} x', 'MISSING_VARIABLE: the variable EMPTY is not set: give it'],
    ['${UNSET?}', 'MISSING_VARIABLE: the variable UNSET is not set: it must be set'],
    ['${UNSET:-${EMPTY:-${SET}}}!', 'set!'],
    ['${SET:-${UNSET}}', 'set'],
    ['${SET:-${UNSET:?m}}', 'set'],
    ['${UNSET:-a$$b}', 'a$b'],
    ['${UNSET:-}', ''],
    ['a}b', 'a}b'],
  ])('%s', (text, result) => {
    expect(put(text)).toBe(result);
  });
  test.each(['$', '$1', '${', '${}', '${SET', '${SET!x}', '${UNSET:-a', '${UNSET:-${SET}'])(
    '%s is refused',
    (text) => {
      expect(put(text)).toMatch(/^BAD_VALUE: /);
    },
  );
  test('neither deep nesting nor growth can hurt', () => {
    expect(put('${A:-'.repeat(100_000))).toBe('BAD_VALUE: variables are nested too deeply');
    const big = interpolate('$A'.repeat(10_000), () => 'x'.repeat(1000));
    expect(big).toMatchObject({ kind: 'bad', message: 'variables make this text too long' });
  });
});

test('values of spec and metadata.labels are filled in, names are not', () => {
  const environment = { TAG: '7.4', PORT: '8080', NAME: 'web' };
  const text = `apiVersion: alicia/v1
kind: Service
metadata: {name: web, labels: {tag: $TAG}}
spec:
  image: "redis:\${TAG}"
  ports: ["\${PORT}:80"]
  environment: {A: "\${TAG}", $NAME: x}
`;
  const web = resolveTexts({ 'web.yaml': text }, { environment }).services.get(serviceName('web'));
  expect(web?.container).toMatchObject({
    image: 'redis:7.4',
    ports: [{ hostPorts: { first: 8080, last: 8080 } }],
    environment: { A: '7.4', $NAME: 'x' },
    labels: { tag: '7.4' },
  });
  expect(problemsOf({ 'a.yaml': service('$NAME') }, { environment })[0]).toContain('[BAD_NAME]');
});

test('a variable may give a number or a boolean where one is wanted, and stays a text elsewhere', () => {
  const environment = { N: '3', ON: 'true', WORD: 'x' };
  const spec = 'replicas: ${N}\nmaintenance: "${ON}"\nversion: ${N}\nhealthcheck: {retries: "${N}"}';
  expect(resolveSpec(spec, { environment })).toMatchObject({
    replicas: 3,
    maintenance: true,
    version: '3',
    container: { healthcheck: { retries: 3 } },
  });
  expect(problemsOfSpec('replicas: ${WORD}', { environment })).toEqual([
    '6:3: error: spec.replicas: expected a whole number, got the text "x" [WRONG_TYPE]',
  ]);
  expect(problemsOfSpec('replicas: "3"')).toEqual([
    '6:3: error: spec.replicas: expected a whole number, got the text "3" — remove the quotes: 3 [WRONG_TYPE]',
  ]);
});

test('a missing variable is a warning, a required one an error of its service, a stray dollar an error', () => {
  expect(problemsOfSpec('version: v$NOWHERE')).toEqual([
    '6:12: warning: spec.version: the variable NOWHERE is not set and becomes empty — set it, or write ${NOWHERE:-default} [MISSING_VARIABLE]',
  ]);
  expect(problemsOfSpec('version: ${V:?give a version}')).toEqual([
    '6:12: error: spec.version: the variable V is not set: give a version [MISSING_VARIABLE]',
  ]);
  expect(problemsOfSpec('command: echo $1')).toEqual([
    '6:12: error: spec.command: a "$" that begins no variable — write $$ for a dollar, ${NAME} for a variable [BAD_VALUE]',
  ]);
});

test('our own variables are never given to manifests', () => {
  const environment = { ALICIA_MQTT_PASSWORD: 'secret' };
  const spec = 'version: "v${ALICIA_MQTT_PASSWORD}"\nenvironment: [ALICIA_MQTT_PASSWORD]';
  expect(JSON.stringify(resolveSpec(spec, { environment }))).not.toContain('secret');
  expect(problemsOfSpec(spec, { environment })[0]).toContain(
    'variables that begin with ALICIA_ are never given to manifests',
  );
});

describe('environment', () => {
  test('list and map form, names without a text, numbers as written', () => {
    const environment = { FROM_HOST: 'h' };
    const map = 'environment: {A: 1.10, B: true, C: "", FROM_HOST: , NOWHERE: }';
    const list = 'environment: [A=1.10, B=true, C=, FROM_HOST, NOWHERE]';
    for (const spec of [map, list])
      expect(resolveSpec(spec, { environment }).container.environment).toEqual({
        A: '1.10',
        B: 'true',
        C: '',
        FROM_HOST: 'h',
      });
  });
  test('names must be names', () => {
    expect(problemsOfSpec('environment: ["=a"]')).toEqual([
      '6:17: error: spec.environment[0]: a name is missing — write name=text [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('environment: {"a=b": c}')).toEqual([
      '6:17: error: spec.environment.a=b: not a name — it must not be empty or hold "=" [BAD_VALUE]',
    ]);
  });
});

describe('.env', () => {
  const web = service('web', 'image: tb\nenvironment: [A, B, C, D, E, F, G]');
  const environmentOf = (text: string, environment: Readonly<Record<string, string>> = {}) =>
    resolveTexts({ 'x/.env': text, 'x/web.yaml': web }, { environment }).services.get(serviceName('web'))
      ?.container.environment;
  test('is read as Compose reads it', () => {
    const text = `\uFEFF# comment
A=plain # comment
export B='single $A'
C="double $A\\n\\"q\\" \${A}"
D=$A-\${NOWHERE:-d}
E=
F: yaml
G='two
lines'`;
    expect(environmentOf(text)).toEqual({
      A: 'plain',
      B: 'single $A',
      C: 'double plain\n"q" plain',
      D: 'plain-d',
      E: '',
      F: 'yaml',
      G: 'two\nlines',
    });
  });
  test('gives way to the environment and holds for its own folder only', () => {
    expect(environmentOf('A=file\nB=$A', { A: 'host' })).toEqual({ A: 'host', B: 'host' });
    const { services } = resolveTexts({ '.env': 'A=file', 'x/web.yaml': web });
    expect(services.get(serviceName('web'))?.container.environment).toEqual({});
  });
  test('in error rejects what is beside it, for its variables would be empty', () => {
    const texts = { '.env': 'A=1\n!!\n', 'web.yaml': web, 'x/other.yaml': service('other') };
    expect(problemsOf(texts)).toEqual(['m/.env:2:1: error: expected NAME=text, or a comment [SYNTAX]']);
    expect([...resolveTexts(texts).services.keys()]).toEqual(['other']);
    expect(problemsOf({ ...texts, '.env': { kind: 'unreadable', reason: 'EACCES' } })).toEqual([
      'm/.env: error: cannot be read: EACCES [UNREADABLE]',
    ]);
  });
});
