/**
 * A daemon on a Unix socket or a TCP port that answers as a test wants: late, wrongly, in part or never.
 * Owns: the socket and its routes. Must not know: the adapter.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What reached the daemon. */
export interface Request {
  readonly method: string;
  /** Without the API version. */
  readonly url: string;
  readonly version: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** Answers one request, or leaves it hanging. */
export type Route = (response: ServerResponse, request: Request) => void;

/** A running daemon. */
export interface FakeDaemon {
  /** As `--docker-host` takes it. */
  readonly host: string;
  readonly requests: readonly Request[];
  stop(): Promise<void>;
}

/** Answers with JSON. */
export const json =
  (status: number, body: unknown): Route =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

/** Never answers. */
export const hang: Route = () => undefined;

/** Closes the connection without a word. */
export const reset: Route = (response) => void response.socket?.destroy();

/** Promises more than it sends, then closes. */
export const cut: Route = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"Id":', () => response.socket?.destroy());
};

const STANDARD: Readonly<Record<string, Route>> = {
  'GET /version': json(200, { Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12' }),
  'GET /info': json(200, { ID: 'engine-1', SystemTime: '2026-01-31T12:00:00.123456789Z' }),
};

/** Starts a daemon. A route is named by method and path without version and query; what has none is answered 404. */
export async function startFakeDaemon(
  routes: Readonly<Record<string, Route>> = {},
  listening: 'socket' | 'tcp' = 'socket',
): Promise<FakeDaemon> {
  const folder = await mkdtemp(join(tmpdir(), 'alicia-daemon-'));
  const path = join(folder, 'docker.sock');
  const requests: Request[] = [];
  const all = { ...STANDARD, ...routes };
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const [, version = '', url = ''] = /^(?:\/(v[\d.]+))?(\/.*)$/.exec(incoming.url ?? '') ?? [];
      const body = Buffer.concat(chunks).toString('utf8');
      const request = { method: incoming.method ?? '', url, version, body, headers: incoming.headers };
      requests.push(request);
      const route = all[`${request.method} ${url.split('?')[0]}`] ?? json(404, { message: 'page not found' });
      route(response, request);
    });
  });
  const place = listening === 'tcp' ? { port: 0, host: '127.0.0.1' } : { path };
  await new Promise<void>((resolve) => server.listen(place, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: listening === 'tcp' ? `tcp://127.0.0.1:${port}` : `unix://${path}`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
