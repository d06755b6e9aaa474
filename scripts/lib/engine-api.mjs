// Owns: speaking the Docker Engine API over a Unix socket or TCP, and where to look for an engine.
// It needs no package, because it runs before there are any.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Unable } from './say.mjs';

/** Where the engine of this machine listens, once it runs. */
export const defaultHost = 'unix:///var/run/docker.sock';

/** The engines to ask, in order: `DOCKER_HOST` alone if it is set, else the current context, else the usual sockets. */
export function candidateHosts(env = process.env) {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST];
  const home = homedir();
  const usual = [
    '/var/run/docker.sock',
    env.XDG_RUNTIME_DIR && join(env.XDG_RUNTIME_DIR, 'docker.sock'),
    join(home, '.docker', 'run', 'docker.sock'),
    join(home, '.docker', 'desktop', 'docker.sock'),
    join(home, '.colima', 'default', 'docker.sock'),
  ];
  const sockets = usual.filter((path) => path && existsSync(path)).map((path) => `unix://${path}`);
  return [...new Set([contextHost(env), ...sockets].filter((host) => host !== undefined))];
}

/** The endpoint of the current Docker context; undefined for the default one. */
function contextHost(env) {
  const directory = env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  try {
    const name =
      env.DOCKER_CONTEXT || JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')).currentContext;
    if (!name || name === 'default') return undefined;
    const folder = createHash('sha256').update(name).digest('hex');
    const meta = JSON.parse(readFileSync(join(directory, 'contexts', 'meta', folder, 'meta.json'), 'utf8'));
    return meta.Endpoints?.docker?.Host;
  } catch {
    return undefined;
  }
}

/** Whether an engine answers at this address. */
export async function answers(host) {
  try {
    return (await call(host, { path: '/_ping', timeoutMs: 3_000 })).status === 200;
  } catch (error) {
    if (error instanceof Unable) throw error;
    return false;
  }
}

/**
 * One call. Resolves to `{ status, text }`; rejects when nothing answers within `timeoutMs`.
 * @param body a Buffer (a tar archive); nothing otherwise
 */
export function call(host, { method = 'GET', path, body, timeoutMs = 60_000 }) {
  const target = targetOf(host);
  return new Promise((resolve, reject) => {
    const headers = body ? { 'Content-Type': 'application/x-tar', 'Content-Length': body.length } : {};
    const open = target.tls ? httpsRequest : httpRequest;
    const request = open({ ...target.options, ...target.tls, method, path, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('close', () => reject(new Error('the reply was cut')));
      response.on('end', () =>
        resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }),
      );
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    request.on('close', () => clearTimeout(timer));
    request.on('error', reject);
    request.end(body);
  });
}

function targetOf(host) {
  if (host.startsWith('unix://'))
    return { options: { socketPath: host.slice('unix://'.length), host: 'localhost' } };
  const match = /^(tcp|http|https):\/\/([^:/]+|\[[^\]]+\])(?::(\d+))?\/?$/.exec(host);
  if (match === null) {
    throw new Unable(
      `DOCKER_HOST is ${host}: expected unix:///path or tcp://host:port. Set it to one of these.`,
    );
  }
  const [, scheme, name, port] = match;
  const tls = scheme === 'https' || process.env.DOCKER_TLS_VERIFY ? certificates() : undefined;
  return { options: { host: name.replace(/[[\]]/g, ''), port: Number(port ?? (tls ? 2376 : 2375)) }, tls };
}

function certificates() {
  const directory = process.env.DOCKER_CERT_PATH ?? join(homedir(), '.docker');
  const read = (name) =>
    existsSync(join(directory, name)) ? readFileSync(join(directory, name)) : undefined;
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}
