import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createLog, type LogOptions } from '../../../src/adapters/log/log.js';
import { withoutSecrets } from '../../../src/adapters/log/secrets.js';
import { EngineError } from '../../../src/controller/ports.js';
import { isSecretName, withoutLogins } from '../../../src/model/secrets.js';

const folder = mkdtempSync(join(tmpdir(), 'alicia-log-'));
const descriptors: number[] = [];
afterAll(() => {
  for (const descriptor of descriptors) closeSync(descriptor);
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
async function logInto(change: Partial<LogOptions> = {}) {
  count += 1;
  const path = join(folder, `${count}.log`);
  const descriptor = openSync(path, 'w');
  descriptors.push(descriptor);
  const log = await createLog({
    ...{ level: 'info', form: 'json', isColoured: false, descriptor },
    limits: { bufferBytes: 100_000, flushMs: 500 },
    ...change,
  });
  const written = async (): Promise<string> => {
    await log.flush();
    return readFileSync(path, 'utf8');
  };
  return { log, written };
}

describe('for programs', () => {
  test('a line must be one JSON object with level, time, facts and message', async () => {
    const { log, written } = await logInto();
    log.info({ service: 'web', replicas: 2 }, 'Started');
    expect(JSON.parse(await written())).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'web',
      replicas: 2,
      msg: 'Started',
    });
  });

  test('what is below the level must not be written', async () => {
    const { log, written } = await logInto({ level: 'warn' });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, level);
    expect(
      (await written())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    ).toEqual(['warn', 'error']);
  });

  test('an error must keep its message and cause, and facts that hold each other must not throw', async () => {
    const { log, written } = await logInto();
    const failure = { code: 'unreachable', message: 'no socket', status: null } as const;
    const facts: Record<string, unknown> = { error: new EngineError(failure, new Error('ENOENT')) };
    facts.self = facts;
    log.error(facts, 'Failed');
    expect(JSON.parse(await written())).toMatchObject({
      error: { name: 'EngineError', message: 'no socket', cause: { message: 'ENOENT' } },
    });
  });
});

test('for people a line must be short and readable, written at once', async () => {
  const { log, written } = await logInto({ form: 'pretty' });
  log.warn({ service: 'web' }, 'Not ready');
  expect(await written()).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: Not ready \{"service":"web"\}\n$/);
});

describe('names and words from outside must not break the line, nor move the cursor', () => {
  const file = 'a\nb\u001b[2J\u009b\u202e"\\n.yaml';

  test('for people', async () => {
    const { log, written } = await logInto({ form: 'pretty' });
    log.warn({ problems: [{ file, [file]: 1 }] }, `failed: ${file}\r\u001b[1A`);
    log.warn({}, 'next');
    const lines = (await written()).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(lines[0]).toContain('WARN: failed: a b [2J··"\\n.yaml');
    expect(lines[1]).toContain('WARN: next');
  });

  test('for programs, who are told them unchanged', async () => {
    const { log, written } = await logInto();
    log.warn({ problems: [{ file }] }, 'manifest_rejected');
    const lines = (await written()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).problems[0].file)).toEqual([file]);
  });
});

test('a reader that stops reading must hold up neither a call nor, for long, the end', async () => {
  const fifo = join(folder, 'stalled');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  descriptors.push(reader, descriptor);
  const { log } = await logInto({ descriptor });
  const before = performance.now();
  for (let line = 0; line < 3000; line += 1) log.info({ line, text: 'x'.repeat(200) }, 'said');
  await log.flush();
  expect(performance.now() - before).toBeLessThan(3000);
});

test('a descriptor that is closed must neither throw nor wait', async () => {
  const { log } = await logInto({ descriptor: 9999 });
  log.info({}, 'lost');
  await log.flush();
});

describe('9.4 secrets', () => {
  test.each([
    'password',
    'mqttPassword',
    'MQTT_PASSWORD',
    'http-token',
    'apiKey',
    'AWS_SECRET',
    'credentials',
    'Authorization',
  ])('a field of this name must be hidden: %s', (name) => expect(isSecretName(name)).toBe(true));

  test.each(['key', 'stepKey', 'service', 'keyboard', 'monkey', 'passes', 'tokenizer'])(
    'a field of this name must be shown: %s',
    (name) => expect(isSecretName(name)).toBe(false),
  );

  test('values must be hidden at any depth, in maps and lists too, and the rest kept', () => {
    const facts = {
      options: [{ password: 'hunter2', user: 'me' }],
      environment: new Map([['API_TOKEN', 'hunter2']]),
      token: null,
    };
    expect(withoutSecrets(facts)).toEqual({
      options: [{ password: '[hidden]', user: 'me' }],
      environment: { API_TOKEN: '[hidden]' },
      token: null,
    });
    expect(facts.options[0]?.password).toBe('hunter2');
  });

  test('a login inside an address must be hidden, in messages and errors too', async () => {
    expect(withoutLogins('to mqtt://me:hunter2@bus:1883/x and http://bus:80')).toBe(
      'to mqtt://me:[hidden]@bus:1883/x and http://bus:80',
    );
    const { log, written } = await logInto();
    log.error(
      { error: new Error('mqtt://me:hunter2@bus'), url: 'mqtt://me:hunter2@bus' },
      'mqtt://me:hunter2@bus',
    );
    expect(await written()).not.toContain('hunter2');
  });
});
