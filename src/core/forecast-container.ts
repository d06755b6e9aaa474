/**
 * A container of a plan's model as Docker would show it once it is made.
 * Owns: its fields, its ends in networks, its limits. Must not know: what is done with it later.
 */
import type { ContainerSpec, NetworkAttachment, Resources, RestartPolicy } from '../model/desired.js';
import { containerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
import {
  type CheckTimes,
  NO_RESOURCES,
  type ObservedContainer,
  type ObservedEndpoint,
  type ObservedResources,
  type ObservedState,
} from '../model/observed.js';
import type { StepOf } from '../model/step.js';

const DEFAULT_CHECK: CheckTimes = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
};

/** A container just made from its draft. */
export function created(
  { draft }: StepOf<'createContainer'>,
  state: ObservedState,
  now: Now,
): ObservedContainer {
  const { spec, owned } = draft;
  const image = state.images.get(spec.image) ?? null;
  const first = spec.networks[0];
  return {
    id: containerId(`planned:${draft.name}`),
    name: draft.name,
    owned,
    status: 'created',
    exitCode: 0,
    oomKilled: false,
    error: '',
    pid: 0,
    createdAt: now.wallMs,
    startedAt: null,
    finishedAt: null,
    restartCount: 0,
    restartPolicy: plainPolicy(spec.restart),
    resources: asShown(spec.resources, NO_RESOURCES),
    health: { status: 'none', failingStreak: 0, lastOutput: '' },
    probed: null,
    stopGraceMs: spec.stopGraceMs,
    check: hasCheck(spec, image?.hasHealthcheck ?? false) ? DEFAULT_CHECK : null,
    imageId: image?.id ?? '',
    image: spec.image,
    imageVersion: image?.version ?? null,
    networkMode: draft.networkOf === null ? (first?.network ?? 'bridge') : `container:${draft.networkOf}`,
    endpoints: first === undefined ? [] : [endpoint(first, state)],
    ports: {},
    hostPorts: [],
    mounts: draft.carried.map(({ volume, target }) => ({
      kind: 'volume',
      source: volume,
      target,
      readOnly: false,
    })),
    isSilent: false,
  };
}

const plainPolicy = ({ name, maximumRetryCount }: RestartPolicy): RestartPolicy => ({
  name,
  maximumRetryCount,
});

/** The declared check, else the image's. */
function hasCheck({ healthcheck }: ContainerSpec, imageHasIt: boolean): boolean {
  return healthcheck === null ? imageHasIt : healthcheck.kind === 'test';
}

/** Limits as Docker would show them. */
export const asShown = (declared: Resources, before: ObservedResources): ObservedResources => ({
  nanoCpus: declared.nanoCpus ?? 0,
  cpuQuotaUs: declared.cpuQuotaUs ?? 0,
  cpuPeriodUs: declared.cpuPeriodUs ?? before.cpuPeriodUs,
  memoryBytes: declared.memoryBytes ?? 0,
  memorySwapBytes: declared.memorySwapBytes ?? before.memorySwapBytes,
  memoryReservationBytes: declared.memoryReservationBytes ?? 0,
  pidsLimit: declared.pidsLimit ?? 0,
});

/** An end in a network as Docker would show it. */
export function endpoint(attachment: NetworkAttachment, state: ObservedState): ObservedEndpoint {
  const networkId = state.networks.get(attachment.network)?.id ?? '';
  return {
    network: attachment.network,
    networkId,
    aliases: attachment.aliases,
    ipAddress: '',
    fixedIpv4: attachment.ipv4Address,
    fixedIpv6: attachment.ipv6Address,
  };
}
