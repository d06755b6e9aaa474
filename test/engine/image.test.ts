// The controller as an image, run as the README says. The base image is made from this machine's own node.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { root } from '../support/paths.js';

const buildLimitMs = 600_000;
const baseImage = 'alicia-test-node:local';
const image = 'alicia-test-controller:1';
const id = randomBytes(4).toString('hex');
const project = `image-${id}`;
const controller = `alicia-${project}`;

/** What a program printed on stdout, trimmed; rejects when it fails. */
async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

const docker = (...args: string[]): Promise<string> => run('docker', ...args);
const inspect = (name: string, format: string): Promise<string> =>
  docker('inspect', '--format', format, name);

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The settings of the machine that a build inside of a container needs to reach the npm registry. */
function proxyArguments(): string[] {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  return names.filter((name) => process.env[name]).flatMap((name) => ['--build-arg', name]);
}

const manifest = `apiVersion: alicia/v1
kind: Service
metadata:
  name: bell
spec:
  image: alicia-test:1
  pull_policy: never
  volumes: ["./site:/site:ro"]
  env_file: bell.env
  secrets: [chime]
  healthcheck: {test: [CMD, "true"], interval: 1s}
  stop_grace_period: 1s
`;
const secret = 'apiVersion: alicia/v1\nkind: Secret\nmetadata: {name: chime}\nspec: {file: ./chime.txt}\n';
/** Its folder is in the controller's memory, which is no folder of the host. */
const hidden = manifest.replace('bell', 'hidden').replace('./site', './scratch');

describe('the image', () => {
  let manifests = '';

  beforeAll(async () => {
    await run(process.execPath, 'scripts/stand-in-image.mjs', baseImage);
    const settings = ['--network', 'host', '--build-arg', `NODE_IMAGE=${baseImage}`, ...proxyArguments()];
    await docker('build', ...settings, '--tag', image, '.');
    manifests = await mkdtemp(join(tmpdir(), 'alicia-image-'));
    await mkdir(join(manifests, 'site'));
    await writeFile(join(manifests, 'site', 'index.html'), 'from the host');
    await writeFile(join(manifests, 'chime.txt'), 'ding dong');
    await writeFile(join(manifests, 'chime.yaml'), secret);
    await writeFile(join(manifests, 'bell.env'), 'LOUD=very\n');
    await writeFile(join(manifests, 'bell.yaml'), manifest);
    await writeFile(join(manifests, 'hidden.yaml'), hidden);
  }, buildLimitMs);

  afterAll(async () => {
    const ours = await docker('ps', '--all', '--quiet', '--filter', `label=io.alicia.project=${project}`);
    const containers = [controller, ...ours.split('\n').filter((name) => name !== '')];
    await docker('rm', '--force', '--volumes', ...containers).catch(() => undefined);
    await docker('network', 'rm', project).catch(() => undefined);
    if (manifests !== '') await rm(manifests, { recursive: true, force: true });
  });

  test('says what it is, and runs the controller on /manifests by default', async () => {
    const config = JSON.parse(await inspect(image, '{{json .Config}}')) as Record<string, unknown>;
    expect(config).toMatchObject({
      Entrypoint: ['alicia'],
      Cmd: ['run', '/manifests'],
      Volumes: { '/manifests': {} },
      Labels: { 'io.alicia.controller': 'true' },
    });
    expect(await docker('run', '--rm', image, '--version')).toMatch(/\d+\.\d+\.\d+/);
  });

  test('carries no development packages', async () => {
    const packages = await docker('run', '--rm', '--entrypoint', 'ls', image, '/app/node_modules');
    expect(packages.split('\n')).toContain('dockerode');
    expect(packages.split('\n')).not.toContain('vitest');
    expect(packages.split('\n')).not.toContain('typescript');
  });

  test('converges a mounted directory, is healthy, and leaves the services running when it goes', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const socket = '/var/run/docker.sock:/var/run/docker.sock';
    const mounts = ['-v', socket, '-v', `${manifests}:/manifests`, '--tmpfs', '/manifests/scratch'];
    const settings = { PROJECT: project, NETWORK: project, HTTP: address, MQTT_URL: 'off' };
    const environment = Object.entries(settings).flatMap(([name, value]) => [
      '-e',
      `ALICIA_${name}=${value}`,
    ]);
    const host = ['--restart', 'unless-stopped', '--network', 'host'];
    await docker('run', '-d', '--name', controller, ...host, ...mounts, ...environment, image);

    const bell = await eventually(
      () =>
        docker('ps', '--quiet', '--no-trunc', '--filter', `label=io.alicia.project=${project}`).then(
          (ids) => ids || null,
        ),
      { timeoutMs: 30_000, describe: 'the service of the mounted directory runs' },
    );
    await eventually(
      async () => {
        const health = await inspect(controller, '{{json .State.Health}}');
        if (!health.startsWith('{"Status":"healthy"')) throw new Error(health);
        return true;
      },
      { timeoutMs: 60_000, describe: 'the health check of the controller holds' },
    );

    // 7.8: what is relative to a manifest lies on the host, wherever the controller sees it.
    expect(await docker('exec', bell, 'cat', '/site/index.html')).toBe('from the host');
    expect(await docker('exec', bell, 'cat', '/run/secrets/chime')).toBe('ding dong');
    expect(await inspect(bell, '{{json .Config.Env}}')).toContain('LOUD=very');
    const status = JSON.parse(await docker('exec', controller, 'alicia', 'status', '-o', 'json'));
    expect(JSON.stringify(status)).toContain('is in no folder of the host');

    // 7.2: an edit in the mounted directory is seen.
    await writeFile(join(manifests, 'late.yaml'), manifest.replace('name: bell', 'name: late'));
    await eventually(
      () =>
        docker(
          'ps',
          '--quiet',
          '--filter',
          `label=io.alicia.project=${project}`,
          '--filter',
          'label=io.alicia.service=late',
        ).then((ids) => (ids === '' ? null : ids)),
      { timeoutMs: 30_000, describe: 'what was added to the mounted directory runs' },
    );

    const startedAt = await inspect(bell, '{{.State.StartedAt}}');
    await docker('stop', '--time', '20', controller);
    expect(await inspect(controller, '{{.State.ExitCode}}')).toBe('0');
    await docker('rm', controller);
    expect(await inspect(bell, '{{.State.Status}} {{.State.StartedAt}}')).toBe(`running ${startedAt}`);
  });
});
