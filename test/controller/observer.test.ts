// Owns: when the engine is looked at.
import { expect, test } from 'vitest';
import { createObserver } from '../../src/controller/observer.js';
import { createSilentLog } from '../support/silent-log.js';
import { createWorld } from '../support/simulation/world.js';

const LIMITS = {
  concurrency: 8,
  resyncMs: 30_000,
  rescanMs: 30_000,
  callMs: 30_000,
  startMs: 120_000,
  stopSlackMs: 20_000,
  pullIdleMs: 300_000,
};

/** An observer of a simulated engine on which two containers run, whole. */
async function observing() {
  const { engine, faults, clock } = createWorld(1);
  const ids = ['a', 'b'].map((name) => engine.outsider.run({ name }));
  const told: string[] = [];
  const observer = createObserver({
    engine: faults.engine,
    limits: LIMITS,
    clock,
    log: createSilentLog(),
    listener: {
      onWhole: (_, isFirst) => void told.push(isFirst ? 'whole at first' : 'whole again'),
      onLost: () => void told.push('lost'),
      onChange: () => undefined,
    },
  });
  observer.start();
  await clock.advance(1_000);
  const names = (): readonly string[] => [...observer.state.others.values()].map(({ name }) => name).sort();
  return { engine, faults, clock, observer, ids, told, names };
}

test('8.15 what happens while the engine is away must be seen by a list once it is back', async () => {
  const { engine, faults, clock, ids, told, names } = await observing();
  expect(names()).toEqual(['a', 'b']);
  faults.down();
  const [first] = ids;
  if (first === undefined) throw new Error('nothing runs');
  engine.outsider.remove(first);
  engine.outsider.run({ name: 'c' });
  await clock.advance(500);
  faults.up();
  await clock.advance(31_000);
  expect(names()).toEqual(['b', 'c']);
  expect(told).toEqual(['whole at first', 'lost', 'whole again']);
});
