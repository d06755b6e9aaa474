import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpServer, type HttpListen } from '../../../src/adapters/http/server.js';
import { eventually } from '../../support/eventually.js';
import { sampleReport, sampleReports } from '../../support/reports.js';
import { sampleStatus } from '../../support/samples.js';
import { createSilentLog } from '../../support/silent-log.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const limits = { connections: 20, requestMs: 1000 };
const onLoopback: HttpListen = { kind: 'tcp', host: '127.0.0.1', port: 0, token: null };

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** With `request` and not `fetch`, for the sake of the Host header. */
function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function serve(listen = onLoopback, change: Parameters<typeof sampleReports>[0] = {}) {
  const log = createSilentLog();
  const server = createHttpServer({ reports: sampleReports(change), listen, limits, log });
  const result = await server.start();
  if (result.kind !== 'listening') throw new Error(result.kind);
  endings.push(() => server.stop());
  return { port: result.port, server, log };
}

describe('what is answered', () => {
  test('the probes must tell whether passes go on and whether the first is done', async () => {
    const good = await serve();
    expect(await ask(good.port, '/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
    expect(await ask(good.port, '/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
    const bad = await serve(onLoopback, { isAlive: () => false, isReady: () => false });
    expect((await ask(bad.port, '/healthz')).status).toBe(503);
    expect((await ask(bad.port, '/readyz')).status).toBe(503);
  });

  test('services, one service, plan and controller must be served as JSON', async () => {
    const { port } = await serve();
    const body = async (path: string): Promise<unknown> => {
      const answer = await ask(port, path);
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json',
        'cache-control': 'no-store',
      });
      return JSON.parse(answer.text);
    };
    expect(await body('/api/v1/services')).toEqual([sampleStatus('db'), sampleStatus('web')]);
    expect(await body('/api/v1/services/web')).toEqual(sampleStatus('web'));
    expect(await body('/api/v1/plan')).toMatchObject({ steps: [], summary: { unchanged: 2 } });
    expect(await body('/api/v1/controller')).toEqual(sampleReport);
  });

  test.each(['/api/v1/services/none', '/api/v1/services/__proto__', '/none', '/'])(
    'what is not there must be said in JSON: %s',
    async (path) => {
      const { port } = await serve();
      const answer = await ask(port, path);
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toEqual({ error: expect.stringContaining('there is no') });
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'nothing must be changeable: %s',
    async (method) => {
      const { port } = await serve();
      for (const path of ['/healthz', '/api/v1/services', '/none'])
        expect(await ask(port, path, {}, method)).toMatchObject({
          status: 405,
          headers: { allow: 'GET, HEAD' },
        });
    },
  );

  test('a report that fails must cost its own answer only, and be logged', async () => {
    const { port, log } = await serve(onLoopback, {
      plan: () => {
        throw new Error('broken');
      },
    });
    expect((await ask(port, '/api/v1/plan')).status).toBe(500);
    expect((await ask(port, '/api/v1/services')).status).toBe(200);
    expect(log.lines).toMatchObject([{ level: 'error', facts: { path: '/api/v1/plan' } }]);
  });
});

describe('who may read', () => {
  test('without a token a foreign name must be refused, for a page of another site may lead here', async () => {
    const { port } = await serve();
    for (const Host of [
      'evil.example',
      'evil.example:7070',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
    ])
      expect((await ask(port, '/api/v1/services', { Host })).status).toBe(403);
    for (const Host of ['localhost', 'localhost:7070', '127.0.0.1:7070', '[::1]:7070'])
      expect((await ask(port, '/api/v1/services', { Host })).status).toBe(200);
    expect((await ask(port, '/healthz', { Host: 'evil.example' })).status).toBe(200);
  });

  test('with a token all but the probes must need it', async () => {
    const { port } = await serve({ ...onLoopback, token: 'open sesame'.replace(' ', '-') });
    expect((await ask(port, '/healthz')).status).toBe(200);
    expect((await ask(port, '/readyz')).status).toBe(200);
    for (const path of [
      '/api/v1/services',
      '/api/v1/services/web',
      '/api/v1/plan',
      '/api/v1/controller',
      '/none',
    ]) {
      expect((await ask(port, path)).status).toBe(401);
      expect((await ask(port, path, { Authorization: 'Bearer wrong' })).status).toBe(401);
      expect((await ask(port, path, { Authorization: 'Basic open-sesame' })).status).toBe(401);
      expect((await ask(port, path, { Authorization: 'Bearer open-sesame' })).status).not.toBe(401);
    }
    expect(
      (await ask(port, '/api/v1/plan', { Authorization: 'bearer open-sesame', Host: 'box.lan' })).status,
    ).toBe(200);
  });

  test('beyond loopback and without a token nobody must read more than the probes', async () => {
    const { port } = await serve({ ...onLoopback, host: '0.0.0.0' });
    expect((await ask(port, '/healthz')).status).toBe(200);
    expect((await ask(port, '/api/v1/services')).status).toBe(401);
  });
});

describe('the server', () => {
  test('a taken port must be told, not thrown', async () => {
    const { port } = await serve();
    const second = createHttpServer({
      ...{ reports: sampleReports(), limits, log: createSilentLog() },
      listen: { ...onLoopback, port },
    });
    expect(await second.start()).toEqual({ kind: 'portTaken' });
    await second.stop();
  });

  test('an address that this machine does not have must be told, not thrown', async () => {
    const server = createHttpServer({
      ...{ reports: sampleReports(), limits, log: createSilentLog() },
      listen: { ...onLoopback, host: '192.0.2.1' },
    });
    expect((await server.start()).kind).toBe('failed');
  });

  test('a client that never ends its request must not hold up the end', async () => {
    const { port, server } = await serve();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /api/v1/serv');
    let isClosed = false;
    socket.on('close', () => {
      isClosed = true;
    });
    await new Promise((resolve) => socket.once('ready', resolve));
    await server.stop();
    await eventually(() => isClosed);
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => free.close(resolve));
  });
});
