import { describe, expect, test } from 'vitest';
import { type Config, type ConfigInput, LIMITS, parseConfig } from '../src/config.js';
import { environmentNameOf, FLAGS, parseAddress, parseDuration } from '../src/flags.js';

const files: Readonly<Record<string, string>> = {
  '/run/secrets/password': 'hunter2\n',
  '/run/secrets/empty': '\n',
  'ca.pem': '-----BEGIN CERTIFICATE-----\nca\n',
  'cert.pem': '-----BEGIN CERTIFICATE-----\ncert\n',
  'key.pem': '-----BEGIN PRIVATE KEY-----\nkey\n',
  'notes.txt': 'no certificate',
};

const input = (change: Partial<ConfigInput>): ConfigInput => ({
  directories: [],
  flags: {},
  environment: {},
  hostname: 'box',
  readFile: (path) => {
    const text = files[path];
    return text === undefined ? { kind: 'failed', reason: 'no such file' } : { kind: 'text', text };
  },
  ...change,
});

function configOf(change: Partial<ConfigInput>): Config {
  const result = parseConfig(input(change));
  if (result.kind === 'problems') throw new Error(result.problems.join('\n'));
  return result.config;
}

function problemsOf(change: Partial<ConfigInput>): readonly string[] {
  const result = parseConfig(input(change));
  return result.kind === 'problems' ? result.problems : [];
}

test('nothing given must give the defaults of the contract', () => {
  expect(configOf({})).toEqual({
    manifests: ['./manifests'],
    project: 'alicia',
    instance: 'box',
    network: 'alicia_bus_network',
    dockerHost: null,
    mqtt: { kind: 'embedded', listen: { host: '127.0.0.1', port: 1883 } },
    mqttPrefix: 'alicia',
    discovery: false,
    http: { kind: 'tcp', host: '127.0.0.1', port: 7070, token: null, isGiven: false },
    allow: [],
    allowEmpty: false,
    allowMassPrune: false,
    rescanMs: 30_000,
    resyncMs: 30_000,
    concurrency: 8,
    logLevel: 'info',
  });
});

describe('where a value comes from', () => {
  test('a flag must win over its variable, in dashes or in camel case', () => {
    const environment = { ALICIA_PROJECT: 'other', ALICIA_LOG_LEVEL: 'debug' };
    expect(configOf({ environment, flags: { project: 'home', 'log-level': 'warn' } })).toMatchObject({
      project: 'home',
      logLevel: 'warn',
    });
    expect(configOf({ environment, flags: { logLevel: 'error' } })).toMatchObject({ logLevel: 'error' });
    expect(configOf({ environment })).toMatchObject({ project: 'other', logLevel: 'debug' });
  });

  test('an empty variable must count as not given', () => {
    expect(configOf({ environment: { ALICIA_PROJECT: '', ALICIA_HTTP: '' } }).project).toBe('alicia');
  });

  test('a problem must name the variable when the value came from there', () => {
    expect(problemsOf({ environment: { ALICIA_RESCAN: '30' } })).toEqual([
      'ALICIA_RESCAN: expected a duration from 1s to 1h such as 30s or 1m30s, got "30"',
    ]);
  });

  test('a secret must be readable from a file, without its last line break', () => {
    const environment = {
      ALICIA_MQTT_URL: 'mqtt://bus',
      ALICIA_MQTT_USERNAME: 'alicia',
      ALICIA_MQTT_PASSWORD_FILE: '/run/secrets/password',
    };
    expect(configOf({ environment }).mqtt).toMatchObject({ username: 'alicia', password: 'hunter2' });
  });

  test.each(['/run/secrets/empty', '/run/secrets/none'])(
    'a secret file without a secret must be told: %s',
    (path) => {
      const problems = problemsOf({ environment: { ALICIA_HTTP_TOKEN_FILE: path } });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`ALICIA_HTTP_TOKEN_FILE`);
      expect(problems[0]).toContain(path);
    },
  );

  test('arguments must win over --manifests, which may name several directories', () => {
    expect(configOf({ flags: { manifests: 'a:b' } }).manifests).toEqual(['a', 'b']);
    expect(configOf({ flags: { manifests: 'a' }, directories: ['c', 'd'] }).manifests).toEqual(['c', 'd']);
    expect(problemsOf({ flags: { manifests: ':' } })).toHaveLength(1);
  });

  test('a switch must take true and false from the environment and refuse the rest', () => {
    expect(configOf({ flags: { allowEmpty: true } }).allowEmpty).toBe(true);
    expect(configOf({ environment: { ALICIA_ALLOW_EMPTY: '1' } }).allowEmpty).toBe(true);
    expect(configOf({ environment: { ALICIA_ALLOW_MASS_PRUNE: 'no' } }).allowMassPrune).toBe(false);
    expect(problemsOf({ environment: { ALICIA_ALLOW_EMPTY: 'maybe' } })).toEqual([
      'ALICIA_ALLOW_EMPTY: expected true or false, got "maybe"',
    ]);
  });
});

test('the name of the instance must tell projects on one machine apart and fit into a topic', () => {
  expect(configOf({ flags: { project: 'home' } }).instance).toBe('box-home');
  expect(configOf({ hostname: 'my box/+#' }).instance).toBe('my-box---');
  expect(configOf({ flags: { instance: 'lab' } }).instance).toBe('lab');
  expect(problemsOf({ flags: { instance: 'a/b' } })).toHaveLength(1);
});

test('--discovery must be off unless it is asked for', () => {
  expect(configOf({ flags: { discovery: true } }).discovery).toBe(true);
  expect(configOf({ environment: { ALICIA_DISCOVERY: 'yes' } }).discovery).toBe(true);
  expect(configOf({ environment: { ALICIA_DISCOVERY: 'off' } }).discovery).toBe(false);
});

test.each(['homeassistant', 'profile'])('--%s must be refused, not ignored', (name) => {
  const sentence = 'this version has no such feature yet; leave it out';
  expect(problemsOf({ flags: { [name]: 'x' } })).toEqual([`--${name}: ${sentence}`]);
  expect(problemsOf({ environment: { [environmentNameOf(name)]: 'x' } })).toEqual([
    `${environmentNameOf(name)}: ${sentence}`,
  ]);
});

test.each([
  ['project', 'Home'],
  ['project', '-a'],
  ['project', 'a'.repeat(64)],
  ['network', 'a b'],
  ['docker-host', '/var/run/docker.sock'],
  ['mqtt-prefix', 'a//b'],
  ['mqtt-prefix', 'a/#'],
  ['mqtt-prefix', 'a+'],
  ['mqtt-prefix', '$SYS'],
  ['mqtt-listen', '1883'],
  ['mqtt-listen', '127.0.0.1:70000'],
  ['mqtt-url', 'bus:1883'],
  ['mqtt-url', 'bus'],
  ['mqtt-url', 'http://bus'],
  ['http', '7070'],
  ['http-token', 'a b'],
  ['rescan', '0s'],
  ['rescan', '2h'],
  ['resync', '1 m'],
  ['concurrency', '0'],
  ['concurrency', '65'],
  ['concurrency', '1.5'],
  ['log-level', 'loud'],
])('a bad value must be refused with its flag: --%s %s', (name, value) => {
  const problems = problemsOf({ flags: { [name]: value } });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^--${name}: expected `));
});

test('every problem must be told at once', () => {
  expect(problemsOf({ flags: { project: 'A', rescan: 'x', concurrency: 'y' } })).toHaveLength(3);
});

describe('MQTT', () => {
  const mqttOf = (flags: Readonly<Record<string, string>>) => configOf({ flags }).mqtt;

  test('"off" must mean no broker at all', () => {
    expect(mqttOf({ 'mqtt-url': 'off' })).toEqual({ kind: 'off' });
  });

  test('user and password must leave the address, so that it can be logged', () => {
    expect(mqttOf({ 'mqtt-url': 'mqtt://me:p%40ss@bus:1884' })).toEqual({
      kind: 'broker',
      url: 'mqtt://bus:1884',
      username: 'me',
      password: 'p@ss',
      ca: null,
      cert: null,
      key: null,
    });
    expect(
      mqttOf({ 'mqtt-url': 'mqtt://me:a@bus', 'mqtt-username': 'you', 'mqtt-password': 'b' }),
    ).toMatchObject({
      username: 'you',
      password: 'b',
    });
  });

  test('a password must never be repeated in a problem', () => {
    expect(problemsOf({ flags: { 'mqtt-url': 'http://me:hunter2@bus' } }).join()).not.toContain('hunter2');
  });

  test('certificates must arrive as texts', () => {
    const flags = {
      'mqtt-url': 'mqtts://bus',
      'mqtt-ca': 'ca.pem',
      'mqtt-cert': 'cert.pem',
      'mqtt-key': 'key.pem',
    };
    expect(mqttOf(flags)).toMatchObject({
      ca: files['ca.pem'],
      cert: files['cert.pem'],
      key: files['key.pem'],
    });
  });

  test.each([
    [{ 'mqtt-ca': 'notes.txt' }, 'it holds none'],
    [{ 'mqtt-ca': 'none.pem' }, 'no such file'],
    [{ 'mqtt-cert': 'cert.pem' }, 'belong together'],
    [{ 'mqtt-password': 'x' }, 'give --mqtt-username too'],
    [{ 'mqtt-listen': '127.0.0.1:1884' }, 'leave one out'],
  ])('a set that cannot work must be refused: %o', (flags, sentence) => {
    const problems = problemsOf({ flags: { 'mqtt-url': 'mqtts://bus', ...flags } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(sentence);
  });
});

describe('HTTP', () => {
  test('beyond loopback a token must be given', () => {
    expect(problemsOf({ flags: { http: '0.0.0.0:7070' } })).toEqual([
      '--http: 0.0.0.0 can be reached from other machines: give --http-token or ALICIA_HTTP_TOKEN_FILE, or listen on 127.0.0.1',
    ]);
    expect(configOf({ flags: { http: '0.0.0.0:7070', 'http-token': 't' } }).http).toEqual({
      kind: 'tcp',
      host: '0.0.0.0',
      port: 7070,
      token: 't',
      isGiven: true,
    });
  });

  test.each(['127.0.0.1:1', '127.1.2.3:1', 'localhost:1', '[::1]:1'])('loopback needs none: %s', (http) => {
    expect(problemsOf({ flags: { http } })).toEqual([]);
  });

  test('"off" must mean no port', () => {
    expect(configOf({ flags: { http: 'off' } }).http).toEqual({ kind: 'off' });
  });
});

test('a duration must be a number with a unit', () => {
  expect(['30s', '1m30s', '500ms', '1.5h', '2m'].map(parseDuration)).toEqual([
    30_000, 90_000, 500, 5_400_000, 120_000,
  ]);
  expect(['', '30', 's', '-1s', '1s ', '1d', '1s,2s'].map(parseDuration)).toEqual(Array(7).fill(null));
});

test('an address must be host and port', () => {
  expect(parseAddress('[::1]:80')).toEqual({ host: '::1', port: 80 });
  expect(parseAddress('bus.lan:0')).toEqual({ host: 'bus.lan', port: 0 });
  expect(['', 'a', ':80', 'a:', '::1:80', 'a:65536', 'a b:1'].map(parseAddress)).toEqual(Array(7).fill(null));
});

test('every maximum must be a positive number', () => {
  const figuresOf = (value: unknown): number[] =>
    typeof value === 'number' ? [value] : Object.values(value as object).flatMap(figuresOf);
  expect(figuresOf(LIMITS).every((figure) => Number.isInteger(figure) && figure > 0)).toBe(true);
});

test('every flag must have a help line and a name of its own', () => {
  expect(new Set(FLAGS.map(({ name }) => name)).size).toBe(FLAGS.length);
  expect(FLAGS.every(({ help }) => help !== '')).toBe(true);
});
