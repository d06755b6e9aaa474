/**
 * Docker's inspect answers → what the decision knows of containers.
 * Owns: whether a container is ours, and the meaning of each field of `GET /containers/<id>/json`. Must not know: how it was fetched.
 */
import type { Sighting } from '../../controller/ports.js';
import type { RestartPolicy } from '../../model/desired.js';
import { containerId } from '../../model/ids.js';
import { decodeLabels, LABELS, type OwnedLabels } from '../../model/labels.js';
import type {
  CheckTimes,
  ContainerStatus,
  ObservedContainer,
  ObservedHealth,
  ObservedResources,
  OtherContainer,
} from '../../model/observed.js';
import { compareText } from '../../model/problem.js';
import { type JsonRecord, listOf, numberOf, recordOf, textOf, textsOf } from './json.js';
import {
  endpointsOf,
  hostPortsOf,
  mountsOf,
  networkModeOf,
  networksOf,
  portsOf,
  sortedPorts,
  writesOf,
} from './observe-ties.js';

/** Label of an image that names its version. */
export const IMAGE_VERSION_LABEL = 'org.opencontainers.image.version';

type Labels = Readonly<Record<string, string>>;

/** A container as inspected, ours unless the labels say otherwise or are merely those of its image. */
export function sightingOf(answer: unknown, project: string, imageLabels: Labels): Sighting {
  const raw = recordOf(answer);
  const labels = containerLabels(raw);
  const owned = claimOf(labels, project);
  if (owned === null || isCopied(labels, imageLabels))
    return { kind: 'other', container: otherOf(raw, labels, project) };
  return { kind: 'ours', container: containerOf(raw, labels, owned) };
}

/** What the labels say when they mark a container of `project`; null when they do not. */
export function claimOf(labels: Labels, project: string): OwnedLabels | null {
  return labels[LABELS.project] === project ? decodeLabels(labels) : null;
}

/** Labels of an inspected container. */
export const containerLabels = (answer: unknown): Labels => textsOf(recordOf(recordOf(answer).Config).Labels);

/** Milliseconds since the epoch of one of Docker's times; null for its zero time. */
export function epochMs(time: unknown): number | null {
  const parsed = Date.parse(textOf(time));
  return Number.isNaN(parsed) || parsed <= 0 ? null : parsed;
}

/** `docker commit` copies labels into the image: a container of such an image carries them without being ours. */
function isCopied(labels: Labels, imageLabels: Labels): boolean {
  const telling = [LABELS.service, LABELS.slot, LABELS.hash];
  return telling.every((label) => labels[label] !== undefined && labels[label] === imageLabels[label]);
}

function containerOf(raw: JsonRecord, labels: Labels, owned: OwnedLabels): ObservedContainer {
  const state = recordOf(raw.State);
  const config = recordOf(raw.Config);
  const hostConfig = recordOf(raw.HostConfig);
  const status = statusOf(state);
  const isUp = status === 'running' || status === 'paused';
  const id = textOf(raw.Id);
  const check = checkOf(config.Healthcheck);
  const endpoints = endpointsOf(raw, id);
  return {
    id: containerId(id),
    name: nameOf(raw),
    owned,
    status,
    exitCode: numberOf(state.ExitCode),
    oomKilled: state.OOMKilled === true,
    error: textOf(state.Error),
    pid: numberOf(state.Pid),
    createdAt: epochMs(raw.Created) ?? 0,
    startedAt: epochMs(state.StartedAt),
    finishedAt: epochMs(state.FinishedAt),
    restartCount: numberOf(raw.RestartCount),
    restartPolicy: restartPolicyOf(hostConfig.RestartPolicy),
    resources: resourcesOf(hostConfig),
    probed: null,
    health: status === 'running' && check !== null ? healthOf(state) : NO_HEALTH,
    stopGraceMs: typeof config.StopTimeout === 'number' ? config.StopTimeout * 1000 : null,
    check,
    imageId: textOf(recordOf(raw.ImageManifestDescriptor).digest) || textOf(raw.Image),
    image: textOf(config.Image),
    imageVersion: labels[IMAGE_VERSION_LABEL] ?? null,
    networkMode: networkModeOf(textOf(hostConfig.NetworkMode), endpoints),
    endpoints,
    ports: isUp ? portsOf(raw) : {},
    hostPorts: isUp ? hostPortsOf(raw) : [],
    mounts: mountsOf(raw),
    isSilent: false,
  };
}

function otherOf(raw: JsonRecord, labels: Labels, project: string): OtherContainer {
  const running = isRunning(statusOf(recordOf(raw.State)));
  return {
    id: containerId(textOf(raw.Id)),
    name: nameOf(raw),
    running,
    hostPorts: running ? hostPortsOf(raw) : [],
    networks: Object.keys(networksOf(raw)).sort(compareText),
    writes: writesOf(raw),
    ...originOf(labels, project),
  };
}

/** What the list of containers says of one that is not ours; it keeps its devices to itself. */
export function otherFromList(
  entry: unknown,
  { project, devices }: { readonly project: string; readonly devices: readonly string[] },
): OtherContainer {
  const raw = recordOf(entry);
  const running = isRunning(textOf(raw.State));
  const published = listOf(raw.Ports)
    .map(recordOf)
    .filter((port) => numberOf(port.PublicPort) > 0)
    .map((port) => ({
      ip: textOf(port.IP),
      port: numberOf(port.PublicPort),
      protocol: textOf(port.Type) || 'tcp',
    }));
  return {
    id: containerId(textOf(raw.Id)),
    name: listedName(raw),
    running,
    hostPorts: running ? sortedPorts(published) : [],
    networks: Object.keys(networksOf(raw)).sort(compareText),
    writes: [...new Set([...writesOf(raw), ...devices])].sort(compareText),
    ...originOf(textsOf(raw.Labels), project),
  };
}

/** Whose a container is that is not ours. */
function originOf(
  labels: Labels,
  project: string,
): Pick<OtherContainer, 'composeProject' | 'composeService' | 'aliciaProject'> {
  const aliciaProject = labels[LABELS.project] ?? null;
  return {
    composeProject: labels['com.docker.compose.project'] ?? null,
    composeService: labels['com.docker.compose.service'] ?? null,
    aliciaProject: aliciaProject === project ? null : aliciaProject,
  };
}

const isRunning = (status: string): boolean =>
  status === 'running' || status === 'paused' || status === 'restarting';

const nameOf = (raw: JsonRecord): string => textOf(raw.Name).replace(/^\//, '');

/** The list names links too, as `/other/alias`: the name proper has one slash. */
export function listedName(raw: JsonRecord): string {
  const names = listOf(raw.Names).map(textOf);
  return (names.find((name) => name.lastIndexOf('/') === 0) ?? names[0] ?? '').replace(/^\//, '');
}

const STATUSES: readonly ContainerStatus[] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
];

/** A word that is none of Docker's is read as `dead`: nothing may be relied on. */
export const statusOf = (state: JsonRecord): ContainerStatus =>
  STATUSES.find((status) => status === textOf(state.Status)) ?? 'dead';

/** The restart policy as Docker shows it; an empty name is `no`. */
function restartPolicyOf(answer: unknown): RestartPolicy {
  const raw = recordOf(answer);
  const names: readonly RestartPolicy['name'][] = ['on-failure', 'always', 'unless-stopped'];
  const name = names.find((known) => known === textOf(raw.Name)) ?? 'no';
  return { name, maximumRetryCount: name === 'on-failure' ? numberOf(raw.MaximumRetryCount) : 0 };
}

/** Nothing known of a check. */
export const NO_HEALTH: ObservedHealth = { status: 'none', failingStreak: 0, lastOutput: '' };
const OUTPUT_LENGTH = 200;

/** Docker's word while it runs. `unhealthy` without a failed check since the start says nothing (a stop or a pause sets it). */
function healthOf(state: JsonRecord): ObservedHealth {
  const health = recordOf(state.Health);
  const last = recordOf(listOf(health.Log).at(-1));
  const failingStreak = numberOf(health.FailingStreak);
  const isStale = (epochMs(last.End) ?? 0) < (epochMs(state.StartedAt) ?? 0);
  const word = textOf(health.Status);
  const saysUnhealthy = word === 'unhealthy' && failingStreak > 0 && !isStale;
  const status = word === 'healthy' ? 'healthy' : saysUnhealthy ? 'unhealthy' : 'starting';
  return { status, failingStreak, lastOutput: textOf(last.Output).slice(0, OUTPUT_LENGTH) };
}

const NANOS_PER_MS = 1_000_000;

/** The effective check, Docker's defaults filled in; null when there is none or it is disabled. */
function checkOf(answer: unknown): CheckTimes | null {
  const raw = recordOf(answer);
  if (!hasCheck(raw)) return null;
  const orDefault = (value: unknown, standardMs: number): number =>
    numberOf(value) > 0 ? numberOf(value) / NANOS_PER_MS : standardMs;
  return {
    intervalMs: orDefault(raw.Interval, 30_000),
    timeoutMs: orDefault(raw.Timeout, 30_000),
    retries: numberOf(raw.Retries) || 3,
    startPeriodMs: orDefault(raw.StartPeriod, 0),
    startIntervalMs: orDefault(raw.StartInterval, 5_000),
  };
}

/** Whether a `Healthcheck` of a container or an image runs anything. */
export function hasCheck(answer: unknown): boolean {
  const kind = textOf(listOf(recordOf(answer).Test)[0]);
  return kind === 'CMD' || kind === 'CMD-SHELL';
}

/** Limits, where Docker's several words for "none" are all 0. */
function resourcesOf(hostConfig: JsonRecord): ObservedResources {
  const limit = (name: string): number => Math.max(0, numberOf(hostConfig[name]));
  return {
    nanoCpus: limit('NanoCpus'),
    cpuQuotaUs: limit('CpuQuota'),
    cpuPeriodUs: limit('CpuPeriod'),
    memoryBytes: limit('Memory'),
    memorySwapBytes: Math.max(-1, numberOf(hostConfig.MemorySwap)),
    memoryReservationBytes: limit('MemoryReservation'),
    pidsLimit: limit('PidsLimit'),
  };
}
