/**
 * The status over HTTP, as `run` serves it.
 * Owns: what a taken port means. Must not know: what is answered.
 */
import type { ControllerReports } from '../adapters/http/app.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { Log } from '../controller/ports.js';
import { CommandError } from './command-error.js';

/** What is served. */
export interface ServedHttp {
  /** Null: nothing is. */
  readonly url: string | null;
  readonly close: () => Promise<void>;
}

const NOTHING_SERVED: ServedHttp = { url: null, close: async () => {} };

/** Begins to serve. The default port taken: said, and gone without; a given one taken: a {@link CommandError}. */
export async function serveHttp({ http }: Config, reports: ControllerReports, log: Log): Promise<ServedHttp> {
  if (http.kind === 'off') return NOTHING_SERVED;
  const { createHttpServer } = await import('../adapters/http/server.js');
  const { host, port, token, isGiven } = http;
  const listen = { kind: 'tcp', host, port, token } as const;
  const server = createHttpServer({ reports, listen, limits: LIMITS.http, log });
  const result = await server.start();
  const shownHost = host.includes(':') ? `[${host}]` : host;
  if (result.kind === 'listening')
    return { url: `http://${shownHost}:${result.port}`, close: () => server.stop() };
  const why =
    result.kind === 'portTaken'
      ? 'another process holds the port'
      : `it cannot be listened on (${result.message})`;
  if (isGiven) throw new CommandError(`--http ${shownHost}:${port}: ${why}; give another one, or "off"`);
  log.warn(
    { address: `${shownHost}:${port}` },
    `Status is not served over HTTP: ${why}; choose another with --http`,
  );
  return NOTHING_SERVED;
}
