/**
 * Observed states written in a few lines, for decision tests.
 * Owns: the notation of containers. Must not know: decisions.
 *
 * One container a line: `web-1 running healthy up=10`. The first word is service and slot, with `-old`, `-failed` or
 * `-stuck` where the name has that role. Then, in any order:
 * a status (`running`, `exited`, `created`, …) · `healthy`, `starting`, `unhealthy` (it has a check) · `streak=0` (failures in a row, else 3) · `checked` (it has one,
 * no word yet) · `other`, `other2`, `ancient` (made from another spec) · `exit=3` · `restarts=5` · `policy=no` (or `on-failure:3`) ·
 * `age=`, `up=`, `ended=` (seconds from creation, start, end to second 1000, whenever the pass is) · `error=no_such_device` · `needs=bus,db` (its label) ·
 * `kept` (its label says prune: false) · `off=net` (not attached) · `lost=net` (attached to a network that is gone) ·
 * `id=b` (else the name decides) · `named=x` · `port=8080` (or `127.0.0.1:53/udp`) · `oom` · `grace=30` · `moved` (made from an image that its tag does not name
 * any more; `mislabelled`: only its label says so; `overtaken`: its label does not) · `mem=512m`, `swap=1024m`, `cpus=2`, `quota=50000`, `period=100000`, `pids=9` (limits that Docker shows; else the declared ones) · `noalias=net` (lacks its aliases there) ·
 * `anonymous=/data` (an anonymous volume mounted there; `carried=/data`: one that was carried over) · `in=vpn-1` (shares the network of that
 * container, `silent`: no answer about it; `in=gone`: of one that is not there) · `probed=healthy` (what our probes say) · `blind` (they cannot be made) · `pid=7` ·
 * `stack=blog`, `at=all.yaml#2` (its labels) · `output=no_route` (what its last check printed).
 */
import type { DesiredService, DesiredState, RestartPolicy } from '../../src/model/desired.js';
import { containerId, type ServiceName, type SpecHash, serviceName, specHash } from '../../src/model/ids.js';
import type { ManifestSource } from '../../src/model/labels.js';
import { containerNameOf } from '../../src/model/names.js';
import {
  type CheckTimes,
  type ContainerStatus,
  NO_RESOURCES,
  type ObservedContainer,
  type Probed,
} from '../../src/model/observed.js';
import { sha256 } from './decision-desired.js';
import { NO_LIMITS } from './no-limits.js';

/** Specs that no manifest asks for. */
export const OTHER_SPECS: Readonly<Record<string, SpecHash>> = {
  other: specHash(`v1:${'0'.repeat(64)}`),
  other2: specHash(`v1:${'1'.repeat(64)}`),
  /** Of a form of hash that this program does not know. */
  ancient: specHash(`v0:${'2'.repeat(64)}`),
};

const STATUSES: readonly ContainerStatus[] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
];
const HEALTH_WORDS = ['healthy', 'starting', 'unhealthy'] as const;
const DEFAULT_CHECK: CheckTimes = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
};

/** The containers of a text, by service. `wallMs` is the moment that their times count back from. */
export function parseContainers(
  text: string,
  desired: DesiredState,
  wallMs: number,
): ReadonlyMap<ServiceName, readonly ObservedContainer[]> {
  const services = new Map<ServiceName, ObservedContainer[]>();
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  for (const line of lines) {
    const container = parseContainer(line, desired, wallMs);
    const name = container.owned.service;
    services.set(name, [...(services.get(name) ?? []), container]);
  }
  return services;
}

/** The words of a line, and what they ask for. */
interface Words {
  has(word: string): boolean;
  value(name: string): string | null;
  seconds(name: string, standard: number): number;
}

function wordsOf(words: readonly string[]): Words {
  const value = (name: string): string | null =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  return {
    has: (word) => words.includes(word),
    value,
    seconds: (name, standard) => Number(value(name) ?? standard) * 1000,
  };
}

function sourceOf(text: string | null): ManifestSource | null {
  const [file = '', number] = text?.split('#') ?? [];
  return number === undefined ? null : { file, number: Number(number) };
}

function parseContainer(line: string, desired: DesiredState, wallMs: number): ObservedContainer {
  const [label = '', ...rest] = line.split(/\s+/);
  const match = /^(.+?)-(\d+)(-old|-failed|-stuck-[0-9a-f]{4})?$/.exec(label);
  if (match === null) throw new Error(`not a container: ${line}`);
  const name = serviceName(match[1] ?? '');
  const slot = Number(match[2]);
  const words = wordsOf(rest);
  const service = desired.services.get(name) ?? null;
  const status = STATUSES.find((candidate) => words.has(candidate)) ?? 'running';
  const hash = hashOf(words, service);
  const id = containerId(
    words.value('id') === null ? idOf(`${label} ${hash}`) : idOf(words.value('id') ?? ''),
  );
  const hasRun = status !== 'created' || words.value('restarts') !== null;
  const health = HEALTH_WORDS.find((word) => words.has(word));
  const networks = service?.container.networks ?? [{ network: 'alicia_bus_network', aliases: [name] }];
  const literal = service?.containerName ?? null;
  const plain = containerNameOf(
    'alicia',
    { name, containerName: literal, replicas: service?.replicas ?? 2, hash },
    slot,
  );
  return {
    id,
    name: words.value('named') ?? `${plain}${match[3] ?? ''}`,
    owned: {
      project: 'alicia',
      service: name,
      slot,
      hash,
      image: words.has('moved') || words.has('mislabelled') ? 'sha256:0' : 'sha256:1',
      dependsOn: words.value('needs')?.split(',').map(serviceName) ?? [],
      revision: 'r0',
      stack: words.value('stack'),
      prune: !words.has('kept'),
      anonymous: words.value('carried') === null ? [] : [CARRIED],
      source: sourceOf(words.value('at')),
    },
    status,
    exitCode: Number(words.value('exit') ?? 0),
    oomKilled: words.has('oom'),
    error: (words.value('error') ?? '').replaceAll('_', ' '),
    pid: Number(words.value('pid') ?? (status === 'running' ? 42 : 0)),
    createdAt: wallMs - words.seconds('age', 1000),
    startedAt: hasRun ? wallMs - words.seconds('up', 100) : null,
    finishedAt:
      status === 'exited' || status === 'dead' || words.value('ended') !== null
        ? wallMs - words.seconds('ended', 50)
        : null,
    restartCount: Number(words.value('restarts') ?? 0),
    restartPolicy: policyOf(words, service, match[3] !== undefined),
    resources: resourcesOf(words, service),
    probed: probedOf(words),
    health: {
      status: status === 'running' ? (health ?? 'none') : 'none',
      failingStreak: health === 'unhealthy' ? Number(words.value('streak') ?? 3) : 0,
      lastOutput: (words.value('output') ?? '').replaceAll('_', ' '),
    },
    stopGraceMs: words.value('grace') === null ? null : words.seconds('grace', 0),
    check: checkOf(service, health !== undefined || words.has('checked')),
    imageId: words.has('moved') || words.has('overtaken') ? 'sha256:0' : 'sha256:1',
    image: service?.container.image ?? `${name}:1`,
    imageVersion: null,
    networkMode:
      words.value('in') === null
        ? (networks[0]?.network ?? 'default')
        : `container:${idOf(words.value('in') ?? '')}`,
    endpoints: networks
      .filter(({ network }) => network !== words.value('off'))
      .map(({ network, aliases, ...fixed }) => ({
        network,
        networkId: words.value('lost') === network ? 'gone' : `id of ${network}`,
        aliases: words.value('noalias') === network ? [] : aliases,
        ipAddress: status === 'running' ? '172.20.0.2' : '',
        fixedIpv4: 'ipv4Address' in fixed ? fixed.ipv4Address : null,
        fixedIpv6: 'ipv6Address' in fixed ? fixed.ipv6Address : null,
      })),
    ...portsOf(words.value('port')),
    mounts: mountsOf(words),
    isSilent: words.has('silent'),
  };
}

function portsOf(text: string | null): Pick<ObservedContainer, 'ports' | 'hostPorts'> {
  const match = /^(?:([\d.]+):)?(\d+)(?:\/(tcp|udp))?$/.exec(text ?? '');
  if (match === null) return { ports: {}, hostPorts: [] };
  const [, ip = '0.0.0.0', port = '', protocol = 'tcp'] = match;
  return { ports: { [`80/${protocol}`]: Number(port) }, hostPorts: [{ ip, port: Number(port), protocol }] };
}

/** Ids are hashes, of a word of the line where it has one: `id=x`, `in=x`. */
const idOf = (text: string): string => sha256(text);

/** Name of the volume that a container was given by its predecessor. */
export const CARRIED = 'c'.repeat(64);
/** Name of a volume that Docker made for the container itself. */
export const ANONYMOUS = 'a'.repeat(64);

function mountsOf(words: Words): ObservedContainer['mounts'] {
  const mount = (word: string, source: string): ObservedContainer['mounts'] => {
    const target = words.value(word);
    return target === null ? [] : [{ kind: 'volume', source, target, readOnly: false }];
  };
  return [...mount('anonymous', ANONYMOUS), ...mount('carried', CARRIED)];
}

/** What Docker shows: the declared limits, unless the line says otherwise. */
function resourcesOf(words: Words, service: DesiredService | null): ObservedContainer['resources'] {
  const declared = service?.container.resources ?? NO_LIMITS;
  const of = (word: string, value: number | null, unit: number): number =>
    words.value(word) === null ? (value ?? 0) : Number(words.value(word)?.replace(/m$/, '')) * unit;
  return {
    ...NO_RESOURCES,
    nanoCpus: of('cpus', declared.nanoCpus, 1e9),
    cpuQuotaUs: of('quota', declared.cpuQuotaUs, 1),
    memoryBytes: of('mem', declared.memoryBytes, 1024 * 1024),
    memorySwapBytes: of('swap', declared.memorySwapBytes, 1024 * 1024),
    memoryReservationBytes: declared.memoryReservationBytes ?? 0,
    cpuPeriodUs: of('period', declared.cpuPeriodUs, 1),
    pidsLimit: of('pids', declared.pidsLimit, 1),
  };
}

function probedOf(words: Words): Probed | null {
  const word = words.value('probed');
  if (words.has('blind'))
    return { status: 'starting', message: 'no way', unreachable: 'no way to 172.20.0.2' };
  if (word !== 'healthy' && word !== 'unhealthy' && word !== 'starting') return null;
  return { status: word, message: word === 'healthy' ? '' : 'http :9000/ answered 503', unreachable: null };
}

function hashOf(words: Words, service: DesiredService | null): SpecHash {
  const other = Object.entries(OTHER_SPECS).find(([word]) => words.has(word));
  return other?.[1] ?? service?.hash ?? specHash(`v1:${'f'.repeat(64)}`);
}

/** What is kept aside has no restart policy, unless the line says so. */
function policyOf(words: Words, service: DesiredService | null, isAside: boolean): RestartPolicy {
  const [word, count = '0'] = (words.value('policy') ?? '').split(':');
  const names: readonly RestartPolicy['name'][] = ['no', 'on-failure', 'always', 'unless-stopped'];
  const name = names.find((candidate) => candidate === word);
  if (name !== undefined) return { name, maximumRetryCount: Number(count) };
  if (isAside) return { name: 'no', maximumRetryCount: 0 };
  return service?.container.restart ?? { name: 'unless-stopped', maximumRetryCount: 0 };
}

function checkOf(service: DesiredService | null, isSaid: boolean): CheckTimes | null {
  const declared = service?.container.healthcheck ?? null;
  if (declared === null || declared.kind === 'disabled') return isSaid ? DEFAULT_CHECK : null;
  return {
    intervalMs: declared.intervalMs ?? DEFAULT_CHECK.intervalMs,
    timeoutMs: declared.timeoutMs ?? DEFAULT_CHECK.timeoutMs,
    retries: declared.retries ?? DEFAULT_CHECK.retries,
    startPeriodMs: declared.startPeriodMs ?? DEFAULT_CHECK.startPeriodMs,
    startIntervalMs: declared.startIntervalMs ?? DEFAULT_CHECK.startIntervalMs,
  };
}
