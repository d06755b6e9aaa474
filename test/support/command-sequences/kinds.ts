/**
 * The kinds of containers that sequences make.
 * Owns: what each is made of, and how what runs in it behaves. Must not know: engines.
 */
import type { ContainerSpec, Healthcheck, PortMapping } from '../../../src/model/desired.js';
import { NO_LIMITS } from '../no-limits.js';
import { plainSpec } from '../plain-draft.js';
import type { Behaviour } from '../simulated-docker/behaviour.js';

/** Where the containers of one sequence live. */
export interface Place {
  /** Beginning of every name. */
  readonly prefix: string;
  readonly project: string;
  readonly image: string;
  readonly networks: { readonly front: string; readonly back: string };
  /** A fixed address in each. */
  readonly addresses: { readonly front: string; readonly back: string };
  /** A host port that nobody uses, and the first of two in a row. */
  readonly port: number;
  readonly firstOfRange: number;
}

const SLEEP = ['sleep', '100000'];
const check = (program: string): Healthcheck => ({
  kind: 'test',
  test: ['CMD', program],
  intervalMs: 250,
  timeoutMs: 20_000,
  retries: 1,
  startPeriodMs: null,
  startIntervalMs: null,
});

type Kind = (place: Place) => Partial<ContainerSpec>;

/** A fixed port on one address, or on every one. */
const published = (place: Place, hostIp: string, width = 0): readonly PortMapping[] => {
  const first = width === 0 ? place.port : place.firstOfRange;
  return [{ containerPort: 80, protocol: 'tcp', hostIp, hostPorts: { first, last: first + width } }];
};
const no = { name: 'no', maximumRetryCount: 0 } as const;
const always = { name: 'always', maximumRetryCount: 0 } as const;
const alone = { networkMode: { kind: 'none' } } as const;

/** By name. */
export const KINDS = {
  /** Runs for ever and ends well when it is asked to: the image's own command. */
  listens: () => ({ command: null, restart: no }),
  deaf: () => ({ ...alone, restart: { name: 'unless-stopped', maximumRetryCount: 0 } }),
  'deaf always': () => ({ restart: always }),
  'ends well': () => ({ ...alone, command: ['sh', '-c', 'exit 0'], restart: no }),
  'ends badly': () => ({ ...alone, command: ['sh', '-c', 'exit 3'], restart: no }),
  loops: () => ({ ...alone, command: ['sh', '-c', 'exit 3'], restart: always }),
  'tries twice': () => ({
    ...alone,
    command: ['sh', '-c', 'exit 3'],
    restart: { name: 'on-failure', maximumRetryCount: 1 },
  }),
  healthy: () => ({ ...alone, healthcheck: check('true') }),
  sick: () => ({ ...alone, healthcheck: check('false') }),
  published: (place) => ({ ports: published(place, '127.0.0.1') }),
  'published everywhere': (place) => ({ ports: published(place, '') }),
  ranged: (place) => ({ ports: published(place, '127.0.0.1', 1) }),
  'any port': () => ({
    ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPorts: null }],
  }),
  addressed: ({ networks, addresses }) => ({
    networks: [
      { network: networks.front, aliases: ['web'], ipv4Address: addresses.front, ipv6Address: null },
    ],
  }),
  networked: ({ networks }) => ({
    networks: [{ network: networks.front, aliases: ['db', 'a'], ipv4Address: null, ipv6Address: null }],
  }),
  voluminous: ({ prefix }) => ({
    ...alone,
    mounts: [
      { kind: 'volume', volume: `${prefix}-data`, target: '/data', readOnly: false },
      { kind: 'anonymous', target: '/cache', readOnly: false },
    ],
  }),
  limited: () => ({
    ...alone,
    resources: { ...NO_LIMITS, memoryBytes: 32 * 1024 * 1024, nanoCpus: 250_000_000 },
  }),
} as const satisfies Readonly<Record<string, Kind>>;

/** Name of one of {@link KINDS}. */
export type KindName = keyof typeof KINDS;

/** What a container of a kind is made of; where the kind says nothing it sleeps for ever, deaf. */
export function specOf(kind: KindName, place: Place): ContainerSpec {
  const { image } = place;
  return plainSpec({ image, command: SLEEP, restart: no, ...KINDS[kind](place) });
}

/** Whether it ends by itself as soon as it is started. */
export const endsAtOnce = (kind: KindName): boolean => /^(ends|loops|tries)/.test(kind);

/** How the simulated engine must run what {@link specOf} makes. */
export function behaviourOfSpec({ command, healthcheck }: ContainerSpec): Behaviour {
  const code = /^exit (\d+)$/.exec(command?.[2] ?? '')?.[1];
  const isSick = healthcheck?.kind === 'test' && healthcheck.test?.[1] === 'false';
  return {
    exit: code === undefined ? null : { afterMs: 10, code: Number(code) },
    healthyAfterMs: isSick ? null : 0,
    stopMs: command === null ? 5 : null,
  };
}
