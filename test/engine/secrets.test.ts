// Owns: 9.4 with the whole program: values that are secret are written into containers, and nowhere else.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { serviceText } from '../cli/support/manifest-folder.js';
import { eventually } from '../support/eventually.js';
import { createMosquitto, freePort, observe } from '../support/mosquitto.js';
import { type CliWorld, createCliWorld, docker, IDLE } from './support/cli-world.js';

/** What must be nowhere: every secret of the scene has it in it. */
const CANARY = 'canary';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const environment = (password: string): string => `${IDLE}
  environment:
    DB_PASSWORD: ${password}
    API_TOKEN: "\${FROM_FILE_TOKEN}"
    TLS_KEY: |
      ${CANARY}-pem
    BUS_URL: amqp://me:${CANARY}-login@bus:5672/
    WITH_CREDENTIALS: "\${HOST_SECRET}"
  env_file: web.env
  secrets: [password]
  configs: [settings]`;

const declared = (kind: 'Secret' | 'Config', name: string, spec: string): string =>
  `---\napiVersion: alicia/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:${spec}\n`;

const FILES = {
  'web.yaml': serviceText('web', environment(`${CANARY}-first`)),
  '.env': `FROM_FILE_TOKEN=${CANARY}-file\n`,
  'web.env': `PLAIN=${CANARY}-env-file\n`,
  'wrong.env': `${CANARY} is no line of such a file\n`,
  'wrong-file.yaml': serviceText('wrong-file', `${IDLE}\n  env_file: wrong.env`),
  'declared.yaml':
    declared('Secret', 'password', ' {file: password.txt}') +
    declared('Config', 'settings', ' {file: app.ini}'),
  'password.txt': `${CANARY}-secret-file`,
  'app.ini': `password = ${CANARY}-config-file\n`,
  // Each is wrong at a secret, in another way.
  'content.yaml': declared('Secret', 'content', ` {content: ${CANARY}-content}`),
  'block.yaml': declared('Secret', 'block', `\n  content: |\n    ${CANARY}-block: |\n    ${CANARY}-line`),
  'data.yaml': `${declared('Secret', 'data', ' {file: app.ini}')}stringData: {user: ${CANARY}-data}\n`,
  'text.yaml': declared('Secret', 'text', ` ${CANARY}-text`),
  'lines.yaml': declared('Secret', 'lines', `\n  file: |\n    ${CANARY}-lines\n    ${CANARY}-more`),
  'named.yaml': declared('Secret', 'named', ' {file: is-named.yaml}'),
  'is-named.yaml': `services:\n  db: ${CANARY}-yaml: ${CANARY}-broken\n`,
  'directory.yaml': declared('Config', 'directory', ' {file: .}'),
  'wrong-type.yaml': serviceText('wrong', `${IDLE}\n  environment: {DB_SECRET: [${CANARY}-list]}`),
  'twice.yaml': serviceText(
    'twice',
    `${IDLE}\n  environment:\n    DB_KEY: ${CANARY}-one\n    DB_KEY: ${CANARY}-two`,
  ),
  'syntax.yaml': serviceText('syntax', `${IDLE}\n  environment:\n    DB_KEY: ${CANARY}-a: ${CANARY}-b`),
  'tag.yaml': serviceText('tag', `${IDLE}\n  environment:\n    DB_KEY: !vault ${CANARY}-tagged`),
  'dollar.yaml': serviceText('dollar', `${IDLE}\n  environment:\n    DB_KEY: "${CANARY}-$1"`),
  // Docker refuses to start it, and says why at length.
  'fails.yaml': serviceText('fails', `${environment(`${CANARY}-fails`)}\n  command: [none-such]`),
  'pulls.yaml': serviceText('pulls', environment(`${CANARY}-pulls`).replace('alicia-test:1', 'none-such:1')),
};

/** A registry that lets nobody in, and what it was told by those who tried. */
async function openClosedRegistry(): Promise<{ readonly host: string; readonly logins: Set<string> }> {
  const logins = new Set<string>();
  const server = createServer(({ headers }, response) => {
    if (headers.authorization !== undefined) logins.add(headers.authorization);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="none"' }).end('{"errors":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, logins };
}

/** A folder with the Docker client's configuration, which knows a login for this registry. */
function dockerConfigFor(host: string, pair: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'alicia-docker-config-'));
  endings.push(() => rmSync(folder, { recursive: true }));
  const auth = Buffer.from(pair).toString('base64');
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  return folder;
}

function worldOf(files: Readonly<Record<string, string>>): CliWorld {
  const world = createCliWorld(files);
  endings.push(() => world.remove());
  return world;
}

/** Whoever has to show what he holds, and did show one. */
const leaksOf = (shown: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(shown).flatMap(([where, text]) => {
    const line = text.split('\n').find((each) => each.includes(CANARY));
    return line === undefined ? [] : [`${where}: ${line.slice(0, 300)}`];
  });

test('9.4 no command may print a secret, whatever is wrong with it', async () => {
  const world = worldOf(FILES);
  const host = { HOST_SECRET: `${CANARY}-host` };
  const shown: Record<string, string> = {};
  const commands = ['validate', 'validate -o json', 'validate -o github', 'graph', 'plan', 'plan -o json'];
  for (const words of [...commands, 'status', 'status -o json', 'apply --timeout 6s', 'plan', 'status']) {
    const { out, err } = await world.run(words, host);
    shown[`${words} (${Object.keys(shown).length})`] = out + err;
    expect(out + err, words).not.toBe('');
  }
  expect(leaksOf(shown)).toEqual([]);
  // What is looked for was really there.
  const [name] = world.containers().filter((each) => each.includes('-web-'));
  const inside = docker('inspect', '--format', '{{range .Config.Env}}{{println .}}{{end}}', name ?? '');
  expect(inside.filter((line) => line.includes(CANARY)).map((line) => line.split('=')[0])).toEqual(
    expect.arrayContaining(['DB_PASSWORD', 'API_TOKEN', 'TLS_KEY', 'BUS_URL', 'WITH_CREDENTIALS', 'PLAIN']),
  );
  const files = docker('exec', name ?? '', 'cat', '/run/secrets/password', '/settings').join();
  expect(files).toBe(`${CANARY}-secret-filepassword = ${CANARY}-config-file`);
  const labels = docker('inspect', '--format', '{{json .Config.Labels}}', name ?? '').join('');
  expect(labels).not.toContain(CANARY);
});

test('9.4 no log line, event, status or page may hold a secret', async () => {
  const world = worldOf(FILES);
  const broker = await createMosquitto();
  endings.push(() => broker.remove());
  await broker.start();
  const ear = await observe(broker.url);
  endings.push(() => ear.end());
  const port = await freePort();
  const token = `${CANARY}-token`;
  const controller = world.begin('run --log-level debug', {
    HOST_SECRET: `${CANARY}-host`,
    ALICIA_MQTT_URL: broker.url.replace('://', `://${CANARY}-user:${CANARY}-in-url@`),
    ALICIA_HTTP: `127.0.0.1:${port}`,
    ALICIA_HTTP_TOKEN: token,
  });
  const page = async (path: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).text();
  };
  const isTold = async (text: string): Promise<boolean> =>
    (await page('/api/v1/services').catch(() => '')).includes(text);
  await eventually(() => isTold('StartFailed'), { timeoutMs: 30_000 });
  world.folder.write('web.yaml', serviceText('web', environment(`${CANARY}-second`)));
  const updates = (): number =>
    ear.seen.filter(({ topic }) => topic.endsWith('/service_update_completed')).length;
  await eventually(() => updates() === 1, { timeoutMs: 60_000 });
  world.folder.write('password.txt', `${CANARY}-secret-edited`);
  await eventually(() => updates() === 2, { timeoutMs: 60_000 });
  const paths = [
    '/',
    '/metrics',
    '/api/v1/services',
    '/api/v1/services/fails',
    '/api/v1/graph',
    '/api/v1/plan',
  ];
  const pages = await Promise.all(paths.map(async (path) => [path, await page(path)] as const));
  controller.child.kill('SIGTERM');
  const { out, err } = await controller.ended;
  expect(
    leaksOf({
      ...Object.fromEntries(pages),
      'standard output': out,
      log: err.replaceAll(`${CANARY}-user`, 'user'),
      mqtt: ear.seen.map(({ topic, payload }) => `${topic} ${payload}`).join('\n'),
    }),
  ).toEqual([]);
});

test('9.4 the login of a registry may be told to the registry, and to nobody else', async () => {
  const registry = await openClosedRegistry();
  const pair = `me:${CANARY}-registry`;
  const image = `${registry.host}/team/app:1`;
  const world = worldOf({ 'web.yaml': serviceText('web', `  image: ${image}\n  pull_policy: always`) });
  const env = { DOCKER_CONFIG: dockerConfigFor(registry.host, pair) };
  const encoded = Buffer.from(pair).toString('base64');
  const shown: Record<string, string> = {};
  for (const words of ['plan', 'apply --timeout 3s --log-level debug', 'status web']) {
    const { out, err } = await world.run(words, env);
    shown[words] = (out + err).replaceAll(encoded, CANARY);
  }
  expect(leaksOf(shown)).toEqual([]);
  expect(shown['apply --timeout 3s --log-level debug']).toContain('ImagePullFailed');
  // What is looked for was really said.
  expect([...registry.logins]).toContain(`Basic ${encoded}`);
});

test('9.4 no complaint about settings, and no last word of a crash, may hold a secret', async () => {
  const world = worldOf({ 'web.yaml': serviceText('web', IDLE) });
  const folder = mkdtempSync(join(tmpdir(), 'alicia-secret-'));
  endings.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  writeFileSync(file, `${CANARY}-line\n${CANARY}-another`);
  const settings: readonly Readonly<Record<string, string>>[] = [
    { ALICIA_MQTT_URL: `mqtt://me:${CANARY}-x@bad host` },
    { ALICIA_MQTT_URL: `gopher://me:${CANARY}-x@host` },
    { ALICIA_MQTT_URL: `mqtt://me:${CANARY}-x@host:99999` },
    { ALICIA_MQTT_URL: 'mqtt://127.0.0.1:1', ALICIA_MQTT_PASSWORD: `${CANARY}-without-user` },
    { ALICIA_MQTT_URL: 'mqtt://127.0.0.1:1', ALICIA_MQTT_PASSWORD_FILE: file },
    {
      ALICIA_MQTT_URL: 'mqtt://127.0.0.1:1',
      ALICIA_MQTT_PASSWORD_FILE: file,
      ALICIA_MQTT_PASSWORD: `${CANARY}-both`,
    },
    { ALICIA_HTTP_TOKEN: `${CANARY} with spaces\u0001`, ALICIA_HTTP: '127.0.0.1:99999' },
    { ALICIA_HTTP_TOKEN_FILE: folder, ALICIA_HTTP: 'not an address' },
    { DOCKER_HOST: `tcp://me:${CANARY}-x@127.0.0.1:1` },
    { ALICIA_MQTT_URL: `mqtt://me:${CANARY}-x@127.0.0.1:1`, NODE_OPTIONS: '--trace-uncaught' },
  ];
  const shown: Record<string, string> = {};
  for (const each of settings) {
    const running = world.begin('run --log-level debug', each);
    const isOver = (): boolean => running.child.exitCode !== null || running.err().includes('"level":"warn"');
    await eventually(isOver, { timeoutMs: 20_000, describe: Object.keys(each).join() });
    running.child.kill('SIGTERM');
    const { out, err } = await running.ended;
    expect(out + err).not.toBe('');
    shown[JSON.stringify(Object.keys(each))] = out + err;
  }
  expect(leaksOf(shown)).toEqual([]);
});
