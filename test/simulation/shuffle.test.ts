// Owns: that the order in which anything is listed decides nothing.
import { describe, expect, test } from 'vitest';
import { desiredOf } from '../../src/cli/read-manifests.js';
import type { DecisionContext } from '../../src/core/context.js';
import { decide } from '../../src/core/decide.js';
import { everyService } from '../../src/core/forecast.js';
import { topologyOf } from '../../src/core/topology.js';
import type { OwnedLabels } from '../../src/model/labels.js';
import type { ObservedState } from '../../src/model/observed.js';
import type { Scan } from '../../src/model/scan.js';
import { createRandom, type Random } from '../support/simulation/random.js';
import { askForEnd, runToBeginning, SCENARIOS, type Scenario } from '../support/simulation/scenarios.js';
import { INTAKE } from '../support/simulation/settings.js';
import { contextBeside } from '../support/simulation/status-beside.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

/** Moments of a scenario that are looked at, after its second state is asked for. */
const MOMENTS_MS = [0, 400, 700, 2_500, 3_500, 6_000, 20_000];
/** How often each is shuffled. */
const SHUFFLES = 4;

/** The list in another order. */
const shuffled = <Item>(list: readonly Item[], random: Random): readonly Item[] =>
  list
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);

const shuffledMap = <Key, Value>(map: ReadonlyMap<Key, Value>, random: Random): ReadonlyMap<Key, Value> =>
  new Map(shuffled([...map], random));

/** As the engine might list it: containers, networks, volumes and images in any order. */
function shuffledObserved(observed: ObservedState, random: Random): ObservedState {
  const services = [...observed.services].map(
    ([name, containers]) => [name, shuffled(containers, random)] as const,
  );
  return {
    ...observed,
    services: new Map(shuffled(services, random)),
    others: shuffledMap(observed.others, random),
    networks: shuffledMap(observed.networks, random),
    volumes: shuffledMap(observed.volumes, random),
    images: shuffledMap(observed.images, random),
    killed: new Set(shuffled([...observed.killed], random)),
  };
}

/** The keys of every mapping in another order. */
function shuffledKeys(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffledKeys(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffledKeys(inner, random)] as const);
  return Object.fromEntries(shuffled(entries, random));
}

/** As the same manifests might be written: files in any order, keys in any order, all documents in one file. */
function shuffledScan(scan: Scan, random: Random, inOneFile: boolean): Scan {
  const documents = scan.files.flatMap(({ content }) =>
    content.kind === 'text' ? [JSON.stringify(shuffledKeys(JSON.parse(content.text), random))] : [],
  );
  const texts = inOneFile ? [shuffled(documents, random).join('\n---\n')] : documents;
  const names = shuffled(
    texts.map((_, index) => `${index}.yaml`),
    random,
  );
  const files = texts.map((text, index) => ({
    path: `manifests/${names[index]}`,
    folder: '/manifests',
    content: { kind: 'text', text } as const,
  }));
  return { ...scan, files: shuffled(files, random) };
}

/** Everything that two passes of a fresh process decide, in its order, as a text: what has ended counts in the second. */
function printed(first: DecisionContext, random: Random): string {
  const [once, again] = [first, later(first)].map((context) => partsOf(context, random));
  return JSON.stringify([once, again], withoutPlaces, 1);
}

/** Where its manifest stands is what was shuffled: a container's label says it, and decides nothing. */
const withoutPlaces = (key: string, value: unknown): unknown =>
  key === 'owned' ? { ...(value as OwnedLabels), source: null } : value;

function partsOf(context: DecisionContext, random: Random): unknown {
  // Events mark services dirty in the order in which they come.
  const services = new Set(shuffled([...everyService(context)], random));
  const { steps, statuses, events, recheckAtMs } = decide({ services, objects: true }, context);
  return { steps, statuses: [...statuses], events, recheckAtMs: [...recheckAtMs] };
}

function later(context: DecisionContext): DecisionContext {
  const { memory } = decide({ services: everyService(context), objects: true }, context);
  const { monotonicMs, wallMs } = context.now;
  const now = { monotonicMs: monotonicMs + 3_000, wallMs: wallMs + 3_000 };
  return { ...context, now, memory: { ...memory, amnesty: false } };
}

async function checkOrder(world: SimulatedWorld, random: Random): Promise<void> {
  const context = await contextBeside(world);
  const expected = printed(context, random);
  const scan = await world.files.scan();
  for (let count = 0; count < SHUFFLES; count += 1) {
    const observed = shuffledObserved(context.observed, random);
    const desired = desiredOf(shuffledScan(scan, random, count % 2 === 0), INTAKE);
    const topology = topologyOf(desired);
    expect(printed({ ...context, observed, desired, topology }, random)).toBe(expected);
  }
}

describe('testing 3: shuffled input must lead to the same steps, statuses and events', () => {
  test.each(Object.entries<Scenario>(SCENARIOS))('%s', async (_, scenario) => {
    const world = createWorld(1, null, { hasLaws: false });
    const random = createRandom(7);
    await runToBeginning(world, scenario);
    await checkOrder(world, random);
    askForEnd(world, scenario);
    if (scenario.before === null) world.start();
    let passedMs = 0;
    for (const atMs of MOMENTS_MS) {
      await world.clock.advance(atMs - passedMs);
      passedMs = atMs;
      await checkOrder(world, random);
    }
  });
});
