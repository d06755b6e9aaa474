/**
 * What can go wrong with one request on its way to the engine and back.
 * Owns: the kinds of faults, and for how long a program may be held up by each. Must not know: which request it is.
 */
import { STATUS_CODES } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Exchange } from './fault-proxy.js';

/** A kind of fault. */
export interface Fault {
  /** In the title of a test: `when <what>`. */
  readonly what: string;
  /** Until when the system must have come to rest: some faults are noticed by deadlines of the program alone. */
  readonly patienceMs: number;
  /** True: a run takes minutes of mere waiting. */
  readonly isSlow: boolean;
  /** `replaceController`: kills the controller, and starts the next one. */
  readonly spring: (exchange: Exchange, replaceController: () => Promise<void>) => Promise<void>;
}

/** Steps that failed are tried again after 10 s, and once more after 20 s; the machine may be busy with other things. */
const QUICK_MS = 120_000;
/** The longest deadline of one call is 120 s, the next look has one of 30 s; then as above. */
const SLOW_MS = 240_000;

/** Every kind of fault. */
export const FAULTS: readonly Fault[] = [
  {
    what: 'the request is lost',
    ...{ patienceMs: QUICK_MS, isSlow: false },
    spring: async ({ hangUp }) => hangUp(),
  },
  {
    what: 'the reply is lost',
    ...{ patienceMs: QUICK_MS, isSlow: false },
    spring: async (exchange) => {
      await carriedOut(exchange);
      exchange.hangUp();
    },
  },
  {
    what: 'the reply is cut in its middle',
    ...{ patienceMs: QUICK_MS, isSlow: false },
    spring: cutReply,
  },
  {
    what: 'the reply is an error of the engine',
    ...{ patienceMs: QUICK_MS, isSlow: false },
    spring: async ({ response }) => {
      response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ message: 'a fault made on purpose' }));
    },
  },
  {
    what: 'the controller is killed before its request arrives',
    ...{ patienceMs: QUICK_MS, isSlow: false },
    spring: (_, replaceController) => replaceController(),
  },
  {
    what: 'the controller is killed before the reply reaches it',
    ...{ patienceMs: QUICK_MS, isSlow: false },
    spring: async (exchange, replaceController) => {
      await carriedOut(exchange);
      await replaceController();
    },
  },
  {
    what: 'the reply never comes',
    ...{ patienceMs: SLOW_MS, isSlow: true },
    spring: async (exchange) => void (await carriedOut(exchange)),
  },
];

/** Until the engine has done what was asked. What a stream goes on to say is of no interest. */
async function carriedOut({ carryOut, isStream }: Exchange): Promise<void> {
  const reply = await carryOut();
  if (isStream) reply.resume();
  else await buffer(reply);
}

/** Half of what the engine says gets through, then the connection is closed. */
async function cutReply(exchange: Exchange): Promise<void> {
  const { response, carryOut, hangUp, isStream } = exchange;
  const reply = await carryOut();
  const { statusCode = 502, rawHeaders } = reply;
  if (isStream) {
    response.writeHead(statusCode, rawHeaders).flushHeaders();
    reply.once('data', (bytes: Buffer) => response.write(halfOf(bytes), hangUp));
    return;
  }
  const body = await buffer(reply);
  if (body.length > 0) {
    response.writeHead(statusCode, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.write(halfOf(body), hangUp);
    return;
  }
  // Without a body it is the head that is cut.
  const head = Buffer.from(`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\nServer: Docker\r\n\r\n`);
  response.socket?.write(halfOf(head), hangUp);
}

const halfOf = (bytes: Buffer): Buffer => bytes.subarray(0, Math.ceil(bytes.length / 2));
