import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { attempt } from '../../../src/adapters/probes/outcome.js';
import { createProbeRunner } from '../../../src/adapters/probes/runner.js';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/mosquitto.js';

const runner = createProbeRunner(systemClock);
const host = '127.0.0.1';
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Lets a server listen; its sockets are counted and cut at the end. */
async function listenWith(server: Server): Promise<{ readonly port: number; openSockets(): number }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port, openSockets: () => sockets.size };
}
const serveHttp = (listener: RequestListener) => listenWith(createHttpServer(listener));
const serveTcp = (onSocket: (socket: Socket) => void) => listenWith(createTcpServer(onSocket));

describe('http', () => {
  const get = (port: number, path = '/health', timeoutMs = 2_000) =>
    runner.http({ host, port, path, timeoutMs });

  test('a timeout longer than timers can be must not be over at once', async () => {
    const { port } = await serveHttp((_request, response) => void setImmediate(() => response.end('fine')));
    expect(await get(port, '/', 30 * 86_400_000)).toEqual({ kind: 'success' });
  });

  test.each([
    [200, 'success'],
    [204, 'success'],
    [302, 'success'],
    [399, 'success'],
    [400, 'failure'],
    [404, 'failure'],
    [503, 'failure'],
  ] as const)('6.6 an answer of %d must be a %s', async (status, kind) => {
    const { port } = await serveHttp((_, response) => response.writeHead(status).end('x'));
    const result = await get(port);
    expect(result.kind).toBe(kind);
    if (result.kind === 'failure') expect(result.message).toBe(`answered ${status}`);
  });

  test('6.6 a redirect must not be followed, and the path must be the one that was declared', async () => {
    const paths: string[] = [];
    const { port } = await serveHttp(({ url = '' }, response) => {
      paths.push(url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await get(port, '/a/b?c=d')).toEqual({ kind: 'success' });
    expect(paths).toEqual(['/a/b?c=d']);
  });

  test('a body without an end must neither be waited for nor keep the connection', async () => {
    const { port, openSockets } = await serveHttp((_, response) => {
      response.writeHead(200);
      const write = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', write);
      };
      write();
    });
    expect(await get(port)).toEqual({ kind: 'success' });
    await eventually(() => openSockets() === 0);
  });

  test('a server that never answers, or drips its head, must be a failure in time', async () => {
    const silent = await serveTcp((socket) => socket.resume());
    const before = performance.now();
    const late = { kind: 'failure', message: 'gave no answer within 0.2 s' };
    expect(await get(silent.port, '/', 200)).toEqual(late);
    const dripping = await serveTcp((socket) => {
      socket.resume();
      const timer = setInterval(() => socket.write('H'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect((await get(dripping.port, '/', 200)).kind).toBe('failure');
    expect(performance.now() - before).toBeLessThan(2_000);
    await eventually(() => silent.openSockets() + dripping.openSockets() === 0);
  });

  test('what is no HTTP, or ends at once, must be a failure', async () => {
    const other = await serveTcp((socket) => socket.end('SSH-2.0-server\r\n'));
    expect(await get(other.port)).toEqual({ kind: 'failure', message: 'gave an answer that is not HTTP' });
    const rude = await serveTcp((socket) => socket.destroy());
    expect(await get(rude.port)).toEqual({ kind: 'failure', message: 'broke the connection off' });
  });

  test('a port that nobody listens on must be a failure', async () => {
    expect(await get(await freePort())).toEqual({ kind: 'failure', message: 'refused the connection' });
  });

  test('a path that cannot be asked for must be a probe that could not run, never an exception', async () => {
    expect((await get(1, '/a b\n')).kind).toBe('notRun');
  });
});

describe('tcp', () => {
  test('6.6 a connection must be a success, and be ended', async () => {
    const { port, openSockets } = await serveTcp((socket) => socket.resume());
    expect(await runner.tcp({ host, port, timeoutMs: 2_000 })).toEqual({ kind: 'success' });
    await eventually(() => openSockets() === 0);
  });

  test('6.6 a refused connection must be a failure', async () => {
    expect(await runner.tcp({ host, port: await freePort(), timeoutMs: 2_000 })).toEqual({
      kind: 'failure',
      message: 'refused the connection',
    });
  });
});

test.each(['EHOSTUNREACH', 'ENETUNREACH'])(
  '6.6 %s must be a way that is missing, not a failure of the service',
  async (code) => {
    const error = Object.assign(new Error('no way'), { code });
    let isClosed = false;
    const result = await attempt({ host: '172.18.0.2', timeoutMs: 1_000, clock: systemClock }, (settle) => {
      settle(error);
      return () => {
        isClosed = true;
      };
    });
    expect(isClosed).toBe(true);
    expect(result).toEqual({
      kind: 'notRun',
      message: "cannot be made: the container's address 172.18.0.2 cannot be reached from here",
    });
  },
);
