/**
 * The named stories of the simulation.
 * Owns: what is asked for before and after, and how it must end. Must not know: crashes, faults.
 */
import { roleOfName } from '../../../src/model/names.js';
import { isSettled } from '../../../src/model/status.js';
import { isAlive, ownContainers } from '../simulated-docker/truth.js';
import { containersOf, isServing, missingFrom, type SimulatedServices } from './services.js';
import { PROJECT } from './settings.js';
import type { SimulatedWorld } from './world.js';

/** A story: from one state that is reached, to another. */
export interface Scenario {
  /** Null: it begins with nothing. */
  readonly before: SimulatedServices | null;
  readonly after: SimulatedServices;
  /** What else happens when the second state is asked for. */
  readonly act?: (world: SimulatedWorld) => void;
  /** How it ends where that is not the truth as asked for. */
  readonly hasEnded?: (world: SimulatedWorld) => boolean;
}

const GRAPH: SimulatedServices = {
  bus: { image: 'sim-slow:1', replicas: 2 },
  migrate: { image: 'sim-exits-0:1', oneShot: true, needs: { bus: 'service_healthy' } },
  api: {
    image: 'sim-well:1',
    replicas: 2,
    needs: { migrate: 'service_completed_successfully', bus: 'service_healthy' },
    volumes: ['data'],
  },
  web: { image: 'sim-well:1', check: false, needs: { api: 'service_healthy' } },
  lone: { image: 'sim-deaf:1', check: false },
};
const { web, api, lone, ...BASE } = GRAPH;
const pair = (version: 1 | 2 | 3, order: 'start-first' | 'stop-first'): SimulatedServices => ({
  bus: { image: 'sim-well:1' },
  web: { image: `sim-slow:${version}`, replicas: 2, needs: { bus: 'service_healthy' }, update: { order } },
});
const lone1: SimulatedServices = { web: { image: 'sim-well:1' } };
const front = (label: string): SimulatedServices => ({
  bus: { image: 'sim-well:1', networks: { front: label } },
  web: { image: 'sim-well:1', networks: { front: label, back: '1' }, needs: { bus: 'service_healthy' } },
});
const holder = (name: string): SimulatedServices => ({
  [name]: { image: 'sim-well:1', ports: ['8080:80'] },
  lone: { image: 'sim-well:1' },
  other: { image: 'sim-well:1' },
});
const chain = (version: 1 | 2): SimulatedServices => ({
  db: { image: `sim-well:${version}` },
  migrate: { image: `sim-exits-0:${version}`, oneShot: true, needs: { db: 'service_healthy' } },
  seed: {
    image: `sim-exits-0:${version}`,
    oneShot: true,
    needs: { migrate: 'service_completed_successfully' },
  },
  api: { image: `sim-well:${version}`, needs: { seed: 'service_completed_successfully' } },
});
const shared = (version: 1 | 2): SimulatedServices => ({
  vpn: { image: `sim-slow:${version}` },
  web: { image: 'sim-well:1', check: false, sharesNetworkOf: 'vpn' },
});
const following = (version: 1 | 2): SimulatedServices => ({
  db: { image: `sim-well:${version}` },
  web: { image: 'sim-well:1', replicas: 2, needs: { db: 'service_healthy' }, follows: true },
});

/** By name. */
export const SCENARIOS = {
  'first start of a graph': { before: null, after: GRAPH },
  'scaling up': {
    before: { web: { image: 'sim-well:1' } },
    after: { web: { image: 'sim-well:1', replicas: 3 } },
  },
  'scaling down': {
    before: { web: { image: 'sim-slow:1', replicas: 3 } },
    after: { web: { image: 'sim-slow:1' } },
  },
  'a replacement, stop-first': { before: pair(1, 'stop-first'), after: pair(2, 'stop-first') },
  'a replacement, start-first': { before: pair(1, 'start-first'), after: pair(2, 'start-first') },
  'a removal, dependants first': {
    before: GRAPH,
    after: { ...BASE, ...(lone === undefined ? {} : { lone }) },
  },
  'a replacement that fails and is taken back': {
    before: lone1,
    after: { web: { image: 'sim-never-ready:2' } },
    hasEnded: isRolledBack,
  },
  'a replacement that fails and is taken back, stop-first': {
    before: lone1,
    after: { web: { image: 'sim-crashes:2', update: { order: 'stop-first' } } },
    hasEnded: isRolledBack,
  },
  'an image that moved, replaced by one of the same hash': {
    before: { web: { image: 'sim-slow:1', replicas: 2, pull: 'every_1h' } },
    after: { web: { image: 'sim-slow:1', replicas: 2, pull: 'every_1h' } },
    act: ({ engine }) => engine.outsider.moveImage('sim-slow:1', 'sha256:moved'),
    hasEnded: (world) => isMade(world, 'web', 'sha256:moved', 2),
  },
  'an image that moved, of a service with a literal name': {
    before: { web: { image: 'sim-well:1', called: 'door', pull: 'every_1h' } },
    after: { web: { image: 'sim-well:1', called: 'door', pull: 'every_1h' } },
    act: ({ engine }) => engine.outsider.moveImage('sim-well:1', 'sha256:moved'),
    hasEnded: (world) => isMade(world, 'web', 'sha256:moved', 1),
  },
  'a chain of one-shots, run anew': { before: chain(1), after: chain(2) },
  'a network declared otherwise': {
    before: front('1'),
    after: front('2'),
    hasEnded: (world) => isMadeAnew(world, 'alicia_front') && isAtRestAsAsked(world, front('2')),
  },
  'limits changed in place': {
    before: { web: { image: 'sim-well:1', replicas: 2, memory: '32m' } },
    after: { web: { image: 'sim-well:1', replicas: 2, memory: '64m' } },
    hasEnded: (world) =>
      hasMemory(world, 64) && isAtRestAsAsked(world, { web: { image: 'sim-well:1', replicas: 2 } }),
  },
  'a limit taken away': {
    before: { web: { image: 'sim-well:1', replicas: 2, memory: '32m' } },
    after: { web: { image: 'sim-well:1', replicas: 2 } },
    hasEnded: (world) =>
      hasMemory(world, 0) && isAtRestAsAsked(world, { web: { image: 'sim-well:1', replicas: 2 } }),
  },
  'another service that takes over a host port': { before: holder('first'), after: holder('second') },
  'a service whose network is shared, replaced': { before: shared(1), after: shared(2) },
  'a dependency replaced, and followed': {
    before: following(1),
    after: following(2),
    hasEnded: (world) => hasFollowed(world) && isAtRestAsAsked(world, following(2)),
  },
  'an anonymous volume carried over': {
    before: { web: { image: 'sim-well:1', anonymous: ['/data'] } },
    after: { web: { image: 'sim-well:2', anonymous: ['/data'] } },
    hasEnded: (world) => anonymousOf(world) === 1 && isAtRestAsAsked(world, { web: { image: 'sim-well:2' } }),
  },
  'fewer replicas with anonymous volumes': {
    before: { web: { image: 'sim-well:1', replicas: 3, anonymous: ['/data'] } },
    after: { web: { image: 'sim-well:1', anonymous: ['/data'] } },
    hasEnded: (world) => anonymousOf(world) === 1 && isAtRestAsAsked(world, { web: { image: 'sim-well:1' } }),
  },
  'an edit in mid-rollout': {
    before: pair(1, 'start-first'),
    after: pair(3, 'start-first'),
    act: (world) => asksBetween(world, pair(2, 'start-first'), pair(3, 'start-first')),
  },
  'an edit in mid-rollout, stop-first': {
    before: pair(1, 'stop-first'),
    after: pair(3, 'stop-first'),
    act: (world) => asksBetween(world, pair(2, 'stop-first'), pair(3, 'stop-first')),
  },
  'an edit that is taken back in mid-rollout': {
    before: pair(1, 'start-first'),
    after: pair(1, 'start-first'),
    act: (world) => asksBetween(world, pair(2, 'start-first'), pair(1, 'start-first')),
  },
  'an edit that is taken back in mid-rollout, stop-first': {
    before: pair(1, 'stop-first'),
    after: pair(1, 'stop-first'),
    act: (world) => asksBetween(world, pair(2, 'stop-first'), pair(1, 'stop-first')),
  },
  'another spec and more replicas in one edit': {
    before: { web: { image: 'sim-well:1', replicas: 2 } },
    after: { web: { image: 'sim-well:2', replicas: 4 } },
  },
  'another spec and fewer replicas in one edit': {
    before: { web: { image: 'sim-well:1', replicas: 4 } },
    after: { web: { image: 'sim-well:2', replicas: 2 } },
  },
  'a replica that falls ill': {
    before: { web: { image: 'sim-falls-ill:1', replicas: 2 } },
    after: { web: { image: 'sim-falls-ill:1', replicas: 2 } },
    hasEnded: (world) =>
      areRestarted(world) && isAtRestAsAsked(world, { web: { image: 'sim-falls-ill:1', replicas: 2 } }),
  },
  'a daemon that restarts and loses some': {
    before: GRAPH,
    after: GRAPH,
    act: ({ engine }) => engine.outsider.daemonRestart({ lossy: true }),
  },
} as const satisfies Readonly<Record<string, Scenario>>;

/** Another spec is asked for, and two seconds later the one that the scenario ends with. */
function asksBetween(world: SimulatedWorld, meanwhile: SimulatedServices, atLast: SimulatedServices): void {
  world.ask(meanwhile);
  world.clock.after(2_000, () => world.ask(atLast));
}

/** Every replica has been restarted once because it was unhealthy. */
const areRestarted = ({ engine: { writes, truth } }: SimulatedWorld): boolean =>
  writes.filter(({ verb }) => verb === 'restartContainer').length >= truth.containers.size;

/** The truth is as asked for, and the controller rests and knows it. */
const isAtRestAsAsked = (world: SimulatedWorld, services: SimulatedServices): boolean =>
  missingFrom(world.engine.truth, PROJECT, services).length === 0 &&
  world.controller().isAtFixedPoint() &&
  world.controller().services().every(isSettled);

/** All replicas of a service are made from this image, serve, and nothing is left over. */
function isMade(world: SimulatedWorld, service: string, imageId: string, replicas: number): boolean {
  const containers = containersOf(world.engine.truth, PROJECT, service);
  return (
    containers.length === replicas &&
    containers.every(
      (container) =>
        container.imageId === imageId && isServing(container) && roleOfName(container.name) === 'plain',
    ) &&
    world.controller().isAtFixedPoint() &&
    world.controller().services().every(isSettled)
  );
}

/** A network was removed once, and is there, with everybody on it. */
const isMadeAnew = ({ engine: { truth, writes } }: SimulatedWorld, name: string): boolean => {
  const id = truth.networks.get(name)?.id;
  const isRemoved = writes.some((write) => write.verb === 'removeNetwork' && write.name === name);
  const areOn = ownContainers(truth, PROJECT).every(({ container }) =>
    container.endpoints.some(({ networkId }) => networkId === id),
  );
  return isRemoved && id !== undefined && areOn;
};

const hasMemory = ({ engine: { truth } }: SimulatedWorld, mebibytes: number): boolean =>
  ownContainers(truth, PROJECT).every(
    ({ container }) => container.resources.memoryBytes === mebibytes * 1024 * 1024,
  );

/** Every dependent has been started later than what it follows. */
function hasFollowed({ engine: { truth } }: SimulatedWorld): boolean {
  const [db] = containersOf(truth, PROJECT, 'db');
  return containersOf(truth, PROJECT, 'web').every(
    ({ startedAt }) => (startedAt ?? 0) > (db?.startedAt ?? Number.POSITIVE_INFINITY),
  );
}

const anonymousOf = ({ engine: { truth } }: SimulatedWorld): number =>
  [...truth.volumes.keys()].filter((name) => /^[0-9a-f]{64}$/.test(name)).length;

/** The old ones serve under their own names, the evidence rests, and the controller says so. */
export function isRolledBack(world: SimulatedWorld): boolean {
  const containers = containersOf(world.engine.truth, PROJECT, 'web');
  const old = containers.filter(({ spec }) => spec.image === 'sim-well:1');
  const evidence = containers.filter(({ spec }) => spec.image !== 'sim-well:1');
  const [status] = world.controller().services();
  const areBack = old.every(
    (container) =>
      isServing(container) &&
      roleOfName(container.name) === 'plain' &&
      container.restartPolicy.name === 'unless-stopped',
  );
  const areAside = evidence.every(
    (container) =>
      !isAlive(container) && roleOfName(container.name) === 'failed' && container.restartPolicy.name === 'no',
  );
  if (old.length !== status?.replicas.desired || evidence.length === 0 || !areBack || !areAside) return false;
  return status.reason === 'RolledBack' && world.controller().isAtFixedPoint();
}

/** Runs until a scenario has ended as it must. */
export const runToEnd = (world: SimulatedWorld, { hasEnded }: Scenario): Promise<void> =>
  hasEnded === undefined ? world.runUntilStable() : world.runUntil('the end', () => hasEnded(world));

/** Brings a world to the beginning of a scenario: its first state is reached, its controller runs. */
export async function runToBeginning(
  world: SimulatedWorld,
  { before }: Scenario,
  onCall?: Parameters<SimulatedWorld['start']>[0],
): Promise<void> {
  if (before === null) return;
  world.ask(before);
  world.start(onCall);
  await world.runUntilStable();
}

/** Asks for the second state of a scenario. */
export function askForEnd(world: SimulatedWorld, { after, act }: Scenario): void {
  world.ask(after);
  act?.(world);
}
