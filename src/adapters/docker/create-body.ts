/**
 * What is asked for → the body of the call that creates it.
 * Owns: the form of Docker's create and connect bodies. Must not know: how they are sent.
 */
import type {
  ContainerSpec,
  Healthcheck,
  Mount,
  NetworkAttachment,
  Resources,
  RestartPolicy,
} from '../../model/desired.js';
import type { DeviceMapping, Isolation } from '../../model/isolation.js';
import { encodeLabels, LABELS } from '../../model/labels.js';
import type { ContainerChange, ContainerDraft, StepOf } from '../../model/step.js';

/** A body, ready to be sent as JSON. */
export type Body = Readonly<Record<string, unknown>>;

const NANOS_PER_MS = 1_000_000;

/** Body of `POST /containers/create`. Its label values are all strings: docker-modem hangs on any other. */
export function containerBody(draft: ContainerDraft): Body {
  const { spec } = draft;
  const networkMode = networkModeOf(draft);
  const first = spec.networkMode.kind === 'networks' ? spec.networks[0] : undefined;
  return {
    Image: spec.image,
    ...unlessNull('Cmd', spec.command),
    ...unlessNull('Entrypoint', spec.entrypoint),
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels, ...draft.extraLabels, ...encodeLabels(draft.owned) },
    // Docker ignores a binding of a port that is not exposed.
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [portKey(port), {}])),
    ...unlessNull('Healthcheck', spec.healthcheck === null ? null : healthcheckBody(spec.healthcheck)),
    ...unlessNull('StopSignal', spec.stopSignal),
    ...unlessNull('StopTimeout', spec.stopGraceMs === null ? null : wholeSeconds(spec.stopGraceMs)),
    HostConfig: {
      ...unlessNull('NetworkMode', networkMode),
      PortBindings: portBindings(spec),
      RestartPolicy: restartPolicyBody(spec.restart),
      ...resourcesBody(spec.resources),
      ...isolationBody(spec.isolation),
      Mounts: mountBodies(draft),
      Binds: spec.mounts.filter(isBindString).map(bindString),
    },
    ...(first === undefined || isPredefined(first.network)
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [first.network]: endpointBody(first) } } }),
  };
}

/** An endpoint with all its aliases and addresses, at creation and when it is connected later. */
export function endpointBody(attachment: NetworkAttachment): Body {
  const addresses = {
    ...unlessNull('IPv4Address', attachment.ipv4Address),
    ...unlessNull('IPv6Address', attachment.ipv6Address),
  };
  return {
    ...(isPredefined(attachment.network) ? {} : { Aliases: [...attachment.aliases] }),
    ...(Object.keys(addresses).length === 0 ? {} : { IPAMConfig: addresses }),
  };
}

/** Body of `POST /networks/create`. Below API 1.44 names are not unique unless it is asked for. */
export function networkBody(step: StepOf<'createNetwork'>): Body {
  const { network, project } = step;
  return {
    Name: network.name,
    CheckDuplicate: true,
    Driver: network.driver,
    Options: { ...network.driverOptions },
    Internal: network.internal,
    Attachable: network.attachable,
    EnableIPv6: network.enableIpv6,
    Labels: { ...network.labels, [LABELS.project]: project, [LABELS.hash]: network.hash },
    ...(network.ipam.length === 0
      ? {}
      : {
          IPAM: {
            Driver: 'default',
            Config: network.ipam.map((pool) => ({
              Subnet: pool.subnet,
              ...unlessNull('Gateway', pool.gateway),
              ...unlessNull('IPRange', pool.ipRange),
            })),
          },
        }),
  };
}

/** Body of `POST /volumes/create`. */
export function volumeBody(step: StepOf<'createVolume'>): Body {
  const { volume, project } = step;
  return {
    Name: volume.name,
    Driver: volume.driver,
    DriverOpts: { ...volume.driverOptions },
    Labels: { ...volume.labels, [LABELS.project]: project, [LABELS.hash]: volume.hash },
  };
}

/** Body of `POST /containers/<id>/update`: only what changes, because what is left out stays as it is. */
export function updateBody(change: ContainerChange): Body {
  return {
    ...(change.restart === null ? {} : { RestartPolicy: restartPolicyBody(change.restart) }),
    ...(change.resources === null ? {} : resourcesBody(change.resources)),
  };
}

/** A restart policy; Docker refuses a count beside any other than `on-failure`. */
export const restartPolicyBody = (restart: RestartPolicy): Body => ({
  Name: restart.name,
  MaximumRetryCount: restart.name === 'on-failure' ? restart.maximumRetryCount : 0,
});

/** A grace in Docker's unit, never shorter than asked for. */
export const wholeSeconds = (ms: number): number => Math.ceil(ms / 1000);

/** Whether a check asks for what Docker knows from API 1.44 on only (and drops in silence before). */
export const needsStartInterval = (spec: ContainerSpec): boolean =>
  spec.healthcheck?.kind === 'test' && spec.healthcheck.startIntervalMs !== null;

function healthcheckBody(check: Healthcheck): Body {
  if (check.kind === 'disabled') return { Test: ['NONE'] };
  const nanos = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * NANOS_PER_MS));
  return {
    ...unlessNull('Test', check.test),
    ...unlessNull('Interval', nanos(check.intervalMs)),
    ...unlessNull('Timeout', nanos(check.timeoutMs)),
    ...unlessNull('Retries', check.retries),
    ...unlessNull('StartPeriod', nanos(check.startPeriodMs)),
    ...unlessNull('StartInterval', nanos(check.startIntervalMs)),
  };
}

const portKey = (port: ContainerSpec['ports'][number]): string => `${port.containerPort}/${port.protocol}`;

function portBindings(spec: ContainerSpec): Body {
  const bindings: Record<string, { readonly HostIp: string; readonly HostPort: string }[]> = {};
  for (const port of spec.ports) {
    const { hostPorts, hostIp } = port;
    const isOne = hostPorts?.first === hostPorts?.last;
    const range =
      hostPorts === null ? '' : isOne ? `${hostPorts.first}` : `${hostPorts.first}-${hostPorts.last}`;
    const key = portKey(port);
    bindings[key] = [...(bindings[key] ?? []), { HostIp: hostIp, HostPort: range }];
  }
  return bindings;
}

type Bind = Extract<Mount, { readonly kind: 'bind' }>;

/** Only the string form has Docker create a missing source folder; the other form refuses it. */
const isBindString = (mount: Mount): mount is Bind => mount.kind === 'bind' && mount.createSource;

const bindString = (mount: Bind): string => `${mount.source}:${mount.target}${mount.readOnly ? ':ro' : ''}`;

/** All mounts but the binds in string form; after the declared ones, what is carried over for a `VOLUME` of the image. */
function mountBodies({ spec, carried }: ContainerDraft): readonly Body[] {
  const declared = new Set(spec.mounts.map(({ target }) => target));
  const volumes = new Map(carried.map(({ target, volume }) => [target, volume]));
  return [
    ...spec.mounts.filter((mount) => !isBindString(mount)).map((mount) => mountBody(mount, volumes)),
    ...carried
      .filter(({ target }) => !declared.has(target))
      .map(({ volume, target }) => ({ Type: 'volume', Source: volume, Target: target, ReadOnly: false })),
  ];
}

/** A volume without a source is one that Docker makes and names. */
function mountBody(mount: Mount, carried: ReadonlyMap<string, string>): Body {
  return {
    Type: mount.kind === 'bind' || mount.kind === 'file' ? 'bind' : 'volume',
    ...unlessNull('Source', sourceOf(mount, carried)),
    Target: mount.target,
    ReadOnly: mount.readOnly,
  };
}

function sourceOf(mount: Mount, carried: ReadonlyMap<string, string>): string | null {
  switch (mount.kind) {
    case 'bind':
    case 'file':
      return mount.source;
    case 'volume':
      return mount.volume;
    case 'anonymous':
      return carried.get(mount.target) ?? null;
  }
}

/** Null: Docker's own choice. */
function networkModeOf({ spec, networkOf }: ContainerDraft): string | null {
  const { networkMode, networks } = spec;
  switch (networkMode.kind) {
    case 'networks':
      return networks[0]?.network ?? null;
    // Without a container Docker refuses it, rather than to give it a network of its own.
    case 'service':
      return `container:${networkOf ?? ''}`;
    default:
      return networkMode.kind;
  }
}

/** Swap is always given beside memory: an update of one that crosses the other's present value is refused. */
function resourcesBody(resources: Resources): Body {
  const { memoryBytes, memorySwapBytes } = resources;
  const twice = memoryBytes === null ? null : 2 * memoryBytes;
  return {
    ...unlessNull('NanoCpus', resources.nanoCpus),
    ...unlessNull('CpuQuota', resources.cpuQuotaUs),
    ...unlessNull('CpuPeriod', resources.cpuPeriodUs),
    ...unlessNull('Memory', memoryBytes),
    ...unlessNull('MemorySwap', memorySwapBytes ?? twice),
    ...unlessNull('MemoryReservation', resources.memoryReservationBytes),
    ...unlessNull('PidsLimit', resources.pidsLimit),
  };
}

const UNMASKED = 'systempaths=unconfined';

/** Only what is given, so that a container without any of it is asked for in the same words as ever. */
function isolationBody(isolation: Isolation): Body {
  const options = isolation.securityOptions.filter((option) => option !== UNMASKED);
  return {
    ...(isolation.privileged ? { Privileged: true } : {}),
    ...unlessNull('PidMode', isolation.pidMode),
    ...unlessNull('IpcMode', isolation.ipcMode),
    ...unlessNull('UsernsMode', isolation.usernsMode),
    ...unlessEmpty('Devices', isolation.devices.map(deviceBody)),
    ...unlessEmpty('CapAdd', isolation.capAdd),
    ...unlessEmpty('CapDrop', isolation.capDrop),
    ...unlessEmpty('SecurityOpt', options),
    // Docker's own client takes this word for two empty lists: the engine does not know it.
    ...(options.length < isolation.securityOptions.length ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    ...(Object.keys(isolation.sysctls).length === 0 ? {} : { Sysctls: { ...isolation.sysctls } }),
  };
}

const deviceBody = ({ source, target, permissions }: DeviceMapping): Body => ({
  PathOnHost: source,
  PathInContainer: target,
  CgroupPermissions: permissions,
});

/** Docker's own networks take no aliases. */
const isPredefined = (network: string): boolean => ['bridge', 'host', 'none', 'default'].includes(network);

const unlessNull = (name: string, value: unknown): Body => (value === null ? {} : { [name]: value });

const unlessEmpty = (name: string, values: readonly unknown[]): Body =>
  values.length === 0 ? {} : { [name]: [...values] };
