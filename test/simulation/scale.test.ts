// Owns: that a change of one service decides as many services among a thousand as among ten, and forgets none.
import { expect, test } from 'vitest';
import { end } from '../support/simulated-docker/life.js';
import type { SimulatedContainer } from '../support/simulated-docker/truth.js';
import {
  askForEnd,
  runToBeginning,
  runToEnd,
  SCENARIOS,
  type Scenario,
} from '../support/simulation/scenarios.js';
import {
  containersOf,
  isServing,
  type SimulatedService,
  type SimulatedServices,
} from '../support/simulation/services.js';
import { PROJECT } from '../support/simulation/settings.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

const FEW = 10;
/** A quick check may take fewer. */
const MANY = Number(process.env.ALICIA_SIMULATION_SERVICES ?? 1_000);
const REPLICAS = 3;
/** None comes in between: whoever is forgotten stays forgotten. */
const RESYNC_MS = 3_000_000;
const WITHIN_MS = 30_000;

/** A world at rest, and what is asked of it. */
interface Stage {
  readonly world: SimulatedWorld;
  /** Asks for other services. */
  edit(change: (asked: SimulatedServices) => SimulatedServices): void;
}

/** A change of one service, and how it shows in the truth that it has been dealt with. */
interface Row {
  readonly what: string;
  readonly act: (stage: Stage) => void;
  readonly isOver: (world: SimulatedWorld) => boolean;
}

/** In pairs: every second service needs the one before it. */
function servicesOf(count: number): SimulatedServices {
  const serviceAt = (index: number): SimulatedService => ({
    image: 'sim-well:1',
    replicas: REPLICAS,
    ...(index % 2 === 0 ? {} : { needs: { [`s${index - 1}`]: 'service_healthy' } }),
  });
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, serviceAt(index)]));
}

/** One latency for all calls, so that chance does not decide how many marks fall into one pass. */
async function stageOf(count: number): Promise<Stage> {
  const world = createWorld(1, null, { hasLaws: false, random: () => 0, resyncMs: RESYNC_MS });
  let asked = servicesOf(count);
  world.ask(asked);
  world.start();
  await world.runUntil('all are well', () => hasRest(world) && world.statuses.size === count);
  const isWell = Object.keys(asked).every((name) => serving(world, name).length === REPLICAS);
  expect(isWell).toBe(true);
  return {
    world,
    edit(change) {
      asked = change(asked);
      world.ask(asked);
    },
  };
}

const hasRest = (world: SimulatedWorld): boolean => world.controller().isAtFixedPoint();

const serving = (world: SimulatedWorld, service: string): readonly SimulatedContainer[] =>
  containersOf(world.engine.truth, PROJECT, service).filter(isServing);

function firstOf(world: SimulatedWorld, service: string): SimulatedContainer {
  const [container] = containersOf(world.engine.truth, PROJECT, service);
  if (container === undefined) throw new Error(`${service} is not there`);
  return container;
}

const ROWS: readonly Row[] = [
  {
    what: 'one removed container',
    act: ({ world }) => world.engine.outsider.remove(firstOf(world, 's4').id),
    isOver: (world) => serving(world, 's4').length === REPLICAS,
  },
  {
    what: 'one edited image',
    act: ({ edit }) => edit((asked) => ({ ...asked, s4: { image: 'sim-well:2', replicas: REPLICAS } })),
    isOver: (world) =>
      containersOf(world.engine.truth, PROJECT, 's4').length === REPLICAS &&
      serving(world, 's4').every(({ spec }) => spec.image === 'sim-well:2'),
  },
  {
    what: 'one edited number of replicas',
    act: ({ edit }) => edit((asked) => ({ ...asked, s4: { image: 'sim-well:2', replicas: 5 } })),
    isOver: (world) => serving(world, 's4').length === 5,
  },
  {
    what: 'one container that crashes and comes back',
    act: ({ world: { engine, clock }, world }) => end(firstOf(world, 's4'), 1, { ...engine, clock }),
    isOver: (world) => firstOf(world, 's4').restartCount === 1 && serving(world, 's4').length === 5,
  },
  {
    what: 'one service more, with a network of its own',
    act: ({ world: { files } }) => {
      files.write('network.yaml', documentOf('Network', {}));
      files.write('own.yaml', documentOf('Service', { image: 'sim-well:1', networks: ['own'] }));
    },
    isOver: isOnItsNetwork,
  },
  {
    what: 'one network that others remove, of one service',
    act: ({ world }) => removeNetwork(world, OWN_NETWORK),
    isOver: isOnItsNetwork,
  },
  {
    what: 'the only container of a service',
    act: ({ world }) => world.engine.outsider.remove(firstOf(world, 'own').id),
    isOver: isOnItsNetwork,
  },
  {
    what: 'one service less',
    act: ({ edit }) => edit(({ s9: _, ...rest }) => rest),
    isOver: (world) => containersOf(world.engine.truth, PROJECT, 's9').length === 0,
  },
  {
    what: 'events about nothing',
    act: ({ world: { engine } }) => {
      for (const type of ['container', 'network', 'volume', 'image'] as const)
        engine.emit({ type, action: 'create', id: 'nothing' });
    },
    isOver: () => true,
  },
];

const OWN_NETWORK = `${PROJECT}_own`;

const documentOf = (kind: string, spec: unknown, name = 'own'): string =>
  JSON.stringify({ apiVersion: 'alicia/v1', kind, metadata: { name }, spec });

function isOnItsNetwork(world: SimulatedWorld): boolean {
  const id = world.engine.truth.networks.get(OWN_NETWORK)?.id ?? '';
  const isOn = ({ endpoints }: SimulatedContainer): boolean =>
    endpoints.some(({ networkId }) => networkId === id);
  return id !== '' && serving(world, 'own').filter(isOn).length === 1;
}

/** `docker network disconnect -f` of whoever is on it, then `docker network rm`. */
function removeNetwork({ engine: { truth, emit } }: SimulatedWorld, name: string): void {
  for (const container of truth.containers.values()) {
    if (!container.endpoints.some(({ network }) => network === name)) continue;
    container.endpoints = container.endpoints.filter(({ network }) => network !== name);
    emit({ type: 'container', action: 'disconnect', id: container.id });
  }
  emit({ type: 'network', action: 'destroy', id: truth.networks.get(name)?.id ?? '' });
  truth.networks.delete(name);
}

/** How many services are decided from a change to the next rest. Nothing that is due may be left over there. */
async function decidedFor({ what, act, isOver }: Row, stage: Stage): Promise<number> {
  const { world } = stage;
  const before = world.controller().decidedServices();
  act(stage);
  await world.clock.advance(10);
  await world.runUntil(what, () => hasRest(world) && isOver(world), WITHIN_MS);
  const decided = world.controller().decidedServices() - before;
  const { steps } = world.controller().plan();
  expect(steps, `forgotten after ${what}`).toEqual([]);
  return decided;
}

/** What the resync decides anew, about everything, is what was told already. */
async function checkNothingIsForgotten(world: SimulatedWorld): Promise<void> {
  await world.clock.advance(RESYNC_MS - world.clock.elapsedMs() - 1_000);
  const before = JSON.stringify([...world.statuses]);
  const writes = world.engine.writes.length;
  const decided = world.controller().decidedServices();
  await world.clock.advance(10_000);
  expect(world.controller().decidedServices() - decided).toBeGreaterThanOrEqual(world.statuses.size);
  expect(JSON.stringify([...world.statuses])).toBe(before);
  expect(world.engine.writes.length).toBe(writes);
}

test('1.1 a change of one service must decide as few services among many as among 10, and forget none', async () => {
  const [few, many] = [await stageOf(FEW), await stageOf(MANY)];
  const counts: (readonly [what: string, few: number, many: number])[] = [];
  for (const row of ROWS) counts.push([row.what, await decidedFor(row, few), await decidedFor(row, many)]);
  console.log(
    counts
      .map(([what, a, b]) => `decided for ${what}: ${a} at ${FEW} services, ${b} at ${MANY} × ${REPLICAS}`)
      .join('\n'),
  );
  expect(counts.map(([what, , b]) => [what, b])).toEqual(counts.map(([what, a]) => [what, a]));
  for (const { world } of [few, many]) await checkNothingIsForgotten(world);
}, 120_000);

test.each(Object.entries<Scenario>(SCENARIOS))(
  '1.1 no scenario may need the resync to come to its end: %s',
  async (_, scenario) => {
    const world = createWorld(2, null, { resyncMs: RESYNC_MS });
    await runToBeginning(world, scenario);
    askForEnd(world, scenario);
    if (scenario.before === null) world.start();
    await runToEnd(world, scenario);
    await checkNothingIsForgotten(world);
  },
);

test('1.1 a pull that fails must be told of all that wait for the image, not only of the one that asked', async () => {
  const world = createWorld(1, null, { resyncMs: RESYNC_MS });
  const asked = { one: { image: 'sim-well:9' }, two: { image: 'sim-well:9' } } as const;
  world.ask(asked);
  world.start();
  const isTold = (): boolean =>
    Object.keys(asked).every((name) => world.statuses.get(name)?.reason === 'ImagePullFailed');
  await world.runUntil('both say so', isTold, 5_000);
});

const WELL: SimulatedService = { image: 'sim-well:1' };
const LAST: SimulatedService = { ...WELL, needs: { far: 'service_healthy' }, optionally: true };

test.each<readonly [string, SimulatedServices]>([
  ['its image cannot be had', { far: { image: 'sim-well:9' }, last: LAST }],
  [
    'its own dependency has no check',
    { ill: { ...WELL, check: false }, far: { ...WELL, needs: { ill: 'service_healthy' } }, last: LAST },
  ],
  [
    'what it waits for at the other end is ill',
    {
      ill: { image: 'sim-never-ready:1' },
      between: { ...WELL, needs: { ill: 'service_healthy' } },
      far: { ...WELL, needs: { between: 'service_healthy' } },
      last: LAST,
    },
  ],
])(
  '2.5 who waits for an optional dependency must hear at once that it is on its way no more: %s',
  async (_, asked) => {
    const world = createWorld(1, null, { resyncMs: RESYNC_MS });
    world.ask(asked);
    world.start();
    await world.runUntil('the last one runs', () => serving(world, 'last').length === 1, WITHIN_MS);
  },
);

test('5.5 a network must be made anew without the resync, once the last that was not to be touched may be', async () => {
  const world = createWorld(1, null, { resyncMs: RESYNC_MS });
  const names = ['one', 'two'];
  const write = (kind: string, name: string, spec: unknown): void =>
    world.files.write(`${kind}-${name}.yaml`, documentOf(kind, spec, name));
  const user = { image: 'sim-well:1', networks: ['shared'] };
  const idOf = (): string | undefined => world.engine.truth.networks.get(`${PROJECT}_shared`)?.id;
  const areOn = (): boolean =>
    names.every((name) =>
      serving(world, name).some(({ endpoints }) => endpoints.some(({ networkId }) => networkId === idOf())),
    );
  write('Network', 'shared', {});
  for (const name of names) write('Service', name, user);
  world.start();
  await world.runUntil('both run', () => hasRest(world) && areOn());
  const before = idOf();
  write('Service', 'two', { ...user, maintenance: true });
  write('Network', 'shared', { internal: true });
  await world.runUntil('it is told', () => world.statuses.get('one')?.sync === 'OutOfSync', WITHIN_MS);
  write('Service', 'two', user);
  await world.runUntil('all is anew', () => hasRest(world) && idOf() !== before && areOn(), WITHIN_MS);
});
