/**
 * The named stories of the simulation.
 * Owns: what is asked for before and after, and how it must end. Must not know: crashes, faults.
 */
import { roleOfName } from '../../src/model/names.js';
import { containersOf, isServing, type SimulatedServices } from './simulated-services.js';
import { isAlive } from './simulated-truth.js';
import { PROJECT, type SimulatedWorld } from './simulated-world.js';

/** A story: from one state that is reached, to another. */
export interface Scenario {
  /** Null: it begins with nothing. */
  readonly before: SimulatedServices | null;
  readonly after: SimulatedServices;
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
const pair = (version: 1 | 2): SimulatedServices => ({
  bus: { image: 'sim-well:1' },
  web: { image: `sim-slow:${version}`, replicas: 2, needs: { bus: 'service_healthy' } },
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
  'a replacement, stop-first': { before: pair(1), after: pair(2) },
  'a removal, dependants first': {
    before: GRAPH,
    after: { ...BASE, ...(lone === undefined ? {} : { lone }) },
  },
  'a replacement that fails and is taken back': {
    before: { web: { image: 'sim-well:1' } },
    after: { web: { image: 'sim-never-ready:2' } },
    hasEnded: isRolledBack,
  },
} as const satisfies Readonly<Record<string, Scenario>>;

/** The old one serves under its own name, the evidence rests, and the controller says so. */
function isRolledBack(world: SimulatedWorld): boolean {
  const containers = containersOf(world.engine.truth, PROJECT, 'web');
  const old = containers.find(({ spec }) => spec.image === 'sim-well:1');
  const evidence = containers.find(({ spec }) => spec.image === 'sim-never-ready:2');
  if (containers.length !== 2 || old === undefined || evidence === undefined) return false;
  const isBack =
    isServing(old) && roleOfName(old.name) === 'plain' && old.restartPolicy.name === 'unless-stopped';
  const isAside =
    !isAlive(evidence) && roleOfName(evidence.name) === 'failed' && evidence.restartPolicy.name === 'no';
  const isSaid = world.controller().services()[0]?.reason === 'RolledBack';
  return isBack && isAside && isSaid && world.controller().isAtFixedPoint();
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
