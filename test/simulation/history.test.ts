// Owns: that history does not matter: what is asked for last is what there is in the end.
import { describe, expect, test } from 'vitest';
import { drawServices } from '../support/simulation/drawn-services.js';
import { namedVolumesOf, outcomeOf } from '../support/simulation/outcome.js';
import { createRandom } from '../support/simulation/random.js';
import { SCENARIOS, type Scenario } from '../support/simulation/scenarios.js';
import type { SimulatedServices } from '../support/simulation/services.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

/** How many triples are drawn. */
const SEEDS = Number(process.env.ALICIA_HISTORY_SEEDS ?? 100);

/** A state that is asked for, and how long it is left to be reached; null: until it is. */
interface Era {
  readonly services: SimulatedServices;
  readonly forMs: number | null;
}

/** A world that lived through the eras and then reached the last state. */
async function lived(eras: readonly Era[], last: SimulatedServices, seed: number): Promise<SimulatedWorld> {
  const world = createWorld(seed, null, { hasLaws: false });
  removable(world);
  for (const [index, { services, forMs }] of [...eras, { services: last, forMs: null }].entries()) {
    world.ask(services);
    if (index === 0) world.start();
    if (forMs === null) await world.runUntilStable();
    else await world.clock.advance(forMs);
  }
  return world;
}

/** As a file `.alicia-prune` with a `*` would: the guard against removing too much has tests of its own. */
function removable({ files }: SimulatedWorld): void {
  const scan = files.scan.bind(files);
  files.scan = async () => {
    const looked = await scan();
    return { ...looked, roots: looked.roots.map((root) => ({ ...root, mayBePruned: ['*'] })) };
  };
}

async function checkHistory(eras: readonly Era[], last: SimulatedServices, seed: number): Promise<void> {
  const [late, fresh] = [await lived(eras, last, seed), await lived([], last, seed + 1)];
  expect(
    outcomeOf(late.engine.truth),
    late.report('it is not as if it had been so from the beginning'),
  ).toEqual(outcomeOf(fresh.engine.truth));
  const [had, has] = [late, fresh].map(({ engine }) => namedVolumesOf(engine.truth));
  expect(had).toEqual(expect.arrayContaining([...(has ?? [])]));
}

const isReachable = (services: SimulatedServices): boolean =>
  Object.values(services).every(({ image }) => /^sim-(well|slow|deaf|exits-0):/.test(image));

/** Every set of services that a scenario names. */
const SETS: readonly SimulatedServices[] = [
  ...new Map(
    Object.values<Scenario>(SCENARIOS)
      .flatMap(({ before, after }) => (before === null ? [after] : [before, after]))
      .map((services) => [JSON.stringify(services), services] as const),
  ).values(),
];

const eraOf = (services: SimulatedServices, forMs: number): Era => ({
  services,
  forMs: isReachable(services) ? null : forMs,
});

describe('testing 3: history must not matter', () => {
  test('A→B→C must end as C alone, for all states of the scenarios', async () => {
    for (const [index, last] of SETS.entries()) {
      if (!isReachable(last)) continue;
      const [first, second] = [SETS.at((index + 7) % SETS.length) ?? last, SETS.at(index - 1) ?? last];
      await checkHistory([eraOf(first, 30_000), eraOf(second, 30_000)], last, index);
    }
  });

  test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    'A→B→C must end as C alone: seed %i',
    async (seed) => {
      const random = createRandom(seed ^ 0xa11c1a);
      const isSound = random() < 0.5;
      const first = { services: drawServices(random, { isSound: true }), forMs: null };
      const second = drawServices(random, { isSound });
      // Left early, or what fails in it has failed.
      const forMs = random() < 0.5 ? random() * 8_000 : isSound ? null : 60_000;
      await checkHistory([first, { services: second, forMs }], drawServices(random, { isSound: true }), seed);
    },
  );
});
