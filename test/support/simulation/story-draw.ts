/**
 * What a story of the simulation asks for, drawn from chance.
 * Owns: services and edits of them. Must not know: faults, the controller's rules.
 */
import type { Random } from './random.js';
import type { SimulatedService, SimulatedServices } from './services.js';

/** Images of which nothing good comes: they never become ready, or do not stay so. */
export const UNSOUND_IMAGES = ['sim-never-ready', 'sim-crashes', 'sim-fails-later', 'sim-falls-ill'] as const;

/** One of a list; `otherwise` where the list is empty. */
export const pick = <T>(random: Random, list: readonly T[], otherwise: T): T =>
  list[Math.floor(random() * list.length)] ?? otherwise;

/** Draws services, each with any of what the simulation knows. */
export function drawServices(random: Random, count: number): SimulatedServices {
  const services: Record<string, SimulatedService> = {};
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

/** Other versions and numbers, some that never become ready or keep failing; sometimes one service less. */
export function edited(all: SimulatedServices, random: Random): SimulatedServices {
  const names = Object.keys(all);
  const gone = random() < 0.3 ? pick(random, names, '') : '';
  const isRenamed = random() < 0.2;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name !== gone)
      .map(([name, service]) => {
        const isBad = service.oneShot !== true && random() < 0.2;
        const [good = 'sim-well'] = service.image.split(':');
        const image = isBad ? pick(random, UNSOUND_IMAGES, good) : good;
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
