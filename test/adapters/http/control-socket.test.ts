import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer as createHttp } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  askController,
  ControlError,
  getFromController,
  holdControlSocket,
} from '../../../src/adapters/http/control-socket.js';
import { type ControllerKey, type SocketName, socketNameOf } from '../../../src/adapters/http/socket-name.js';
import { sampleReport, sampleReports } from '../../support/reports.js';
import { sampleStatus } from '../../support/samples.js';
import { createSilentLog } from '../../support/silent-log.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const askLimits = { askMs: 300, answerBytes: 100_000 };
const keyOf = (platform: NodeJS.Platform = process.platform): ControllerKey => ({
  engineId: randomUUID(),
  project: 'alicia',
  platform,
});
const ask = (key: ControllerKey) => askController({ ...key, limits: askLimits });

async function hold(key: ControllerKey) {
  const result = await holdControlSocket({
    ...key,
    reports: sampleReports(),
    limits: { connections: 10, requestMs: 1000 },
    log: createSilentLog(),
  });
  if (result.kind === 'held') endings.push(() => result.close());
  return result;
}

/** The path that counts. */
const pathOf = (name: SocketName): string => (name.kind === 'abstract' ? name.padded : name.path);

describe('one controller per engine and project', () => {
  test('the second must be refused, and told who is the first', async () => {
    const key = keyOf();
    expect((await hold(key)).kind).toBe('held');
    expect((await hold(key)).kind).toBe('taken');
    expect(await ask(key)).toEqual(sampleReport);
  });

  test('another project or another engine must not be in the way', async () => {
    const key = keyOf();
    expect((await hold(key)).kind).toBe('held');
    expect((await hold({ ...key, project: 'home' })).kind).toBe('held');
    expect((await hold(keyOf())).kind).toBe('held');
  });

  test('after the end of the first the socket must be free', async () => {
    const key = keyOf();
    const first = await hold(key);
    if (first.kind === 'held') await first.close();
    expect(await ask(key)).toBeNull();
    expect((await hold(key)).kind).toBe('held');
  });

  test.each<NodeJS.Platform>(['linux', 'darwin'])(
    'after kill -9 of the first the socket must be free at once: %s',
    async (platform) => {
      const key = keyOf(platform);
      const script = `require('node:net').createServer().listen(${JSON.stringify(pathOf(socketNameOf(key)))}, () => console.log('held'))`;
      const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
      const whenGone = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      expect((await hold(key)).kind).toBe('taken');
      child.kill('SIGKILL');
      await whenGone;
      expect(await ask(key)).toBeNull();
      expect((await hold(key)).kind).toBe('held');
      expect(await ask(key)).toEqual(sampleReport);
    },
  );
});

describe('asking', () => {
  test('with nobody there the answer must be null', async () => {
    expect(await ask(keyOf())).toBeNull();
    expect(await getFromController('/api/v1/plan', { ...keyOf(), limits: askLimits })).toBeNull();
  });

  test('any path must be askable, without a token', async () => {
    const key = keyOf();
    await hold(key);
    const get = (path: string) => getFromController(path, { ...key, limits: askLimits });
    expect(await get('/api/v1/services/web')).toEqual({ status: 200, body: sampleStatus('web') });
    expect(await get('/api/v1/services/none')).toMatchObject({ status: 404 });
  });

  test('a controller that hangs must be an error within its time, not a wait', async () => {
    const key = keyOf();
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(pathOf(socketNameOf(key)), resolve));
    endings.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const before = performance.now();
    await expect(ask(key)).rejects.toThrow(/did not answer within 300 ms/);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test.each([
    ['no JSON', 'hello'],
    ['no report', '{"pid": 1}'],
    ['too much', `"${'x'.repeat(100_001)}"`],
  ])('something else that answers must be an error: %s', async (_, text) => {
    const key = keyOf();
    const server = createHttp((_request, response) => response.end(text));
    await new Promise<void>((resolve) => server.listen(pathOf(socketNameOf(key)), resolve));
    endings.push(() => new Promise((resolve) => server.close(resolve)));
    await expect(ask(key)).rejects.toBeInstanceOf(ControlError);
  });

  test('a controller that dies in mid-answer must be an error', async () => {
    const key = keyOf();
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(pathOf(socketNameOf(key)), resolve));
    endings.push(() => new Promise((resolve) => server.close(resolve)));
    await expect(ask(key)).rejects.toBeInstanceOf(ControlError);
  });
});

describe('the name of the socket', () => {
  const key = { engineId: 'ABCD:EFGH', project: 'home' };

  test('on Linux it must be abstract, as the contract has it, and filled up so that every Node means the same', () => {
    const name = socketNameOf({ ...key, platform: 'linux' });
    if (name.kind !== 'abstract') throw new Error('abstract expected');
    expect(name.exact).toBe('\0alicia:ABCD:EFGH:home');
    expect(name.padded).toBe(name.exact.padEnd(108, '\0'));
  });

  test('a name too long for a socket must become a digest, another one for another project', () => {
    const engineId = 'x'.repeat(60);
    const [a, b] = ['a'.repeat(63), 'b'.repeat(63)].map((project) =>
      socketNameOf({ engineId, project, platform: 'linux' }),
    );
    if (a?.kind !== 'abstract' || b?.kind !== 'abstract') throw new Error('abstract expected');
    expect(Buffer.byteLength(a.padded)).toBe(108);
    expect(a.padded).not.toBe(b.padded);
  });

  test('elsewhere it must be a file', () => {
    expect(socketNameOf({ ...key, platform: 'darwin' })).toMatchObject({
      kind: 'file',
      path: expect.stringMatching(/alicia-\w{16}\.sock$/),
    });
  });
});
