/**
 * Controllers that run as containers, this process among them.
 * Owns: recognising them, and what their containers tell. Must not know: what is done about a second controller.
 */
import { readFile } from 'node:fs/promises';
import type { CallOptions } from '../../controller/ports.js';
import { LABELS } from '../../model/labels.js';
import { compareText } from '../../model/problem.js';
import type { DockerConnection } from './connection.js';
import { pathPart } from './dockerode.js';
import { isAbsent } from './errors.js';
import { type JsonRecord, listOf, recordOf, textOf } from './json.js';

/** A running container of a controller. */
export interface RunningController {
  readonly id: string;
  readonly name: string;
  /** `--project` of its command, else ALICIA_PROJECT, else `alicia`. */
  readonly project: string;
  /** `--http` of its command, else ALICIA_HTTP; null: not given. */
  readonly http: string | null;
  readonly networkMode: string;
  /** Its addresses, sorted; empty with host networking. */
  readonly addresses: readonly string[];
}

/** What is mounted into a container. */
export interface PathMount {
  readonly inside: string;
  /** The folder or file of the host; null: a volume, or memory. */
  readonly outside: string | null;
}

const DEFAULT_PROJECT = 'alicia';

/** Running containers whose labels, mostly those of their image, mark them as controllers. Sorted by name. */
export function findRunningControllers(
  connection: DockerConnection,
  options: CallOptions,
): Promise<readonly RunningController[]> {
  return connection.call({ kind: 'list', ...options }, async ({ docker }, abortSignal) => {
    const filters = { label: [LABELS.controller], status: ['running'] };
    const found: RunningController[] = [];
    for (const entry of listOf(await docker.listContainers({ filters, abortSignal }))) {
      const id = textOf(recordOf(entry).Id);
      try {
        found.push(controllerOf(await docker.getContainer(pathPart(id)).inspect({ abortSignal })));
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    }
    return found.sort((a, b) => compareText(a.name, b.name));
  });
}

/** What the inspected container of a controller tells. */
export function controllerOf(answer: unknown): RunningController {
  const raw = recordOf(answer);
  const words = listOf(raw.Args).map(textOf);
  const environment = listOf(recordOf(raw.Config).Env).map(textOf);
  const setting = (flag: string, variable: string): string | null =>
    flagOf(words, flag) ?? environmentValue(environment, variable);
  return {
    id: textOf(raw.Id),
    name: textOf(raw.Name).replace(/^\//, ''),
    project: setting('--project', 'ALICIA_PROJECT') ?? DEFAULT_PROJECT,
    http: setting('--http', 'ALICIA_HTTP'),
    networkMode: textOf(recordOf(raw.HostConfig).NetworkMode),
    addresses: addressesOf(raw),
  };
}

/** Id of the container that this process runs in; null: it runs in none. */
export async function ownContainer(mountTable = '/proc/self/mountinfo'): Promise<string | null> {
  return containerInMountTable(await readFile(mountTable, 'utf8').catch(() => ''));
}

/**
 * Reads the id from a mount table. Docker mounts three files of the container's own folder, whatever the host name and
 * the network are. Only these are looked at: on a host with Docker other lines name containers too.
 */
export function containerInMountTable(text: string): string | null {
  for (const line of text.split('\n')) {
    const [, , , root = '', target = ''] = line.split(' ');
    if (!DOCKER_FILES.includes(target)) continue;
    const id = /\/containers\/([0-9a-f]{64})\//.exec(root)?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

const DOCKER_FILES: readonly string[] = ['/etc/resolv.conf', '/etc/hostname', '/etc/hosts'];

/** The bind mounts of a container, longest inner path first: by these its paths become the host's. */
export function ownMounts(
  connection: DockerConnection,
  id: string,
  options: CallOptions,
): Promise<readonly PathMount[]> {
  return connection.call({ kind: 'inspectContainer', ...options }, async ({ docker }, abortSignal) => {
    const raw = recordOf(await docker.getContainer(pathPart(id)).inspect({ abortSignal }));
    const mounts = listOf(raw.Mounts)
      .map(recordOf)
      .map(({ Type, Destination, Source }) => ({
        inside: textOf(Destination),
        // The source that is shown of a volume is a folder of Docker's own; with a subpath it is not even the right one.
        outside: Type === 'bind' ? textOf(Source) : null,
      }));
    const inMemory = Object.keys(recordOf(recordOf(raw.HostConfig).Tmpfs));
    return [...mounts, ...inMemory.map((inside) => ({ inside, outside: null }))].sort(
      (a, b) => b.inside.length - a.inside.length || compareText(a.inside, b.inside),
    );
  });
}

/** The last value of a flag, in both of its forms. */
function flagOf(words: readonly string[], flag: string): string | null {
  let value: string | null = null;
  for (const [index, word] of words.entries()) {
    if (word === flag) value = words[index + 1] ?? value;
    if (word.startsWith(`${flag}=`)) value = word.slice(flag.length + 1);
  }
  return value;
}

function environmentValue(environment: readonly string[], variable: string): string | null {
  const found = environment.find((pair) => pair.startsWith(`${variable}=`))?.slice(variable.length + 1);
  return found === undefined || found === '' ? null : found;
}

function addressesOf(raw: JsonRecord): readonly string[] {
  return Object.values(recordOf(recordOf(raw.NetworkSettings).Networks))
    .map((endpoint) => textOf(recordOf(endpoint).IPAddress))
    .filter((address) => address !== '')
    .sort(compareText);
}
