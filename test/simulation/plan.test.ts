// Owns: that a plan is what is then done.
import { expect, test } from 'vitest';
import type { PlannedStep } from '../../src/model/plan.js';
import { planFor } from '../support/simulation/plan.js';
import { type Amendments, ask } from '../support/simulation/reached.js';
import { running } from '../support/simulation/running.js';
import { runToEnd, SCENARIOS, type Scenario } from '../support/simulation/scenarios.js';
import type { SimulatedServices } from '../support/simulation/services.js';
import { createWorld } from '../support/simulation/world.js';

const NAMED = { image: 'sim-well:1', called: 'front' } as const;

/** A scenario whose specs have more fields. */
interface Story extends Scenario {
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
const handsOff = (version: 1 | 2): SimulatedServices => ({
  db: { image: `sim-well:${version}` },
  web: { image: `sim-well:${version}`, needs: { db: 'service_healthy' } },
  other: { image: `sim-well:${version}` },
});
const { 'a network declared otherwise': RENEWED } = SCENARIOS;

/** Those in which everything succeeds, as a plan believes. */
const FAULTLESS: Readonly<Record<string, Story>> = {
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

const lineOf = ({ verb, object, slot }: PlannedStep): string => `${verb} ${object} ${slot ?? ''}`;

test.each(Object.entries(FAULTLESS))(
  'testing 8: the steps of a plan must be those that are done: %s',
  async (_, scenario) => {
    const { before, after, amended } = scenario;
    const world = createWorld(1);
    if (before !== null) {
      ask(world, before, amended);
      world.start();
      await world.runUntilStable();
    }
    ask(world, after, amended);
    const plan = await planFor(world);
    expect(plan.steps.length).toBeGreaterThan(0);
    if (before === null) world.start();
    const done: string[] = [];
    world.controller().onProgress(({ step, phase }) => phase === 'started' && done.push(lineOf(step)));
    await runToEnd(world, scenario);
    expect(done.sort()).toEqual(plan.steps.map(lineOf).sort());
    expect((await planFor(world)).steps).toEqual([]);
    world.checkLaws();
  },
);

test('testing 8: a plan must leave alone what is under maintenance, as is then done', async () => {
  const world = await running(handsOff(1));
  ask(world, handsOff(2), { db: { maintenance: true }, web: { maintenance: true } });
  const plan = await planFor(world);
  expect(new Set(plan.steps.map(({ service }) => service))).toEqual(new Set(['other']));
  const done: string[] = [];
  world.controller().onProgress(({ step, phase }) => phase === 'started' && done.push(lineOf(step)));
  await world.clock.advance(120_000);
  expect(done.sort()).toEqual(plan.steps.map(lineOf).sort());
});
