/**
 * The connection to one engine: its clients, the negotiated API version, and the one way in which calls are made.
 * Owns: the negotiation, deadlines, and that every failure is an EngineError. Must not know: what is asked.
 */
import type { CallOptions, Clock } from '../../controller/ports.js';
import type { EngineInfo } from '../../model/observed.js';
import { withDeadline } from './deadline.js';
import { createClient, type Dockerode } from './dockerode.js';
import { type EndpointSearch, endpointText, findEndpoint } from './endpoint.js';
import { adapterError, type CallKind, deadlineError, engineErrorOf } from './errors.js';
import { numberOf, recordOf, textOf } from './json.js';

/** The newest API version that this adapter was written for. */
const NEWEST_API = '1.51';
/** Docker Engine 20.10. */
const OLDEST_API = '1.41';

/** What a call works with. */
export interface Session {
  /** For calls that are answered at once. */
  readonly docker: Dockerode;
  /** For the event stream alone, so that nothing meant for calls can cut it. */
  readonly events: Dockerode;
  /** As negotiated, e.g. `1.41`. */
  readonly apiVersion: string;
}

/** One call as {@link DockerConnection.call} makes it. */
export interface Call extends CallOptions {
  readonly kind: CallKind;
  /** Id of the container that the call is about, for telling it from others in the daemon's sentence. */
  readonly subject?: string;
}

/** A connection to one engine. */
export interface DockerConnection {
  readonly clock: Clock;
  /** Finds the engine anew, pings it and negotiates; may be repeated. */
  connect(options: CallOptions): Promise<EngineInfo>;
  /** Makes a call: settles within its deadline and rejects with EngineError alone. Before `connect` all are `unreachable`. */
  call<T>(call: Call, run: (session: Session, signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Creates a connection. Nothing is read or opened before `connect`. */
export function createConnection(search: EndpointSearch, clock: Clock): DockerConnection {
  let session: Session | null = null;

  function race<T>(call: Call, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const onDeadline = () => deadlineError(call.kind, call.deadlineMs);
    return withDeadline({ clock, deadlineMs: call.deadlineMs, onDeadline }, run).catch((error: unknown) => {
      throw engineErrorOf(call.kind, error, call.subject);
    });
  }

  return {
    clock,
    connect: (options) =>
      race({ kind: 'connect', ...options }, async (signal) => {
        const opened = await openSession(search, signal);
        session = opened.session;
        return opened.info;
      }),
    call: (call, run) =>
      race(call, (signal) => {
        if (session === null) throw adapterError('unreachable', 'no Docker Engine has answered yet');
        return run(session, signal);
      }),
  };
}

/** Whether version `a` of the API is at least `b`. */
export const isAtLeast = (a: string, b: string): boolean => compareVersions(a, b) >= 0;

/** The API version to speak with a daemon that offers `minimum` to `newest`. Null: there is none in common. */
export function negotiate(newest: string, minimum: string): string | null {
  if (!isAtLeast(newest, OLDEST_API)) return null;
  const ours = isAtLeast(newest, NEWEST_API) ? NEWEST_API : newest;
  return minimum !== '' && isAtLeast(minimum, ours) ? minimum : ours;
}

async function openSession(
  search: EndpointSearch,
  signal: AbortSignal,
): Promise<{ readonly session: Session; readonly info: EngineInfo }> {
  const endpoint = await findEndpoint(search);
  const unversioned = await createClient(endpoint, null);
  // docker-modem hides the version in the header of `_ping`, so the ping is the unversioned `/version`.
  const answered = recordOf(await unversioned.version({ abortSignal: signal }));
  const newest = textOf(answered.ApiVersion);
  const version = textOf(answered.Version);
  if (newest === '')
    throw adapterError('unreachable', `what answers at ${endpointText(endpoint)} is not a Docker Engine`);
  const apiVersion = negotiate(newest, textOf(answered.MinAPIVersion));
  if (apiVersion === null)
    throw adapterError(
      'rejected',
      `Docker Engine ${version} speaks API ${newest}: at least ${OLDEST_API} (Docker Engine 20.10) is needed`,
    );
  const session: Session = {
    docker: await createClient(endpoint, apiVersion),
    events: await createClient(endpoint, apiVersion),
    apiVersion,
  };
  const info = recordOf(await session.docker.info({ abortSignal: signal }));
  return { session, info: { id: textOf(info.ID), version, apiVersion } };
}

function compareVersions(a: string, b: string): number {
  const [majorA, minorA] = a.split('.').map(Number);
  const [majorB, minorB] = b.split('.').map(Number);
  return numberOf(majorA) - numberOf(majorB) || numberOf(minorA) - numberOf(minorB);
}
