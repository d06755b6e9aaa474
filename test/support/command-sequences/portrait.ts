/**
 * A container in words that are the same on every engine: ids, times and addresses replaced by what they stand for.
 * Owns: what is compared, and when a container is at rest. Must not know: which engine it is.
 */
import type { ObservedContainer, ObservedEndpoint, ObservedMount } from '../../../src/model/observed.js';
import { HIDDEN } from './exceptions.js';
import { endsAtOnce, type Place } from './kinds.js';
import type { Cast, Made, Stage } from './stage.js';

/** What is remembered of one container from round to round. */
interface Memory {
  startedAt: number | null;
  runs: number;
  /** It has restarted itself without end: how often, and in which moment it was met, is chance from then on. */
  hasLooped: boolean;
  volumes: readonly string[];
}

/** Looks at all containers of a sequence, round after round. */
export interface Painter {
  /** One line a container and one for the volumes; null: something is still under way. */
  paint(cast: Cast): Promise<readonly string[] | null>;
}

/** Creates a painter that has seen nothing yet. */
export function createPainter(stage: Stage): Painter {
  const memories = new Map<string, Memory>();
  const memoryOf = (id: string): Memory => {
    const memory = memories.get(id) ?? { startedAt: null, runs: 0, hasLooped: false, volumes: [] };
    memories.set(id, memory);
    return memory;
  };
  return {
    async paint(cast) {
      const seen = await Promise.all(cast.map((made) => (made === null ? null : stage.look(made.id))));
      const lines: string[] = [];
      for (const [number, made] of cast.entries()) {
        const container = seen[number] ?? null;
        if (made !== null && container !== null && !isAtRest(container, made)) return null;
        lines.push(`c${number}: ${portraitOf(made, container, { memoryOf, place: stage.place })}`);
      }
      return [...lines, await volumesOf(stage, [...memories.values()])];
    },
  };
}

/** Nothing will change by itself, or what changes is not told apart. */
export function isAtRest(container: ObservedContainer, { kind }: Made): boolean {
  const { status, health, check, pid } = container;
  if (status === 'removing') return false;
  if (endsAtOnce(kind)) return isLooping(container) || (status !== 'running' && status !== 'restarting');
  if (status === 'restarting' || (status === 'running' && pid === 0)) return false;
  if (status !== 'running' || check === null) return true;
  return health.status === (kind === 'sick' ? 'unhealthy' : 'healthy');
}

const isLooping = ({ status, restartPolicy: { name } }: ObservedContainer): boolean =>
  (status === 'running' || status === 'restarting') && (name === 'always' || name === 'unless-stopped');

interface Sitting {
  readonly memoryOf: (id: string) => Memory;
  readonly place: Place;
}

function portraitOf(
  made: Made | null,
  container: ObservedContainer | null,
  { memoryOf, place }: Sitting,
): string {
  if (made === null) return 'was not made';
  if (container === null) return 'is gone';
  const memory = memoryOf(made.id);
  if (endsAtOnce(made.kind) && isLooping(container)) memory.hasLooped = true;
  if (container.startedAt !== null && container.startedAt !== memory.startedAt) memory.runs += 1;
  memory.startedAt = container.startedAt;
  memory.volumes = container.mounts.map(({ source }) => source);
  return JSON.stringify({
    ...common(container, place),
    ...(memory.hasLooped ? { loops: isLooping(container) } : run(container, memory)),
  });
}

function run(container: ObservedContainer, { runs }: Memory): object {
  const { status, exitCode, restartCount, pid, startedAt, finishedAt } = container;
  return {
    status,
    exitCode,
    restartCount,
    runs,
    pid: pid > 0,
    times: `${startedAt === null ? 'never' : 'started'} ${finishedAt === null ? 'never' : 'finished'}`,
    health: container.health.status,
  };
}

function common(container: ObservedContainer, place: Place): object {
  const { name, error, oomKilled, restartPolicy, resources, check, networkMode, endpoints, mounts } =
    container;
  const areIdsHidden = HIDDEN.some(({ part, isSo }) => part === 'ids of its networks' && isSo(container));
  return {
    name: named(name, place),
    error: error !== '',
    ...(oomKilled ? { oomKilled } : {}),
    policy: `${restartPolicy.name}:${restartPolicy.maximumRetryCount}`,
    resources: Object.values(resources).join(' '),
    check: check === null ? null : Object.values(check).join(' '),
    networkMode: named(networkMode, place),
    endpoints: endpoints.map((endpoint) => endpointIn(endpoint, place, areIdsHidden)).sort(),
    ports: Object.entries(container.ports).map(([key, port]) => `${key}=${portName(port, place)}`),
    hostPorts: container.hostPorts.map(
      ({ ip, port, protocol }) => `${ip} ${portName(port, place)} ${protocol}`,
    ),
    mounts: mounts.map((mount) => mountIn(mount, place)),
  };
}

const named = (name: string, { prefix, networks }: Place): string => {
  if (name === networks.front) return 'front';
  if (name === networks.back) return 'back';
  return name.replace(`${prefix}-`, '');
};

function endpointIn(endpoint: ObservedEndpoint, place: Place, isIdHidden: boolean): string {
  const { network, networkId, aliases, ipAddress, fixedIpv4 } = endpoint;
  const { front, back } = place.addresses;
  const addressName = (address: string): string =>
    address === '' ? 'none' : address === front || address === back ? 'fixed' : 'some';
  return [
    named(network, place),
    isIdHidden ? 'hidden' : networkId === '' ? 'unknown' : 'known',
    `[${aliases.join(' ')}]`,
    addressName(ipAddress),
    ...(fixedIpv4 === null ? [] : [`asked: ${addressName(fixedIpv4)}`]),
  ].join(' ');
}

/** Which port of a range is the next depends on what was given before, by others too. */
const portName = (port: number, { port: fixed, firstOfRange }: Place): string =>
  port === fixed ? 'fixed' : port === firstOfRange || port === firstOfRange + 1 ? 'of the range' : 'any';

function mountIn({ kind, source, target, readOnly }: ObservedMount, { prefix }: Place): string {
  const name = /^[0-9a-f]{64}$/.test(source) ? 'anonymous' : source.replace(`${prefix}-`, '');
  return `${kind} ${name} ${target}${readOnly ? ' read-only' : ''}`;
}

async function volumesOf(stage: Stage, memories: readonly Memory[]): Promise<string> {
  const names = [...new Set(memories.flatMap(({ volumes }) => volumes))];
  const there = new Set(await stage.volumes(names));
  return `volumes: ${names.map((name) => (there.has(name) ? 'there' : 'gone')).join(' ')}`;
}
