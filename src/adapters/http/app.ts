/**
 * The read-only answers over HTTP.
 * Owns: the paths, who may read them. Must not know: sockets and ports, how a report is made.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import type { ControllerReport, Log, Reports } from '../../controller/ports.js';

/** What is answered from. */
export type ControllerReports = Reports & {
  controller(): ControllerReport;
};

/** Who may read more than `/healthz` and `/readyz`. */
export type Access =
  /** Whoever can reach the socket. */
  | { readonly kind: 'everybody' }
  /** Whoever asks this machine by address or as `localhost`: a page of another site cannot, even if its name leads here. */
  | { readonly kind: 'local' }
  /** Whoever has the token. */
  | { readonly kind: 'token'; readonly token: string }
  /** Nobody: reachable from other machines, and without a token. */
  | { readonly kind: 'nobody' };

/** What the answers need. */
export interface AppOptions {
  readonly reports: ControllerReports;
  readonly access: Access;
  readonly log: Log;
}

/** Every answer is JSON but those of the two probes; errors are `{"error": "…"}`. */
export function createApp({ reports, access, log }: AppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
    context.header('X-Content-Type-Options', 'nosniff');
  });
  app.use(async (context, next) => {
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
    context.header('Allow', 'GET, HEAD');
    return context.json(
      { error: 'everything here is read-only: the manifests are what can be changed' },
      405,
    );
  });
  app.get('/healthz', (context) =>
    reports.isAlive() ? context.text('ok\n') : context.text('passes have stopped\n', 503),
  );
  app.get('/readyz', (context) =>
    reports.isReady() ? context.text('ok\n') : context.text('the first pass is not done\n', 503),
  );
  app.use(guard(access));
  app.get('/api/v1/services', (context) => context.json(reports.services()));
  app.get('/api/v1/services/:name', (context) => {
    const name = context.req.param('name');
    const status = reports.services().find(({ service }) => service === name);
    return status === undefined
      ? context.json({ error: `there is no service "${name}"` }, 404)
      : context.json(status);
  });
  app.get('/api/v1/plan', (context) => context.json(reports.plan()));
  app.get('/api/v1/controller', (context) => context.json(reports.controller()));
  app.notFound((context) => context.json({ error: `there is nothing at ${context.req.path}` }, 404));
  app.onError((error, context) => {
    log.error({ path: context.req.path, error }, 'An answer over HTTP failed');
    return context.json({ error: 'the answer failed; the log of the controller says why' }, 500);
  });
  return app;
}

function guard(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const refusal = refusalOf(access, context.req.header('Authorization'), context.req.header('Host'));
    if (refusal === null) return next();
    if (refusal.status === 401) context.header('WWW-Authenticate', 'Bearer');
    return context.json({ error: refusal.message }, refusal.status);
  };
}

interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

function refusalOf(
  access: Access,
  authorization: string | undefined,
  host: string | undefined,
): Refusal | null {
  switch (access.kind) {
    case 'everybody':
      return null;
    case 'local':
      return isLocalName(host ?? '')
        ? null
        : { status: 403, message: 'ask by address or as localhost; any other name needs --http-token' };
    case 'token': {
      const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
      return isSame(given, access.token)
        ? null
        : { status: 401, message: 'send the token as "Authorization: Bearer <token>"' };
    }
    case 'nobody':
      return { status: 401, message: 'this controller has no token; give it one with --http-token' };
  }
}

/** Compares in a time that says nothing about where two texts differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** A name that no foreign page can bring a browser to use: an address, or localhost. */
function isLocalName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);
}
