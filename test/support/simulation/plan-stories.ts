/**
 * Stories in which everything succeeds, as a plan believes, and what is done in them.
 * Owns: the stories, and noting the steps as they begin. Must not know: how a plan is made.
 */
import type { PlannedStep } from '../../../src/model/plan.js';
import { type Amendments, ask } from './reached.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import type { SimulatedServices } from './services.js';
import type { SimulatedWorld } from './world.js';

const NAMED = { image: 'sim-well:1', called: 'front' } as const;

/** A scenario whose specs have more fields. */
export interface Story extends Scenario {
  readonly amended?: Amendments;
}

const db = (version: 1 | 2): SimulatedServices => ({
  db: { image: `sim-slow:${version}`, check: false },
  web: { image: `sim-well:${version}`, check: false, needs: { db: 'service_healthy' } },
});
const PROBED: Amendments = { db: { probes: [{ exec: { command: ['ok'] }, period: '1s' }] } };
const DAEMONS: Amendments = {
  db: { restart: 'on-failure', healthcheck: { test: ['CMD', 'ok'], interval: '1s', timeout: '1s' } },
  web: { restart: 'on-failure' },
};
const job = (version: 1 | 2): SimulatedServices => ({
  job: { image: `sim-exits-0:${version}`, oneShot: true },
  lone: { image: `sim-exits-0:${version}`, oneShot: true },
  web: { image: `sim-well:${version}`, needs: { job: 'service_completed_successfully' } },
});
const ports = (version: 1 | 2, [first, second]: readonly [string, string]): SimulatedServices => ({
  a: { image: `sim-well:${version}`, ports: [`${first}:80`] },
  b: { image: `sim-well:${version}`, ports: [`${second}:80`] },
});
const careful = (version: 1 | 2): SimulatedServices => ({
  web: { image: `sim-well:${version}`, replicas: 3, update: { delay: '1m' } },
});
const { 'a network declared otherwise': RENEWED } = SCENARIOS;

/** Those in which everything succeeds, as a plan believes. */
export const FAULTLESS: Readonly<Record<string, Story>> = {
  ...Object.fromEntries(
    Object.entries<Scenario>(SCENARIOS).filter(
      ([, { hasEnded, act }]) => hasEnded === undefined && act === undefined,
    ),
  ),
  'a network declared otherwise': RENEWED,
  'limits changed in place': SCENARIOS['limits changed in place'],
  'a limit taken away': SCENARIOS['a limit taken away'],
  'a dependency replaced, and followed': SCENARIOS['a dependency replaced, and followed'],
  'an anonymous volume carried over': SCENARIOS['an anonymous volume carried over'],
  'fewer replicas with anonymous volumes': SCENARIOS['fewer replicas with anonymous volumes'],
  'first start of what is probed': { before: null, after: db(1), amended: PROBED },
  'a replacement of what is probed': { before: db(1), after: db(2), amended: PROBED },
  'first start of daemons under `on-failure`': { before: null, after: db(1), amended: DAEMONS },
  'a replacement of daemons under `on-failure`': { before: db(1), after: db(2), amended: DAEMONS },
  'first start of one-shots under `on-failure`': {
    before: null,
    after: job(1),
    amended: { job: { restart: 'on-failure' } },
  },
  'another spec of one-shots under `on-failure`': {
    before: job(1),
    after: job(2),
    amended: { job: { restart: 'on-failure' } },
  },
  'two services that swap their host ports': {
    before: ports(1, ['8080', '8081']),
    after: ports(2, ['8081', '8080']),
  },
  'pauses between the groups of a replacement': { before: careful(1), after: careful(2) },
  'a network declared otherwise, and one more service that shares it': {
    before: RENEWED.before,
    after: { ...RENEWED.after, other: { image: 'sim-well:2', sharesNetworkOf: 'web' } },
  },
  'a literal name that becomes a prefix': {
    before: { web: NAMED },
    after: { web: { ...NAMED, replicas: 2 } },
  },
  'a prefix that becomes a literal name': {
    before: { web: { ...NAMED, replicas: 2 } },
    after: { web: NAMED },
  },
  'a replacement of what has a literal name': {
    before: { web: NAMED },
    after: { web: { ...NAMED, image: 'sim-well:2' } },
  },
  'fewer replicas of another spec': {
    before: { web: { image: 'sim-well:1', replicas: 3 } },
    after: { web: { image: 'sim-well:2', replicas: 2 } },
  },
  'more replicas of another spec': {
    before: { web: { image: 'sim-well:1', replicas: 1 } },
    after: { web: { image: 'sim-well:2', replicas: 3 } },
  },
  'no replicas any more': {
    before: { web: { image: 'sim-well:1', replicas: 2 }, lone: { image: 'sim-well:1' } },
    after: { web: { image: 'sim-well:1', replicas: 0 }, lone: { image: 'sim-well:1' } },
  },
  'another spec of a one-shot that others wait for': {
    before: {
      job: { image: 'sim-exits-0:1', oneShot: true },
      web: { image: 'sim-well:1', needs: { job: 'service_completed_successfully' } },
    },
    after: {
      job: { image: 'sim-exits-0:2', oneShot: true },
      web: { image: 'sim-well:2', needs: { job: 'service_completed_successfully' } },
    },
  },
};

/** A step in a line, whatever its cause: a plan finds some causes earlier than they are. */
export const lineOf = ({ verb, object, slot }: PlannedStep): string => `${verb} ${object} ${slot ?? ''}`;

/** Notes the steps of the running controller from now on, each as it begins. */
export function noteSteps(world: SimulatedWorld): readonly string[] {
  const begun: string[] = [];
  world.controller().onProgress(({ step, phase }) => phase === 'started' && begun.push(lineOf(step)));
  return begun;
}

/** Brings a world to the beginning of a story; the controller, if it runs, is told of every call. */
export async function toBeginning(
  world: SimulatedWorld,
  { before, amended }: Story,
  onCall?: Parameters<SimulatedWorld['start']>[0],
): Promise<void> {
  if (before === null) return;
  ask(world, before, amended);
  world.start(onCall);
  await world.runUntilStable();
}
