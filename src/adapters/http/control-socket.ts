/**
 * The lock of a controller, over which commands ask it.
 * Owns: that at most one controller holds an engine's project, and how it is asked. Must not know: what commands do with it.
 */
import { unlink } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { connect } from 'node:net';
import type { ControllerReport, Log } from '../../controller/ports.js';
import type { ControllerReports } from './app.js';
import { createHttpServer, type HttpLimits, type HttpServer } from './server.js';
import { type ControllerKey, socketNameOf } from './socket-name.js';

/** What holding the socket needs. */
export interface HoldOptions extends ControllerKey {
  readonly reports: ControllerReports;
  readonly limits: HttpLimits;
  readonly log: Log;
}

/** What became of it. */
export type Hold =
  | { readonly kind: 'held'; close(): Promise<void> }
  /** Another controller has it: {@link askController} says which. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly message: string };

/** Maxima of asking; the command line names them. */
export interface AskLimits {
  readonly askMs: number;
  readonly answerBytes: number;
}

/** What asking needs. */
export interface AskOptions extends ControllerKey {
  readonly limits: AskLimits;
}

/** An answer of a running controller. */
export interface ControlAnswer {
  readonly status: number;
  /** The parsed JSON. */
  readonly body: unknown;
}

/** There is a controller, and it did not answer as one should. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** Takes the socket. Free again at once after the process ends, however it ends. */
export async function holdControlSocket(options: HoldOptions): Promise<Hold> {
  const name = socketNameOf(options);
  if (name.kind === 'file') return holdFile(options, name.path);
  const padded = await listenOn(options, name.padded);
  if (padded.kind !== 'held') return padded;
  const exact = await listenOn(options, name.exact);
  if (exact.kind === 'failed')
    options.log.debug({ reason: exact.message }, 'The short name of the socket is not held');
  return {
    kind: 'held',
    close: async () => {
      await padded.close();
      if (exact.kind === 'held') await exact.close();
    },
  };
}

/** A file may be left over; one that nobody answers on is. */
async function holdFile(options: HoldOptions, path: string): Promise<Hold> {
  const first = await listenOn(options, path);
  if (first.kind !== 'taken' || (await isListening(path))) return first;
  await unlink(path).catch(() => {});
  return listenOn(options, path);
}

async function listenOn({ reports, limits, log }: HoldOptions, path: string): Promise<Hold> {
  const server: HttpServer = createHttpServer({ reports, limits, log, listen: { kind: 'socket', path } });
  const result = await server.start();
  if (result.kind === 'portTaken') return { kind: 'taken' };
  if (result.kind === 'failed') return result;
  return { kind: 'held', close: () => server.stop() };
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Who the running controller of this engine and project is; null: there is none.
 * @throws ControlError when there is one that does not answer in time, or with something else.
 */
export async function askController(options: AskOptions): Promise<ControllerReport | null> {
  const answer = await getFromController('/api/v1/controller', options);
  if (answer === null) return null;
  if (answer.status === 200 && isReport(answer.body)) return answer.body;
  throw new ControlError(
    `the controller of project ${options.project} answered with something else than its report (status ${answer.status}); is it of another version? Stop it and try again`,
  );
}

/**
 * Asks the running controller for a path such as `/api/v1/plan`; null: there is no controller.
 * @throws ControlError when there is one that does not answer in time, or not in JSON.
 */
export function getFromController(path: string, options: AskOptions): Promise<ControlAnswer | null> {
  const name = socketNameOf(options);
  const socketPath = name.kind === 'abstract' ? name.padded : name.path;
  const { askMs, answerBytes } = options.limits;
  const fail = (what: string): ControlError =>
    new ControlError(`the controller of project ${options.project} ${what}; look at its log or restart it`);
  return new Promise((resolve, reject) => {
    const request = httpGet(
      { socketPath, path, agent: false, headers: { Host: 'localhost' } },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > answerBytes) request.destroy(fail(`sent more than ${answerBytes} bytes`));
        });
        response.on('error', reject);
        response.on('end', () => {
          clearTimeout(timer);
          const body = parsed(Buffer.concat(chunks).toString('utf8'));
          if (body === undefined) reject(fail('did not answer in JSON'));
          else resolve({ status: response.statusCode ?? 0, body });
        });
      },
    );
    const timer = setTimeout(() => request.destroy(fail(`did not answer within ${askMs} ms`)), askMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(null);
      else reject(error instanceof ControlError ? error : fail(`cut its answer (${error.message})`));
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isReport(body: unknown): body is ControllerReport {
  if (typeof body !== 'object' || body === null) return false;
  return (
    'orchestrator' in body &&
    typeof body.orchestrator === 'object' &&
    body.orchestrator !== null &&
    'digest' in body &&
    typeof body.digest === 'string' &&
    'pid' in body &&
    typeof body.pid === 'number' &&
    'manifests' in body &&
    Array.isArray(body.manifests) &&
    'recent' in body &&
    Array.isArray(body.recent)
  );
}
