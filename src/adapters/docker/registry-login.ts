/**
 * The login for the registry of an image, from the Docker client's configuration.
 * Owns: which registry a reference names, and the `auths` of `config.json`. Must not know: how an image is pulled.
 * Credential helpers are not asked.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerConfigFolder } from './endpoint.js';
import { parseJson, recordOf, textOf } from './json.js';

/** As Docker's API takes it. */
export interface RegistryLogin {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_KEYS: readonly string[] = ['index.docker.io', 'registry-1.docker.io', DOCKER_HUB];

/** A reference in the two parts that a pull asks for. */
export interface ReferenceParts {
  readonly name: string;
  /** Tag or digest; `latest` when the reference has neither, since without any Docker pulls all tags. */
  readonly tag: string;
}

/** Splits a reference. A digest wins over a tag, as with `docker pull`. */
export function splitReference(reference: string): ReferenceParts {
  const at = reference.indexOf('@');
  const tagged = at === -1 ? reference : reference.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  const name = hasTag ? tagged.slice(0, colon) : tagged;
  if (at !== -1) return { name, tag: reference.slice(at + 1) };
  return { name, tag: hasTag ? tagged.slice(colon + 1) : 'latest' };
}

/** Host of the registry that a reference names. */
export function registryOf(reference: string): string {
  const slash = reference.indexOf('/');
  const first = slash === -1 ? '' : reference.slice(0, slash);
  return first === 'localhost' || /[.:]/.test(first) ? first : DOCKER_HUB;
}

/** The login that a `config.json` holds for the registry of a reference; null when it holds none. */
export function loginOf(reference: string, config: unknown): RegistryLogin | null {
  const registry = registryOf(reference);
  const wanted = registry === DOCKER_HUB ? DOCKER_HUB_KEYS : [registry];
  for (const [key, value] of Object.entries(recordOf(recordOf(config).auths))) {
    const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    if (!wanted.includes(host)) continue;
    const entry = recordOf(value);
    const identitytoken = textOf(entry.identitytoken);
    if (identitytoken !== '') return { identitytoken, serveraddress: key };
    const pair = Buffer.from(textOf(entry.auth), 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = pair.indexOf(':');
    if (colon > 0)
      return { username: pair.slice(0, colon), password: pair.slice(colon + 1), serveraddress: key };
  }
  return null;
}

/** The login for a reference from this user's configuration; null when there is none. */
export async function findLogin(reference: string): Promise<RegistryLogin | null> {
  const text = await readFile(join(dockerConfigFolder(), 'config.json'), 'utf8').catch(() => '');
  return loginOf(reference, parseJson(text));
}
