/**
 * Sets of services drawn by chance, each one that can be reached.
 * Owns: what is drawn. Must not know: what is done with it.
 */
import type { Random } from './random.js';
import type { SimulatedService, SimulatedServices } from './services.js';

/** Names are few, so that the same service comes again in another form. */
const NAMES = ['s0', 's1', 's2', 's3', 's4'] as const;

const pick = <T>(random: Random, first: T, ...others: readonly T[]): T =>
  others[Math.floor(random() * (others.length + 1)) - 1] ?? first;

/** A set of services, never an empty one. `isSound`: all of them become ready; else some may not. */
export function drawServices(random: Random, { isSound }: { readonly isSound: boolean }): SimulatedServices {
  const services: Record<string, SimulatedService> = {};
  for (const [index, name] of NAMES.entries())
    if (index === 0 || random() < 0.7)
      services[name] = drawService(random, { index, isSound, earlier: services });
  return services;
}

interface Place {
  readonly index: number;
  readonly isSound: boolean;
  /** Those that it may need. */
  readonly earlier: SimulatedServices;
}

function drawService(random: Random, place: Place): SimulatedService {
  const { index, isSound, earlier } = place;
  const chance = (share: number): boolean => random() < share;
  const version = pick(random, 1, 2);
  const anonymous = chance(0.3) ? { anonymous: ['/anonymous'] } : {};
  const isOneShot = chance(0.15);
  if (isOneShot)
    return {
      image: `sim-exits-0:${version}`,
      oneShot: true,
      needs: needsAmong(earlier, random),
      ...anonymous,
    };
  const name = isSound
    ? pick(random, 'sim-well', 'sim-slow')
    : pick(random, 'sim-well', 'sim-never-ready', 'sim-crashes');
  const sharesNetworkOf = chance(0.1) ? sharable(earlier) : null;
  const hasPort = sharesNetworkOf === null && chance(0.2);
  const isCalled = chance(0.15);
  const isAlone = hasPort || isCalled || sharesNetworkOf !== null;
  return {
    image: `${name}:${version}`,
    ...anonymous,
    replicas: isAlone ? 1 : pick(random, 1, 2, 3),
    ...(chance(0.3) ? { check: false } : {}),
    ...(sharesNetworkOf === null ? { needs: needsAmong(earlier, random) } : { sharesNetworkOf }),
    ...(chance(0.2) ? { volumes: [pick(random, 'data', 'more')] } : {}),
    ...(isCalled ? { called: `called-${index}` } : {}),
    ...(chance(0.2) ? { memory: pick(random, '32m', '64m') } : {}),
    ...(sharesNetworkOf === null && chance(0.3)
      ? { networks: { [pick(random, 'front', 'back')]: pick(random, '1', '2') } }
      : {}),
    ...(hasPort ? { ports: [`${8080 + index}:80`] } : {}),
    ...(!isAlone && chance(0.3) ? { update: { order: pick(random, 'stop-first', 'start-first') } } : {}),
    ...(chance(0.1) ? { follows: true } : {}),
  };
}

function needsAmong(services: SimulatedServices, random: Random): NonNullable<SimulatedService['needs']> {
  const needed = Object.entries(services).filter(() => random() < 0.3);
  return Object.fromEntries(
    needed.map(([name, { oneShot, check = true }]) => [
      name,
      oneShot === true
        ? 'service_completed_successfully'
        : check && random() < 0.7
          ? 'service_healthy'
          : 'service_started',
    ]),
  );
}

/** The first that runs for ever and has a network of its own; null: there is none. */
function sharable(services: SimulatedServices): string | null {
  const found = Object.entries(services).find(
    ([, { oneShot, sharesNetworkOf }]) => oneShot !== true && sharesNetworkOf === undefined,
  );
  return found?.[0] ?? null;
}
