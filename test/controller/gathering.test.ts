// Owns: how wishes to look are gathered.
import { expect, test } from 'vitest';
import { createGathering, type Wish } from '../../src/controller/gathering.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

function start() {
  const clock = createVirtualClock();
  const due: string[] = [];
  const gathering = createGathering(clock, (what) => void due.push(`${clock.elapsedMs()} ${what}`));
  return { clock, due, gathering };
}

test.each<readonly [readonly Wish[], Wish]>([
  [['images', 'images'], 'images'],
  [['images', 'all'], 'all'],
  [['all', 'images'], 'all'],
])('of the wishes %j the widest must be granted, once', async (wishes, granted) => {
  const { clock, due, gathering } = start();
  for (const what of wishes) gathering.wish(what);
  await clock.advance(1_000);
  expect(due).toEqual([`100 ${granted}`]);
  gathering.wish('images');
  await clock.advance(1_000);
  expect(due.slice(1)).toEqual(['1100 images']);
});

test('a steady stream of wishes must put nothing off', async () => {
  const { clock, due, gathering } = start();
  for (let times = 0; times < 6; times += 1) {
    gathering.wish('images');
    await clock.advance(40);
  }
  expect(due).toEqual(['100 images', '220 images']);
});

test('wishes that are cancelled must not be granted, and cancelling none is nothing', async () => {
  const { clock, due, gathering } = start();
  gathering.cancel();
  gathering.wish('all');
  gathering.cancel();
  await clock.advance(1_000);
  expect(due).toEqual([]);
});
