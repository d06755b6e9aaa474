// Owns: what others do to our containers is mended, and told.
import { describe, expect, test } from 'vitest';
import type { ContainerId } from '../../src/model/ids.js';
import type { SimulatedOutsider } from '../support/simulated-docker/engine.js';
import { running } from '../support/simulation/running.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld } from '../support/simulation/world.js';

const DRIFT: readonly (readonly [string, (outsider: SimulatedOutsider, id: ContainerId) => unknown])[] = [
  ['docker rm -f', (outsider, id) => outsider.remove(id)],
  ['docker stop', (outsider, id) => outsider.stop(id)],
  ['docker kill', (outsider, id) => outsider.kill(id)],
  ['docker pause', (outsider, id) => outsider.pause(id)],
];

describe.each(DRIFT)('%s', (_, act) => {
  test('must be mended, and told as drift found and drift mended', async () => {
    const world = await running({ web: { image: 'sim-well:1', replicas: 2 } });
    const [id] = world.engine.truth.containers.keys();
    if (id === undefined) throw new Error('nothing runs');
    const before = world.events.length;
    act(world.engine.outsider, id);
    await world.clock.advance(500);
    await world.runUntilStable();
    const told = world.events.slice(before).map(({ event_type }) => event_type);
    expect(told.filter((type) => type === 'drift_detected')).toHaveLength(1);
    expect(told.filter((type) => type === 'drift_corrected')).toHaveLength(1);
    expect(told.indexOf('drift_detected')).toBeLessThan(told.indexOf('drift_corrected'));
    world.checkLaws();
    await checkStillness(world);
  });
});

test('docker rename must be mended', async () => {
  const world = await running({ web: { image: 'sim-well:1' } });
  const [container] = world.engine.truth.containers.values();
  if (container === undefined) throw new Error('nothing runs');
  const { name } = container;
  world.engine.outsider.rename(container.id, 'something-else');
  await world.runUntil('it has its name back', () => container.name === name);
  world.checkLaws();
});

test('6.1 what crashes must be left to Docker, and be told as a crash loop', async () => {
  const world = createWorld(1);
  world.ask({ web: { image: 'sim-crashes:1', check: false } });
  world.start();
  await world.runUntil('it is told', () => world.statuses.get('web')?.reason === 'CrashLoopBackOff');
  const verbs = world.engine.writes.map(({ verb }) => verb);
  expect(verbs.filter((verb) => verb === 'startContainer')).toHaveLength(1);
  expect(verbs).not.toContain('restartContainer');
});

test('6.3 a one-shot that fails must be told, and left', async () => {
  const world = createWorld(1);
  world.ask({ job: { image: 'sim-exits-1:1', oneShot: true } });
  world.start();
  await world.runUntil('it is told', () => world.statuses.get('job')?.state === 'failed');
  await checkStillness(world);
});
