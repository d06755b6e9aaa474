// README.md, done for real: its manifest is applied, its commands are run, the example stack answers.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exampleManifests, root } from '../support/paths.js';
import { type CliWorld, createCliWorld, docker } from './support/cli-world.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const limitMs = 120_000;
let world: CliWorld | null = null;

afterEach(async () => {
  await world?.remove();
  world = null;
});

/** The fenced blocks of a language, in their order. */
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );

/** Lines of shell examples, without comments. */
const shellLines = blocks('sh')
  .join('')
  .split('\n')
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test(
  'the manifest to copy comes up as it stands, and goes again',
  async () => {
    const [manifest = ''] = blocks('yaml');
    world = createCliWorld({ 'site.yaml': manifest });
    expect(await world.run('apply --timeout 60s')).toMatchObject({ code: 0 });
    const names = world.containers().map((name) => name.replace(/-[0-9a-f]{8}$/, ''));
    expect(names).toEqual(['counter-1', 'site-1', 'site-2'].map((name) => `${world?.project}-${name}`));
    expect(await world.run('plan')).toMatchObject({ code: 0, out: 'Nothing to do: 2 services unchanged.\n' });
    expect(await world.run('down --yes --volumes')).toMatchObject({ code: 0 });
    expect([...world.containers(), ...world.networks(), ...world.volumes()]).toEqual([]);
  },
  limitMs,
);

test(
  'the secret and the config to copy are read where the text says',
  async () => {
    const manifest = blocks('yaml')[1] ?? '';
    const files = { 'db_password.txt': 'hunter2', 'greeting.txt': 'good morning' };
    world = createCliWorld({ 'reader.yaml': manifest, ...files });
    expect(await world.run('apply --timeout 60s')).toMatchObject({ code: 0 });
    const [name = ''] = world.containers();
    const read = (path: string): readonly string[] => docker('exec', name, 'cat', path);
    expect(read('/run/secrets/db_password')).toEqual(['hunter2']);
    expect(read('/etc/greeting.txt')).toEqual(['good morning']);
  },
  limitMs,
);

test(
  'the example stack converges, and its gateway answers through all of it',
  async () => {
    const port = await freePort();
    const files = readdirSync(exampleManifests)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => [
        name,
        readFileSync(join(exampleManifests, name), 'utf8').replaceAll('8088', String(port)),
      ]);
    world = createCliWorld(Object.fromEntries(files));
    // The stack names the default network, which may be somebody else's already.
    const networks = (): readonly string[] =>
      docker('network', 'ls', '--quiet', '--filter', 'name=^alicia_bus_network$');
    const before = networks();
    const settings = { ALICIA_NETWORK: 'alicia_bus_network' };
    expect(await world.run('apply --timeout 60s', settings)).toMatchObject({ code: 0 });
    const answer = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    const shown = blocks('console').join('');
    const said = answer
      .replace(/\([0-9a-f]{12}\)/g, '')
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect(said).toEqual([
      'gateway opens',
      'assistant thinks',
      'stt hears',
      'tts speaks',
      'memory remembers',
    ]);
    for (const line of said) expect(shown).toContain(line);
    const status = await world.run('status', settings);
    const table = (text: string): readonly string[] =>
      text
        .split('\n')
        .filter((line) => /[●○].*[✓]/.test(line))
        .map((line) => line.replace(/\s+/g, ' ').trim());
    expect(table(status.out)).toEqual(table(shown));
    expect(await world.run('down --yes --volumes', settings)).toMatchObject({ code: 0 });
    expect(networks()).toEqual(before);
  },
  limitMs,
);

test('every command of the table can be called', async () => {
  const commands = [...readme.matchAll(/^\| `alicia (\w+)/gm)].map(([, name = '']) => name);
  expect(commands).toEqual(['run', 'apply', 'plan', 'validate', 'status', 'graph', 'down', 'schema']);
  world = createCliWorld({});
  for (const name of commands) {
    const help = await world.run(`${name} --help`);
    expect(help.code).toBe(0);
    expect(help.out).toContain(`Usage: alicia ${name}`);
  }
});

test(
  'the line that listens to events hears a state',
  async () => {
    world = createCliWorld({ 'web.yaml': blocks('yaml')[0] ?? '' });
    const port = await freePort();
    const running = world.begin('run', { ALICIA_MQTT_URL: '', ALICIA_MQTT_LISTEN: `127.0.0.1:${port}` });
    const isBrokerUp = (): boolean => running.err().includes('Connected to the broker');
    await eventually(isBrokerUp, { timeoutMs: 30_000, describe: 'the embedded broker is up' });
    const line = shellLines.find((each) => each.startsWith('mosquitto_sub')) ?? '';
    const words = line.replaceAll("'", '').split(' ').slice(1);
    const listener = spawn('mosquitto_sub', [...words, '-p', String(port)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const heard = { text: '' };
    listener.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard.text += text;
    });
    const isHeard = (): boolean => heard.text.includes('alicia/services/site/state {');
    await eventually(isHeard, { timeoutMs: 60_000, describe: 'a retained state is heard' }).finally(() =>
      listener.kill(),
    );
    expect(heard.text).toContain('"service":"site"');
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  },
  limitMs,
);

test('the line that runs the image names what the test of the image runs', () => {
  const line = shellLines.find((each) => each.startsWith('docker run')) ?? '';
  const tested = readFileSync(join(root, 'test', 'engine', 'image.test.ts'), 'utf8');
  expect(line).toContain('--restart unless-stopped --network host');
  expect(tested).toContain("['--restart', 'unless-stopped', '--network', 'host']");
  expect(line).toContain('-v /var/run/docker.sock:/var/run/docker.sock');
  expect(tested).toContain("'/var/run/docker.sock:/var/run/docker.sock'");
  expect(line).toMatch(/-v \S+:\/manifests:ro alicia-orchestrator$/);
});
