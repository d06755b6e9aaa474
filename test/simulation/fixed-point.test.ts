// Owns: that what was made as declared is known to be so, by whoever looks at it next.
import { expect, test } from 'vitest';
import { createWorld } from '../support/simulation/world.js';

/** A few looks and steps, and no more. */
const SHORT_MS = 5_000;

test('1.2 what was made must be found to be of the declared spec, by its maker and by a fresh process', async () => {
  const world = createWorld(1);
  world.ask({ web: { image: 'sim-well:1', replicas: 2 } });
  world.start();
  await world.runUntilStable(SHORT_MS);
  const before = world.engine.writes.length;
  world.crash();
  world.start();
  await world.clock.advance(SHORT_MS);
  expect(world.engine.writes.length).toBe(before);
});
