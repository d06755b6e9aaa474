/**
 * What a file may hold instead of a manifest, drawn.
 * Owns: the grammar of manifests with changes in them, raw bytes, and values of any kind. Must not know: what must hold.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { decode } from '../../src/adapters/files/read.js';
import { publishedSchema } from './published-schema.js';
import { documentsFrom } from './schema-documents.js';
import { documents, service, type Texts } from './texts.js';

/** What became of reading a file. */
export type Input = Texts[string];

/** Good manifests with most of what YAML and the fields can do. */
export const EXAMPLE = documents(
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
  secrets: [password, {source: password, target: /etc/password}]
  configs: [settings]
  x-env: *env
`,
  'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: front}\nspec: {ipam: {config: [{subnet: 10.0.0.0/8}]}}\n',
  'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: data}\n',
  'apiVersion: alicia/v1\nkind: Secret\nmetadata: {name: password}\nspec: {file: ./password.txt}\n',
  `apiVersion: alicia/v1\nkind: Config\nmetadata: {name: settings}\nspec: {file: "\${SETTINGS:-settings}.ini"}\n`,
  service('db', 'image: tb\nnetwork_mode: service:cache\npids_limit: -1'),
  service('cache'),
);

/** The files that the example names. */
export const EXAMPLE_FILES: Texts = { 'password.txt': 'hunter2', 'settings.ini': Uint8Array.of(0, 255) };

/** What means something in YAML, and what means something to JavaScript. */
const PIECES = [
  '\n',
  '\r',
  '  ',
  '---\n',
  '...\n',
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
  '!!binary ',
  '|',
  '>',
  '#',
  '%YAML 1.1\n',
  '$',
  '${',
  `\${A:?b}`,
  '\t',
  '\u0000',
  '\u2028',
  '\uFEFF',
  '? ',
  'null',
  '1e999',
  '.nan',
  '0x1F',
  '__proto__',
  'constructor',
];

interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly put: string;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat(100_000),
    drop: fc.nat(30),
    put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })),
  }),
  { minLength: 1, maxLength: 6 },
);

const edited = (text: string, changes: readonly Edit[]): string =>
  changes.reduce((before, { at, drop, put }) => {
    const from = at % (before.length + 1);
    return before.slice(0, from) + put + before.slice(from + drop);
  }, text);

/** Documents of one kind or another, as YAML or JSON, one or a few in a file. */
const goodText = fc
  .array(fc.record({ document: fc.oneof(...documentsFrom(publishedSchema)), isJson: fc.boolean() }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((drawn) =>
    drawn
      .map(({ document, isJson }) => (isJson ? JSON.stringify(document) : stringify(document)))
      .join('\n---\n'),
  );

/** Good manifests with pieces cut out, put in, repeated. */
export const editedManifest: fc.Arbitrary<Input> = fc
  .record({
    text: fc.oneof({ weight: 9, arbitrary: goodText }, { weight: 1, arbitrary: fc.constant(EXAMPLE) }),
    edits,
  })
  .map(({ text, edits: changes }) => edited(text, changes));

/** The example, changed. */
export const editedExample: fc.Arbitrary<Input> = edits.map((changes) => edited(EXAMPLE, changes));

/** Bytes of any kind, alone or in the middle of a manifest, as the file adapter reads them. */
export const anyBytes: fc.Arbitrary<Input> = fc
  .record({ bytes: fc.uint8Array({ maxLength: 120 }), at: fc.nat(80), isInside: fc.boolean() })
  .map(({ bytes, at, isInside }) => {
    const [head, rest] = isInside ? [service('web').slice(0, at), service('web').slice(at)] : ['', ''];
    const { content } = decode(Buffer.concat([Buffer.from(head), bytes, Buffer.from(rest)]));
    return content.kind === 'text' ? content.text : content;
  });

/** Characters of any kind, and heaps of what means something in YAML; at times behind a line of ours. */
export const anyText: fc.Arbitrary<Input> = fc
  .record({
    head: fc.constantFrom('', 'apiVersion: alicia/v1\n', 'services:\n'),
    text: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc
        .array(fc.constantFrom(...PIECES, 'a', 'services'), { maxLength: 40 })
        .map((pieces) => pieces.join('')),
    ),
  })
  .map(({ head, text }) => head + text);

const FIELDS = [
  ...[
    'image',
    'command',
    'environment',
    'ports',
    'volumes',
    'networks',
    'depends_on',
    'healthcheck',
    'deploy',
  ],
  ...['restart', 'labels', 'optional_deps', 'network_mode', 'probes', 'cpus', 'mem_limit', 'memswap_limit'],
  ...['pids_limit', 'secrets', 'configs', 'prots', 'x-y', 'toString', '__proto__'],
];
const INNER_FIELDS = [
  ...[
    'test',
    'source',
    'target',
    'update_config',
    'restart_policy',
    'resources',
    'limits',
    'http',
    'mqtt',
    'exec',
  ],
];
const SCALARS = [
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
] as const;

const anyValue = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(...SCALARS),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS, ...INNER_FIELDS), tie('any'), { maxKeys: 3 }),
  ),
})).any;

/** A service, secret or config with values of any kind in place of the right ones. */
export const anyValues: fc.Arbitrary<Input> = fc
  .record({
    kind: fc.constantFrom('Service', 'Service', 'Secret', 'Config'),
    spec: fc.dictionary(fc.constantFrom(...FIELDS), anyValue, { maxKeys: 6 }),
    file: anyValue,
    labels: anyValue,
    name: fc.constantFrom('a', 'web', 'other'),
  })
  .map(({ kind, spec, file, labels, name }) =>
    JSON.stringify({
      apiVersion: 'alicia/v1',
      kind,
      metadata: { name, labels },
      spec: kind === 'Service' ? { image: 'tb', ...spec } : { file, ...spec },
    }),
  );
