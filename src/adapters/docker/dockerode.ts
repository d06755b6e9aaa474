/**
 * The part of dockerode that is used, with answers typed as what they are: unknown.
 * Owns: making a client for an endpoint. Must not know: what is asked.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { failingOnCutReplies } from './cut-replies.js';
import type { Endpoint } from './endpoint.js';

/** Every call takes its fields, an `abortSignal` among them. `_query` and `_body` keep a body (secrets!) out of the URL. */
type Ask = (fields: object) => Promise<unknown>;

/** A program in a container. */
interface Exec {
  /** Answers with the stream of its output. */
  readonly start: Ask;
  readonly inspect: Ask;
}

/** A dockerode client. */
export interface Dockerode {
  readonly version: Ask;
  readonly info: Ask;
  readonly getEvents: Ask;
  readonly listContainers: Ask;
  readonly listNetworks: Ask;
  readonly listVolumes: Ask;
  readonly createContainer: (fields: object) => Promise<{ readonly id: unknown }>;
  readonly createNetwork: Ask;
  readonly createVolume: Ask;
  /** Pulls; the first argument is the login for the registry. */
  readonly createImage: (login: object | undefined, fields: object) => Promise<unknown>;
  readonly getContainer: (id: string) => {
    readonly inspect: Ask;
    readonly start: Ask;
    readonly stop: Ask;
    readonly restart: Ask;
    readonly unpause: Ask;
    readonly remove: Ask;
    readonly rename: Ask;
    readonly update: Ask;
    /** Prepares a program; it runs when it is started. */
    readonly exec: (fields: object) => Promise<Exec>;
  };
  readonly getImage: (reference: string) => { readonly inspect: Ask };
  readonly getNetwork: (id: string) => {
    readonly remove: Ask;
    readonly connect: Ask;
    readonly disconnect: Ask;
  };
  readonly getVolume: (name: string) => { readonly inspect: Ask; readonly remove: Ask };
  readonly modem: {
    /** For the one call whose query dockerode drops. */
    dial(call: object, settle: (error: unknown, answer: unknown) => void): void;
  };
}

/** Makes a client; loads the library at its first use, because that takes long. */
export async function createClient(endpoint: Endpoint, apiVersion: string | null): Promise<Dockerode> {
  const { default: Docker } = await import('dockerode');
  const version = apiVersion === null ? undefined : `v${apiVersion}`;
  const options = { ...NOTHING_FROM_ENVIRONMENT, ...endpointOptions(endpoint), version };
  return new Docker(options as object) as unknown as Dockerode;
}

/** A name as a part of a path; dockerode does not escape it. */
export const pathPart = (name: string): string => encodeURIComponent(name);

/**
 * What docker-modem would otherwise take from DOCKER_HOST: whatever is left out comes from there, and its host would
 * beat our socket.
 */
const NOTHING_FROM_ENVIRONMENT: Readonly<Record<string, unknown>> = {
  host: undefined,
  socketPath: undefined,
  port: undefined,
  protocol: 'http',
  pathPrefix: '/',
  username: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
};

/** Connections are not kept: a stale one must not look like a lost reply. */
function endpointOptions(endpoint: Endpoint): Readonly<Record<string, unknown>> {
  switch (endpoint.kind) {
    case 'socket':
      return { socketPath: endpoint.path, agent: failingOnCutReplies(new HttpAgent({ keepAlive: false })) };
    case 'ssh': {
      const { host, port, username, agent, privateKey } = endpoint;
      const identity = agent === null ? { privateKey: privateKey ?? undefined } : { agent };
      return { protocol: 'ssh', host, port, username, sshOptions: identity };
    }
    case 'tcp': {
      const { host, port, tls } = endpoint;
      if (tls === null)
        return { host, port, agent: failingOnCutReplies(new HttpAgent({ keepAlive: false })) };
      return {
        host,
        port,
        protocol: 'https',
        ca: tls.ca ?? undefined,
        cert: tls.cert ?? undefined,
        key: tls.key ?? undefined,
        agent: failingOnCutReplies(new HttpsAgent({ keepAlive: false, rejectUnauthorized: tls.verify })),
      };
    }
  }
}
