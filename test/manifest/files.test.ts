// Owns: secrets and configs: their documents, how services read them, what is wrong with either.
import { describe, expect, test } from 'vitest';
import { namedPaths } from '../../src/manifest/references.js';
import { serviceName } from '../../src/model/ids.js';
import { createProcess } from './looks.js';
import {
  documents,
  problemsOf,
  problemsOfSpec,
  resolveSpec,
  resolveTexts,
  scanOf,
  service,
  sha256,
  type Texts,
} from './texts.js';

const declare = (kind: 'Secret' | 'Config', name: string, spec: string): string =>
  `apiVersion: alicia/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const DECLARED = documents(
  declare('Secret', 'password', '{file: ./password.txt}'),
  declare('Config', 'app_config', '{file: "/srv/m/app.ini"}'),
);
const FILES = { 'password.txt': 'hunter2', 'app.ini': 'a = 1' };
const OTHERS: Texts = { 'files.yaml': DECLARED, ...FILES };
/** Both are read. */
const READS = 'secrets: [password]\nconfigs: [app_config]';

describe('7.8 a service that reads a secret or config', () => {
  const targetsOf = (spec: string): readonly string[] =>
    resolveSpec(spec, {}, OTHERS).container.mounts.map(({ target }) => target);

  test('must have it as a read-only bind of its file, which Docker never makes', () => {
    expect(resolveSpec(READS, {}, OTHERS).container.mounts).toEqual([
      {
        kind: 'file',
        source: '/srv/m/app.ini',
        target: '/app_config',
        readOnly: true,
        digest: sha256('a = 1'),
      },
      {
        kind: 'file',
        source: '/srv/m/password.txt',
        target: '/run/secrets/password',
        readOnly: true,
        digest: sha256('hunter2'),
      },
    ]);
  });

  test.each([
    ['secrets: [password]', '/run/secrets/password'],
    ['secrets: [{source: password}]', '/run/secrets/password'],
    ['secrets: [{source: password, target: db}]', '/run/secrets/db'],
    ['secrets: [{source: password, target: a/./db}]', '/run/secrets/a/db'],
    ['secrets: [{source: password, target: /etc/db/}]', '/etc/db'],
    ['configs: [app_config]', '/app_config'],
    ['configs: [{source: app_config}]', '/app_config'],
    ['configs: [{source: app_config, target: etc/app.ini}]', '/etc/app.ini'],
    ['configs: [{source: app_config, target: /etc/app.ini}]', '/etc/app.ini'],
  ])('%s must be read at %s, as in Compose', (spec, target) => {
    expect(targetsOf(spec)).toEqual([target]);
  });

  test('must find them among its other mounts, in the order of their targets', () => {
    const spec = 'volumes: ["./site:/www", "/cache"]\nsecrets: [password, {source: password, target: /a}]';
    expect(targetsOf(spec)).toEqual(['/a', '/cache', '/run/secrets/password', '/www']);
  });

  test('may not have anything else at the same place', () => {
    const problems = (spec: string): readonly string[] =>
      problemsOf({ 'web.yaml': service('web', `image: tb\n${spec}`), ...OTHERS });
    expect(problems('secrets: [password, password]')).toEqual([
      'm/web.yaml:6:23: error: spec.secrets[1]: something else is mounted at "/run/secrets/password" already [BAD_VALUE]',
    ]);
    expect(problems('volumes: ["./x:/app_config/"]\nconfigs: [app_config]')).toEqual([
      'm/web.yaml:7:13: error: spec.configs[0]: something else is mounted at "/app_config" already [BAD_VALUE]',
    ]);
    expect(
      problems('secrets: [{source: password, target: /x}]\nconfigs: [{source: app_config, target: x}]'),
    ).toEqual([
      'm/web.yaml:7:13: error: spec.configs[0]: something else is mounted at "/x" already [BAD_VALUE]',
    ]);
    expect(problems('configs: [{source: app_config, target: ./}]')).toEqual([
      'm/web.yaml:6:13: error: spec.configs[0]: the target is / — name a file in the container [BAD_VALUE]',
    ]);
  });

  test('must be told of a name that nobody declares, and of the nearest one', () => {
    const problems = (spec: string): readonly string[] =>
      problemsOf({ 'web.yaml': service('web', `image: tb\n${spec}`), ...OTHERS });
    expect(problems('secrets: [pasword, app_config, ../x]')).toEqual([
      'm/web.yaml:6:13: error: spec.secrets[0]: no secret "pasword" is declared — did you mean "password"? [UNKNOWN_SECRET]',
      'm/web.yaml:6:22: error: spec.secrets[1]: no secret "app_config" is declared — declare it: kind: Secret, metadata: {name: app_config}, spec: {file: ./…} [UNKNOWN_SECRET]',
      'm/web.yaml:6:34: error: spec.secrets[2]: no secret "../x" is declared — declare it: kind: Secret, metadata: {name: ../x}, spec: {file: ./…} [UNKNOWN_SECRET]',
    ]);
    expect(problems('configs:\n- source: app-config')).toEqual([
      'm/web.yaml:7:5: error: spec.configs[0]: no config "app-config" is declared — did you mean "app_config"? [UNKNOWN_CONFIG]',
    ]);
  });

  test('may not give an owner or a mode, which a bind cannot change', () => {
    const mend = 'owner and mode are those of the file: set them there, and remove this';
    const told = (entry: string, field: string, column: number): string =>
      `6:${column}: error: spec.${entry}[0]: field "${field}" is not supported by this version yet — ${mend} [UNSUPPORTED]`;
    expect(problemsOfSpec('secrets: [{source: a, uid: "103", gid: "103", mode: 0440}]')).toEqual([
      told('secrets', 'uid', 25),
      told('secrets', 'gid', 37),
      told('secrets', 'mode', 49),
    ]);
    expect(problemsOfSpec('configs: [{source: a, mode: 0440}]')).toEqual([told('configs', 'mode', 25)]);
  });

  test.each([
    ['secrets: password', '6:3: error: spec.secrets: expected a list'],
    ['secrets: [{target: /x}]', '6:13: error: spec.secrets[0]: missing field "source"'],
    ['configs: [{source: a, targt: /x}]', '6:25: error: spec.configs[0]: unknown field "targt"'],
    ['secrets: [{source: a, toString: 1}]', '6:25: error: spec.secrets[0]: unknown field "toString"'],
    ['secrets: [""]', '6:13: error: spec.secrets[0]: is empty'],
    ['secrets: [{source: a, target: ""}]', '6:25: error: spec.secrets[0].target: is empty'],
  ])('must be told what is wrong with %s', (spec, beginning) => {
    const [first = '', ...more] = problemsOfSpec(spec);
    expect(first.slice(0, beginning.length)).toBe(beginning);
    expect(more).toEqual([]);
  });
});

describe('7.8 the file of a secret', () => {
  const hostPaths = [{ inside: '/srv/m', outside: '/home/me/stacks' }];
  const declared = (file: string): Texts => ({
    'web.yaml': service('web', 'image: tb\nsecrets: [x]'),
    'sub/x.yaml': declare('Secret', 'x', `{file: ${file}}`),
    'sub/x.txt': 'x',
    'y.txt': 'y',
  });
  const sourceOf = (file: string, options: Parameters<typeof resolveTexts>[1] = {}): unknown => {
    const { services, problems } = resolveTexts(declared(file), options);
    const [mount] = services.get(serviceName('web'))?.container.mounts ?? [];
    return mount?.kind === 'file' ? mount.source : problems;
  };

  test('must be found from the folder of its own manifest, variables put in', () => {
    expect(sourceOf('x.txt')).toBe('/srv/m/sub/x.txt');
    expect(sourceOf('../y.txt')).toBe('/srv/m/y.txt');
    expect(sourceOf('/srv/m/y.txt')).toBe('/srv/m/y.txt');
    expect(sourceOf(`"\${NAME:-x}.txt"`)).toBe('/srv/m/sub/x.txt');
  });

  test('must be translated to the path on the host, and refused where no mount covers it', () => {
    expect(sourceOf('x.txt', { hostPaths })).toBe('/home/me/stacks/sub/x.txt');
    expect(problemsOf(declared('x.txt'), { hostPaths: [] })).toEqual([
      `m/sub/x.yaml:4:8: error: spec.file: "x.txt" is in no folder of the host — mount the manifest directory into the controller's container with -v [BIND_OUTSIDE]`,
      'm/web.yaml:6:13: error: spec.secrets[0]: the secret "x" is declared by a manifest in error — mend that [UNKNOWN_SECRET]',
    ]);
    expect(problemsOf(declared('~/x.txt'))[0]).toContain(
      'm/sub/x.yaml:4:8: error: spec.file: "~/x.txt" begins at a home directory, which is not known here',
    );
  });

  test('9.3 must ask for the same as a bind where it lies outside, by the service that reads it', () => {
    const outside: Texts = { ...declared('../../x.txt'), '../x.txt': 'far' };
    expect(problemsOf(outside, { allow: [] })).toEqual([
      'm/web.yaml:6:13: error: spec.secrets[0]: the file "../../x.txt" of the secret "x" lies outside of the manifest directory — give --allow bind:/srv/x.txt, or put it below that [POLICY_DENIED]',
    ]);
    expect(resolveTexts(outside, { allow: [] }).needs).toEqual({ services: 1, allow: 'bind:/srv/x.txt' });
    expect(problemsOf(outside, { allow: [{ kind: 'bind', value: '/srv' }] })).toEqual([]);
    const mounted = [...hostPaths, { inside: '/srv', outside: '/media' }];
    expect(resolveTexts(outside, { allow: [], hostPaths: mounted }).needs?.allow).toBe('bind:/media/x.txt');
    const { 'web.yaml': _, ...unused } = outside;
    expect(resolveTexts(unused, { allow: [] })).toMatchObject({ problems: [], needs: null });
  });

  test('7.3 must be known before anything else of a manifest is understood, be it alone there', () => {
    const texts = {
      'a.yaml': documents(
        declare('Secret', 'x', `{file: "x-\${WHICH}.txt"}`),
        declare('Config', '-no-name', '{file: ../y.txt, prots: 1}'),
        declare('Config', 'z', '{file: [z.txt]}'),
      ),
      'b.json': '{"apiVersion":"alicia/v1","kind":"Secret","spec":{"file":"/abs/z"}}',
      'foreign.yaml': 'kind: Secret\nspec: {file: no.txt}\n',
    };
    expect(namedPaths(scanOf(texts).files, { WHICH: '1' }).files.map(({ path }) => path)).toEqual([
      '/srv/m/x-1.txt',
      '/srv/y.txt',
      '/abs/z',
    ]);
  });
});

describe('a secret or config document', () => {
  const told = (kind: 'Secret' | 'Config', spec: string, files: Texts = {}): readonly string[] =>
    problemsOf({ 'x.yaml': declare(kind, 'x', spec), ...files }).map((line) => line.replace('m/x.yaml:', ''));

  test.each<readonly [string, Texts, string]>([
    [
      'not there',
      {},
      `4:8: error: spec.file: there is no file "x.txt" — make it, or correct its path, which begins at the manifest's folder [MISSING_FILE]`,
    ],
    [
      'too large',
      { 'x.txt': { kind: 'tooLarge', bytes: 2_000_000 } },
      '4:8: error: spec.file: "x.txt" is larger than 1 MiB (2000000 bytes) and is not read — mount it instead: volumes: ["x.txt:/path:ro"] [TOO_LARGE]',
    ],
    [
      'not to be read',
      { 'x.txt': { kind: 'unreadable', reason: 'permission denied' } },
      '4:8: error: spec.file: "x.txt" cannot be read: permission denied — name a file that the controller may read [UNREADABLE]',
    ],
  ])('whose file is %s must be told with its place and what to do', (_title, files, line) => {
    expect(told('Secret', '{file: x.txt}', files)).toEqual([line]);
    expect(told('Config', '{file: x.txt}', files)).toEqual([line]);
  });

  test('whose file is empty or no text must be good', () => {
    expect(told('Secret', '{file: x.txt}', { 'x.txt': '' })).toEqual([]);
    expect(told('Config', '{file: x.txt}', { 'x.txt': Uint8Array.of(0, 255) })).toEqual([]);
  });

  test.each([
    ['environment', 'X', 'put the text into a file, and name that in file'],
    ['content', 'hunter2', 'put the text into a file, and name that in file'],
    ['external', 'true', 'Docker keeps none by itself: put the text into a file, and name that in file'],
    ['name', 'y', 'services refer to it by metadata.name: remove this'],
    ['driver', 'y', 'there is none: put the text into a file, and name that in file'],
    ['driver_opts', '{a: b}', 'there is no driver: remove it'],
    ['template_driver', 'golang', 'the file is taken as it stands: fill it in before, and remove this'],
    ['labels', '{a: b}', 'it is nothing on Docker that could bear them: remove them'],
  ])('with the field %s of Compose must be told what to do instead', (field, value, mend) => {
    for (const kind of ['Secret', 'Config'] as const)
      expect(told(kind, `{file: x.txt, ${field}: ${value}}`, { 'x.txt': '' })).toEqual([
        `4:21: error: spec: field "${field}" is not supported by this version yet — ${mend} [UNSUPPORTED]`,
      ]);
  });

  test('whose file is only missing because of such a field must be told of that field alone', () => {
    expect(told('Secret', '{content: hunter2}')).toHaveLength(1);
    expect(told('Secret', '{name: x}')).toHaveLength(2);
  });

  test('must be told of every other mistake, without a word of its value', () => {
    expect(told('Secret', '{fil: x.txt}')).toEqual([
      '4:8: error: spec: unknown field "fil" — did you mean "file"? [UNKNOWN_FIELD]',
    ]);
    expect(told('Secret', 'hunter2')).toEqual(['4:1: error: spec: expected a mapping [WRONG_TYPE]']);
    expect(told('Secret', '\n  file: |\n    -----BEGIN\n    hunter2')).toEqual([
      '5:3: error: spec.file: not a path: it is many lines long — put them into a file, and name that [BAD_VALUE]',
    ]);
    expect(told('Config', '{}')).toEqual(['4:1: error: spec: missing field "file" [MISSING_FIELD]']);
    expect(
      problemsOf({
        'x.yaml': 'apiVersion: alicia/v1\nkind: Secret\nmetadata: {name: a b, labels: {}}\nspec: {file: x}\n',
      }),
    ).toEqual([
      'm/x.yaml:3:12: error: metadata.name: not a valid name: "a b" — use letters, digits, ., - and _, at most 63 [BAD_NAME]',
      'm/x.yaml:3:23: error: metadata: field "labels" is not supported by this version yet — it is nothing on Docker that could bear them: remove them [UNSUPPORTED]',
    ]);
  });

  test('may bear the name of another kind, and not that of another of its own', () => {
    const texts = (kind: 'Secret' | 'Config'): Texts => ({
      'x.yaml': documents(declare('Secret', 'x', '{file: x.txt}'), declare(kind, 'x', '{file: x.txt}')),
      'x.txt': '',
    });
    expect(problemsOf(texts('Config'))).toEqual([]);
    expect(problemsOf(texts('Secret'))).toHaveLength(2);
    expect(problemsOf(texts('Secret'))[0]).toContain('[DUPLICATE_NAME]');
  });
});

describe('3.1 the hash of a service', () => {
  const hashOf = (spec: string, files: Texts = {}): string =>
    resolveSpec(spec, {}, { ...OTHERS, ...files }).hash;

  test('must change with the contents of what it reads, be they text or not', () => {
    const contents = ['hunter2', 'hunter3', '', '\uFEFFhunter2', [0, 255], [0, 254], [255]].map((content) =>
      typeof content === 'string' ? Buffer.from(content) : Uint8Array.from(content),
    );
    const hashes = contents.map((content) => hashOf(READS, { 'password.txt': content }));
    expect(new Set(hashes).size).toBe(contents.length);
    expect(hashOf(READS, { 'app.ini': 'a = 2' })).not.toBe(hashOf(READS));
    expect(hashOf(READS)).toBe(
      hashOf('configs: [{source: app_config}]\nsecrets: [{source: password, target: password}]'),
    );
  });

  test('must change with the place of the file in the container', () => {
    expect(hashOf('secrets: [{source: password, target: db}]')).not.toBe(hashOf('secrets: [password]'));
  });

  test('must be that of before without any, whatever is declared beside it', () => {
    const bare = resolveSpec('').hash;
    for (const spec of ['', 'secrets: []', 'configs: null']) expect(hashOf(spec)).toBe(bare);
    expect(hashOf('secrets: [password]', { 'app.ini': 'a = 2' })).toBe(hashOf('secrets: [password]'));
  });
});

describe('7.4 a service whose secret is in error', () => {
  const web = (image: string): string => service('web', `image: ${image}\nsecrets: [password]`);
  const whole: Texts = { 'web.yaml': web('tb:1'), 'rest.yaml': service('rest'), ...OTHERS };
  const { 'password.txt': _password, ...fileGone } = whole;
  const { 'files.yaml': _declared, ...manifestGone } = whole;

  test('must run on as it was, and say why, while everything else goes on', () => {
    const { look, desired } = createProcess();
    look(whole);
    const good = desired()?.services.get(serviceName('web'));
    expect(look(whole, 1000)).toBe('rest web | confirmed');
    expect(look({ ...fileGone, 'web.yaml': web('tb:2') }, 1)).toBe('rest web* | unconfirmed');
    expect({ ...desired()?.services.get(serviceName('web')), staleBecause: null }).toEqual(good);
    expect(desired()?.services.get(serviceName('web'))?.staleBecause).toBe(
      'm/web.yaml:6:13: error: spec.secrets[0]: the secret "password" is declared by a manifest in error — mend that [UNKNOWN_SECRET]',
    );
    expect(look({ ...fileGone, 'web.yaml': web('tb:2') }, 1000)).toBe('rest web* | confirmed');
    expect(look(whole, 1)).toBe('rest web | unconfirmed');
    expect(desired()?.services.get(serviceName('web'))).toEqual(good);
  });

  test.each<readonly [string, Texts]>([
    ['its file cannot be read', { ...whole, 'password.txt': { kind: 'unreadable', reason: 'EACCES' } }],
    ['its manifest has a mistake', { ...whole, 'files.yaml': DECLARED.replaceAll('file:', 'flie:') }],
    ['its manifest does not parse', { ...whole, 'files.yaml': 'apiVersion: alicia/v1\nkind: [' }],
    ['its manifest is gone', manifestGone],
  ])('must run on as it was when %s', (_title, texts) => {
    const { look } = createProcess();
    look(whole);
    look(whole, 1000);
    expect(look(texts, 1)).toBe('rest web* | unconfirmed');
  });

  test('7.5 must be left alone by a process that has no good version', () => {
    const { look } = createProcess();
    expect(look(fileGone)).toBe('rest web? | fileInError');
    expect(look(whole, 1)).toBe('rest web | unconfirmed');
  });

  test('must be another one as soon as the contents are', () => {
    const { look, desired } = createProcess();
    const hash = (): string | undefined => desired()?.services.get(serviceName('web'))?.hash;
    look(whole);
    const before = hash();
    expect(look({ ...whole, 'password.txt': Uint8Array.of(255) }, 1)).toBe('rest web | unconfirmed');
    expect(hash()).not.toBe(before);
  });
});
