/**
 * A proxy before the engine, at which one request of a program goes wrong.
 * Owns: passing requests on, counting and naming them, and giving the one that a trap is set for to that trap.
 * Must not know: what goes wrong with it, who asks, what is tested.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { findEndpoint } from '../../../src/adapters/docker/endpoint.js';

/** One request and its reply, as whoever stands between them sees it. */
export interface Exchange {
  /** Where the reply to the program goes. */
  readonly response: ServerResponse;
  /** Whether the reply has no end: the event stream. */
  readonly isStream: boolean;
  /** Lets the engine carry the request out; resolves once its reply begins. */
  carryOut(): Promise<IncomingMessage>;
  /** As if nobody stood between. */
  passOn(): Promise<void>;
  /** Closes the connection to the program without a word. */
  hangUp(): void;
}

/** A request that has arrived. */
export interface Asked {
  /** Method and path, without the version of the API and with short ids: `POST /containers/0123456789ab/start`. */
  readonly line: string;
  readonly isWrite: boolean;
  /** Milliseconds since 1970. Null: not answered to its end. */
  answeredAtMs: number | null;
}

/** The request that something happens to, by its number from 1 since the counting began, and what. */
export interface Trap {
  readonly at: number;
  readonly spring: (exchange: Exchange) => Promise<void>;
}

/** The proxy. */
export interface FaultProxy {
  /** For `--docker-host`. */
  readonly url: string;
  /** What was asked since the counting began, oldest first. */
  asked(): readonly Asked[];
  /** Begins to count anew; null: nothing shall happen to any request. */
  count(trap: Trap | null): void;
  /** Takes the trap away. Resolves to whether it had sprung. */
  disarm(): boolean;
  /** The requests since the counting began, one a line, with the one that the trap was set for marked. */
  transcript(): string;
  close(): Promise<void>;
}

type Engine = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/**
 * A proxy that listens on a socket of its own. Of events it tells those alone that name the project: what others do on
 * this engine meanwhile would make requests of its own, each time others.
 */
export async function openFaultProxy(projectName: string): Promise<FaultProxy> {
  const home = await mkdtemp(join(tmpdir(), 'alicia-proxy-'));
  const path = join(home, 'docker.sock');
  const engine = await findEngine();
  const sockets = new Set<Socket>();
  let asked: Asked[] = [];
  let trap: Trap | null = null;
  let sprungAt: number | null = null;
  const server = createServer((request, response) => {
    const entry = entryOf(request);
    asked.push(entry);
    response.once('finish', () => {
      entry.answeredAtMs = Date.now();
    });
    const exchange = exchangeOf({ engine, projectName }, request, response);
    const sprung = trap?.at === asked.length ? trap : null;
    if (sprung !== null) {
      trap = null;
      sprungAt = sprung.at;
    }
    (sprung === null ? exchange.passOn() : sprung.spring(exchange)).catch(exchange.hangUp);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    url: `unix://${path}`,
    asked: () => asked,
    count(next) {
      asked = [];
      trap = next;
      sprungAt = null;
    },
    disarm() {
      trap = null;
      return sprungAt !== null;
    },
    transcript: () =>
      asked
        .map(({ line, answeredAtMs }, index) => {
          const mark = index + 1 === sprungAt ? '▶' : ' ';
          return `${mark}${String(index + 1).padStart(4)} ${line}${answeredAtMs === null ? '  (no answer)' : ''}`;
        })
        .join('\n'),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function findEngine(): Promise<Engine> {
  const endpoint = await findEndpoint({ dockerHost: null });
  return endpoint.kind === 'socket'
    ? { socketPath: endpoint.path }
    : { host: endpoint.host, port: endpoint.port };
}

const pathOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://engine');

function entryOf(request: IncomingMessage): Asked {
  const { pathname, searchParams } = pathOf(request);
  const short = pathname.replace(/^\/v[\d.]+/, '').replaceAll(/[0-9a-f]{64}/g, (id) => id.slice(0, 12));
  const name = searchParams.get('name');
  return {
    line: `${request.method} ${short}${name === null ? '' : `?name=${name}`}`,
    isWrite: request.method !== 'GET' && request.method !== 'HEAD',
    answeredAtMs: null,
  };
}

function exchangeOf(
  { engine, projectName }: { readonly engine: Engine; readonly projectName: string },
  request: IncomingMessage,
  response: ServerResponse,
): Exchange {
  const isStream = pathOf(request).pathname.endsWith('/events');
  const carryOut = async (): Promise<IncomingMessage> => {
    const body = await buffer(request);
    const { method, url, headers } = request;
    return new Promise((resolve, reject) => {
      const passed = ask({ ...engine, method, path: url, headers, agent: false }, resolve);
      passed.once('error', reject);
      // An engine that nobody listens to any more is to notice, as it would without us.
      response.once('close', () => passed.destroy());
      passed.end(body);
    });
  };
  return {
    response,
    isStream,
    carryOut,
    async passOn() {
      const reply = await carryOut();
      response.writeHead(reply.statusCode ?? 502, reply.rawHeaders).flushHeaders();
      if (isStream) await pipeline(reply, (events) => linesWith(projectName, events), response);
      else await pipeline(reply, response);
    },
    hangUp: () => void request.socket.destroy(),
  };
}

/** The lines of a text that contain a word. */
async function* linesWith(word: string, text: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of text) {
    const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.includes(word)) yield `${line}\n`;
  }
}
