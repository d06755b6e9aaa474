/**
 * A story of faults drawn from a seed: services, edits, outsiders, crashes, all spoilt; then everything heals.
 * Owns: what is drawn, and what must be so in the end. Must not know: the controller's rules.
 */
import type { Event } from '../../../src/model/event.js';
import { isSettled } from '../../../src/model/status.js';
import { isAlive, ownContainers } from '../simulated-docker/truth.js';
import type { FaultRates } from './faults.js';
import { createRandom, type Random } from './random.js';
import {
  isServing,
  manifestsOf,
  missingFrom,
  type SimulatedService,
  type SimulatedServices,
} from './services.js';
import { checkStillness } from './stillness.js';
import { createWorld, PROJECT, type SimulatedWorld } from './world.js';

/** How long everything is spoilt. */
const FAULTS_MS = 60_000;
/** After the last fault: the longest back-off (300 s), twice, and the time that the work itself takes. */
const LIVENESS_MS = 900_000;
const OUTAGE_MS = 20_000;
/** By then what was sent late has arrived, and the next list has shown what no event told. */
const ECHO_MS = 36_000;
/** What holds whatever others do and whatever arrives late. */
const ALWAYS = /not ours|removes a volume|second live replica/;

/** Plays one seed; throws, with the seed, when something is not as it must be. Returns what happened, by name. */
export async function playChaos(seed: number): Promise<ReadonlyMap<string, number>> {
  const random = createRandom(seed ^ 0x5eed);
  const isHarsh = random() < 0.6;
  const world = createWorld(seed, ratesOf(random, isHarsh));
  const all = drawServices(random);
  world.ask(all);
  world.start();
  await spoilt(world, { all, random, isHarsh });
  world.faults.heal();
  world.ask(all);
  for (const [path, text] of manifestsOf(all)) world.files.write(path, text);
  await world.clock.advance(ECHO_MS);
  await liveness(world, all);
  world.checkLaws(isHarsh ? ALWAYS : undefined);
  checkEvents(world);
  await checkStillness(world);
  for (const { event_type } of world.events) world.faults.note(event_type);
  return world.faults.counts;
}

function ratesOf(random: Random, isHarsh: boolean): FaultRates {
  const rate = (max: number): number => (random() < 0.4 ? 0 : random() * max);
  return {
    requestLost: rate(0.1),
    replyLost: rate(0.15),
    lateEffect: isHarsh ? rate(0.1) : 0,
    hangs: rate(0.02),
    refused: rate(0.15),
    eventDropped: rate(0.5),
    eventDoubled: rate(0.3),
    eventDelayed: rate(0.3),
  };
}

const pick = <T>(random: Random, list: readonly T[], otherwise: T): T =>
  list[Math.floor(random() * list.length)] ?? otherwise;

function drawServices(random: Random): SimulatedServices {
  const services: Record<string, SimulatedService> = {};
  const count = 3 + Math.floor(random() * 3);
  for (let index = 0; index < count; index += 1) {
    const oneShot = random() < 0.2;
    const image = pick(random, ['sim-well:1', 'sim-slow:1', 'sim-deaf:1'] as const, 'sim-well:1');
    const needs = Object.entries(services)
      .filter(() => random() < 0.35)
      .map(([name, needed]) => [name, conditionOn(needed, random)] as const);
    const needed = Object.fromEntries(needs);
    const shared = !oneShot && random() < 0.1 ? sharedBy(services) : null;
    const isCalled = random() < 0.2;
    services[`s${index}`] = {
      image: oneShot ? 'sim-exits-0:1' : image,
      oneShot,
      replicas: oneShot ? 1 : 1 + Math.floor(random() * 3),
      needs: shared === null ? needed : {},
      optionally: shared === null && random() < 0.2,
      ...(random() < 0.5 ? { check: !oneShot } : {}),
      ...(isCalled ? { called: `called-${index}` } : {}),
      ...(random() < 0.2 ? { volumes: ['data'] } : {}),
      ...drawOptions(random, { oneShot, isCalled, isShared: shared !== null }),
      ...(shared === null ? {} : { sharesNetworkOf: shared }),
    };
  }
  return services;
}

/** What few services have. */
function drawOptions(
  random: Random,
  { oneShot, isCalled, isShared }: { oneShot: boolean; isCalled: boolean; isShared: boolean },
): Partial<SimulatedService> {
  const chance = (): boolean => random() < 0.15;
  const order = isCalled || random() < 0.5 ? 'stop-first' : 'start-first';
  return {
    ...(chance() ? { memory: random() < 0.5 ? '32m' : '64m' } : {}),
    ...(chance() ? { pull: pick(random, ['always', 'every_1h'], 'always') } : {}),
    ...(chance() ? { follows: true } : {}),
    ...(chance() && !oneShot ? { anonymous: ['/anonymous'] } : {}),
    ...(chance() && !isShared ? { networks: { front: '1' } } : {}),
    ...(chance() ? { update: { order } } : {}),
    ...(chance() && !oneShot ? { maxAttempts: 3 } : {}),
  };
}

/** The first that runs for ever and has a network of its own; null: there is none. */
function sharedBy(services: SimulatedServices): string | null {
  const found = Object.entries(services).find(
    ([, { oneShot, sharesNetworkOf }]) => oneShot !== true && sharesNetworkOf === undefined,
  );
  return found?.[0] ?? null;
}

function conditionOn({ oneShot, check = oneShot !== true }: SimulatedService, random: Random) {
  if (oneShot === true) return 'service_completed_successfully' as const;
  return check && random() < 0.7 ? ('service_healthy' as const) : ('service_started' as const);
}

interface Story {
  readonly all: SimulatedServices;
  readonly random: Random;
  readonly isHarsh: boolean;
}

async function spoilt(world: SimulatedWorld, { all, random, isHarsh }: Story): Promise<void> {
  const endMs = world.clock.elapsedMs() + FAULTS_MS;
  while (world.clock.elapsedMs() < endMs) {
    await world.clock.advance(random() * 8_000);
    const chance = random();
    if (chance < 0.1) outage(world, random);
    else if (chance < 0.25) restart(world, random);
    else if (chance < 0.32) hangOne(world, random);
    // To a fresh process a file that has just begun may be no manifest at all: then its service goes, rightly.
    else if (isHarsh && chance < 0.4) halfWritten(world, all, random);
    else if (isHarsh && chance < 0.7) outsider(world, all, random);
    else if (isHarsh) world.ask(edited(all, random));
  }
  world.faults.up();
  if (!world.lifeline().isAlive()) world.start();
}

function outage(world: SimulatedWorld, random: Random): void {
  world.faults.down();
  world.clock.after(random() * OUTAGE_MS, () => world.faults.up());
}

function restart(world: SimulatedWorld, random: Random): void {
  world.crash();
  world.clock.after(random() * 2_000, () => world.lifeline().isAlive() || world.start());
}

/** One container of ours gives no answer for a while. */
function hangOne({ engine, faults, clock }: SimulatedWorld, random: Random): void {
  const target = pick(random, ownContainers(engine.truth, PROJECT), undefined)?.container;
  if (target === undefined) return;
  faults.note('hung container');
  faults.breakCalls((call, [subject]) =>
    call !== 'createContainer' && subject === target.id ? 'hang' : null,
  );
  clock.after(random() * OUTAGE_MS, () => faults.breakCalls(() => null));
}

/** One file holds only its beginning for a while. */
function halfWritten({ files, faults, clock }: SimulatedWorld, all: SimulatedServices, random: Random): void {
  const path = `${pick(random, Object.keys(all), '')}.yaml`;
  const whole = files.read(path);
  if (whole === null) return;
  faults.note('half a file');
  const half = whole.slice(0, Math.floor(random() * whole.length));
  files.write(path, half);
  clock.after(random() * 10_000, () => files.read(path) === half && files.write(path, whole));
}

function outsider({ engine }: SimulatedWorld, all: SimulatedServices, random: Random): void {
  const owned = ownContainers(engine.truth, PROJECT).filter(
    ({ owned: { service } }) => all[service]?.oneShot !== true,
  );
  const target = pick(random, owned, undefined)?.container;
  if (target === undefined) return;
  const act = Math.floor(random() * 9);
  if (act === 0) engine.outsider.remove(target.id);
  if (act === 1) void engine.outsider.stop(target.id);
  if (act === 2) engine.outsider.kill(target.id);
  if (act === 3 && target.status === 'running') engine.outsider.pause(target.id);
  if (act === 4) engine.outsider.rename(target.id, `renamed-${Math.floor(random() * 1e9)}`);
  if (act === 5) engine.outsider.update(target.id, { resources: { memoryBytes: 16 * 1024 * 1024 } });
  const [endpoint] = target.endpoints;
  if (act === 6 && endpoint !== undefined) engine.outsider.disconnect(target.id, endpoint.network);
  if (act === 7) engine.outsider.moveImage(target.spec.image, `sha256:moved-${Math.floor(random() * 1e9)}`);
  if (act === 8) engine.outsider.daemonRestart({ lossy: random() < 0.5 });
}

/** Other versions and numbers, some that never become ready; sometimes one service less. */
function edited(all: SimulatedServices, random: Random): SimulatedServices {
  const names = Object.keys(all);
  const gone = random() < 0.3 ? pick(random, names, '') : '';
  const isRenamed = random() < 0.2;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name !== gone)
      .map(([name, service]) => {
        const isBad = service.oneShot !== true && random() < 0.2;
        const [good = 'sim-well'] = service.image.split(':');
        const image = isBad ? pick(random, ['sim-never-ready', 'sim-crashes'], good) : good;
        const version = random() < 0.4 ? 2 : 1;
        const memory = random() < 0.2 ? { memory: '48m' } : {};
        const replicas =
          service.oneShot === true || random() < 0.6 ? service.replicas : Math.floor(random() * 4);
        return [
          name,
          {
            ...service,
            image: `${image}:${version}` as SimulatedService['image'],
            ...memory,
            ...(service.networks !== undefined && isRenamed ? { networks: { front: '2' } } : {}),
            ...(replicas === undefined ? {} : { replicas }),
          },
        ];
      }),
  );
}

/** All is as asked for, but for specs that failed while others meddled: those are held, until the next spec. */
async function liveness(world: SimulatedWorld, all: SimulatedServices): Promise<void> {
  const isHeld = (name: string): boolean => world.statuses.get(name)?.reason === 'RolledBack';
  const hasEnded = (): boolean => {
    const statuses = world.controller().services();
    if (!world.controller().isAtFixedPoint() || statuses.length < Object.keys(all).length) return false;
    if (
      !statuses.every(
        (status) => isSettled(status) || isHeld(status.service) || status.waiting_for.length > 0,
      )
    )
      return false;
    return (
      statuses.some(({ service }) => isHeld(service)) ||
      missingFrom(world.engine.truth, PROJECT, all).length === 0
    );
  };
  await world.runUntil('the truth is as asked for, or a failed spec is held', hasEnded, LIVENESS_MS);
  if (!Object.keys(all).some(isHeld)) return;
  // An old one that is unhealthy itself is restarted again and again, and rightly.
  const live = ownContainers(world.engine.truth, PROJECT).filter(({ container }) => isAlive(container));
  if (live.every(({ container }) => isServing(container))) await checkStillness(world);
  const next = Object.entries(all).map(([name, service]) => [
    name,
    { ...service, image: service.image.replace(':1', ':3') as SimulatedService['image'] },
  ]);
  world.faults.note('held');
  world.ask(Object.fromEntries(next));
  await world.runUntilStable(LIVENESS_MS);
}

/** Of one container each is told at most once by one process; rollouts begin and end in turns. */
function checkEvents(world: SimulatedWorld): void {
  const told = new Set<string>();
  const underWay = new Set<string>();
  for (const event of world.events) {
    if (event.event_type === 'orchestrator_started') {
      told.clear();
      // What was under way before, this process may only end.
      for (const name of world.statuses.keys()) underWay.add(name);
    }
    const fault = faultOf(event, told, underWay);
    if (fault !== null) throw new Error(world.report(`${fault}: ${JSON.stringify(event)}`));
  }
}

function faultOf(event: Event, told: Set<string>, underWay: Set<string>): string | null {
  const { container_id, service_name } = event.event_data;
  const name = String(service_name);
  switch (event.event_type) {
    case 'service_created':
    case 'service_removed': {
      const word = `${event.event_type} ${container_id}`;
      if (told.has(word)) return 'told twice';
      told.add(word);
      return null;
    }
    case 'service_update_started':
      underWay.add(name);
      return null;
    case 'service_update_completed':
    case 'service_update_failed':
      return underWay.delete(name) ? null : 'an end without a beginning';
    default:
      return null;
  }
}
