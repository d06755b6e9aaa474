/**
 * Finds out where the Docker Engine is: the option, else DOCKER_HOST, else the current Docker context, else the usual
 * sockets.
 * Owns: that order, and reading Docker's client configuration. Must not know: how an engine is called.
 */
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { adapterError } from './errors.js';
import { parseJson, recordOf, textOf } from './json.js';

/** TLS material of an endpoint. */
export interface EndpointTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly verify: boolean;
}

/** Where an engine listens. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: EndpointTls | null }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port: number;
      readonly username: string;
      /** Path of the agent's socket; null: there is none. */
      readonly agent: string | null;
      /** Used when there is no agent; null: none was found. */
      readonly privateKey: string | null;
    };

/** What the search looks at. */
export interface EndpointSearch {
  /** Value of `--docker-host`; null when it was not given. */
  readonly dockerHost: string | null;
  /** Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: the home directory of this user. */
  readonly home?: string;
}

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Folder of Docker's client configuration. */
  readonly configFolder: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Finds the endpoint. Rejects with an EngineError `unreachable` that says which setting is wrong. */
export async function findEndpoint(search: EndpointSearch): Promise<Endpoint> {
  const around = surroundingsOf(search);
  if (search.dockerHost !== null && search.dockerHost !== '')
    return parseEndpoint(search.dockerHost, '--docker-host', around);
  const fromEnvironment = around.environment.DOCKER_HOST ?? '';
  if (fromEnvironment !== '') return parseEndpoint(fromEnvironment, 'DOCKER_HOST', around);
  const context = await currentContext(around);
  if (context !== null) return contextEndpoint(context, around);
  return { kind: 'socket', path: await usualSocket(around) };
}

/** Folder of Docker's client configuration: `DOCKER_CONFIG`, else `~/.docker`. */
export const dockerConfigFolder = (search: Omit<EndpointSearch, 'dockerHost'> = {}): string =>
  surroundingsOf({ ...search, dockerHost: null }).configFolder;

/** The endpoint in words, without credentials. */
export function endpointText(endpoint: Endpoint): string {
  if (endpoint.kind === 'socket') return `unix://${endpoint.path}`;
  return `${endpoint.kind}://${endpoint.host}:${endpoint.port}`;
}

function surroundingsOf(search: EndpointSearch): Surroundings {
  const environment = search.environment ?? process.env;
  const home = search.home ?? homedir();
  return { environment, home, configFolder: environment.DOCKER_CONFIG || join(home, '.docker') };
}

async function parseEndpoint(text: string, origin: string, around: Surroundings): Promise<Endpoint> {
  if (text.startsWith('unix://'))
    return { kind: 'socket', path: text.slice('unix://'.length) || DEFAULT_SOCKET };
  if (text.startsWith('npipe://')) return { kind: 'socket', path: text.slice('npipe://'.length) };
  if (text.startsWith('/')) return { kind: 'socket', path: text };
  const url = URL.canParse(withScheme(text)) ? new URL(withScheme(text)) : null;
  if (url === null || url.hostname === '') throw notUnderstood(origin);
  switch (url.protocol) {
    case 'tcp:':
      return tcpEndpoint(url, { secure: wantsTls(around), plainPort: 2375, securePort: 2376 }, around);
    case 'http:':
      return tcpEndpoint(url, { secure: false, plainPort: 80, securePort: 443 }, around);
    case 'https:':
      return tcpEndpoint(url, { secure: true, plainPort: 80, securePort: 443 }, around);
    case 'ssh:':
      return sshEndpoint(url, around);
    default:
      throw notUnderstood(origin);
  }
}

const withScheme = (text: string): string => (text.includes('://') ? text : `tcp://${text}`);

const notUnderstood = (origin: string): Error =>
  adapterError(
    'unreachable',
    `${origin} is not an address of a Docker Engine: expected unix:///path, tcp://host:port, http(s)://host:port or ssh://user@host`,
  );

const wantsTls = (around: Surroundings): boolean => (around.environment.DOCKER_TLS_VERIFY ?? '') !== '';

async function tcpEndpoint(
  url: URL,
  choice: { readonly secure: boolean; readonly plainPort: number; readonly securePort: number },
  around: Surroundings,
): Promise<Endpoint> {
  const secure = choice.secure || (url.protocol === 'tcp:' && url.port === '2376');
  const folder = around.environment.DOCKER_CERT_PATH || around.configFolder;
  return {
    kind: 'tcp',
    host: url.hostname,
    port: Number(url.port) || (secure ? choice.securePort : choice.plainPort),
    tls: secure ? await readTls(folder, true) : null,
  };
}

async function sshEndpoint(url: URL, around: Surroundings): Promise<Endpoint> {
  const agent = around.environment.SSH_AUTH_SOCK || null;
  const keys = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(around.home, '.ssh', name));
  return {
    kind: 'ssh',
    host: url.hostname,
    port: Number(url.port) || 22,
    username: decodeURIComponent(url.username) || around.environment.USER || 'root',
    agent,
    privateKey: agent === null ? await firstText(keys) : null,
  };
}

/** Name of the context in use; null: Docker's `default`, which names no endpoint of its own. */
async function currentContext(around: Surroundings): Promise<string | null> {
  const chosen = around.environment.DOCKER_CONTEXT ?? '';
  const config = await readText(join(around.configFolder, 'config.json'));
  const name = chosen || textOf(recordOf(parseJson(config ?? '')).currentContext);
  return name === '' || name === 'default' ? null : name;
}

async function contextEndpoint(context: string, around: Surroundings): Promise<Endpoint> {
  const store = join(around.configFolder, 'contexts');
  const folder = createHash('sha256').update(context).digest('hex');
  const meta = recordOf(parseJson((await readText(join(store, 'meta', folder, 'meta.json'))) ?? ''));
  const docker = recordOf(recordOf(meta.Endpoints).docker);
  const host = textOf(docker.Host);
  const origin = `the Docker context "${context}"`;
  if (host === '')
    throw adapterError(
      'unreachable',
      `${origin} is current but not stored in ${store}: choose another (docker context use default)`,
    );
  const endpoint = await parseEndpoint(host, origin, around);
  if (endpoint.kind !== 'tcp') return endpoint;
  const tls = await readTls(join(store, 'tls', folder, 'docker'), docker.SkipTLSVerify !== true);
  const hasMaterial = tls.ca !== null || tls.cert !== null || !tls.verify;
  return hasMaterial ? { ...endpoint, tls } : endpoint;
}

async function readTls(folder: string, verify: boolean): Promise<EndpointTls> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readText(join(folder, name))),
  );
  return { ca: ca ?? null, cert: cert ?? null, key: key ?? null, verify };
}

async function usualSocket(around: Surroundings): Promise<string> {
  const runtime = around.environment.XDG_RUNTIME_DIR ?? '';
  const candidates = [
    DEFAULT_SOCKET,
    ...(runtime === '' ? [] : [join(runtime, 'docker.sock')]),
    join(around.home, '.docker/run/docker.sock'),
    join(around.home, '.docker/desktop/docker.sock'),
    join(around.home, '.colima/default/docker.sock'),
    join(around.home, '.rd/docker.sock'),
  ];
  for (const path of candidates) if (await exists(path)) return path;
  return DEFAULT_SOCKET;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const readText = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

async function firstText(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const text = await readText(path);
    if (text !== null) return text;
  }
  return null;
}
