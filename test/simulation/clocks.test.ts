// Owns: clocks that are set by an hour while the controller is at work.
import { describe, expect, test } from 'vitest';
import { running } from '../support/simulation/running.js';
import type { SimulatedServices } from '../support/simulation/services.js';
import { checkStillness } from '../support/simulation/stillness.js';
import type { SimulatedWorld } from '../support/simulation/world.js';

const web = (version: 1 | 2, order: string, check = true): SimulatedServices => ({
  web: { image: `sim-slow:${version}`, replicas: 2, check, update: { order, monitor: '3s' } },
});
const HOUR_MS = 3_600_000;
const JUMPS: readonly (readonly [string, (world: SimulatedWorld) => void])[] = [
  ['the clock of the machine goes forward', (world) => jump(world, HOUR_MS, HOUR_MS)],
  ['the clock of the machine goes back', (world) => jump(world, -HOUR_MS, -HOUR_MS)],
  ["the controller's clock goes forward", (world) => jump(world, HOUR_MS, 0)],
  ["the controller's clock goes back", (world) => jump(world, -HOUR_MS, 0)],
  ["Docker's clock goes forward", (world) => jump(world, 0, HOUR_MS)],
  ["Docker's clock goes back", (world) => jump(world, 0, -HOUR_MS)],
];

function jump({ clocks }: SimulatedWorld, controllerMs: number, daemonMs: number): void {
  clocks.controller.jump(controllerMs);
  clocks.daemon.jump(daemonMs);
}

describe.each(JUMPS)('4.4 %s', (_, set) => {
  test.each([
    ['before an update, start-first', 'start-first', true],
    ['before an update, stop-first', 'stop-first', true],
    ['before an update of what has no check', 'start-first', false],
  ])('%s: it must end as if nothing had happened', async (_when, order, check) => {
    const world = await running(web(1, order, check));
    set(world);
    world.ask(web(2, order, check));
    await world.runUntilStable(60_000);
    world.checkLaws();
    await checkStillness(world);
    expect(world.events.map(({ event_type }) => event_type)).not.toContain('service_rolled_back');
  });

  test('in the midst of an update: it must end as if nothing had happened', async () => {
    const world = await running(web(1, 'start-first'));
    world.ask(web(2, 'start-first'));
    const isStarted = (): boolean =>
      world.engine.writes.some(
        ({ verb, container }) => verb === 'startContainer' && container?.spec.image === 'sim-slow:2',
      );
    await world.runUntil('a new one is started', isStarted);
    set(world);
    await world.runUntilStable(60_000);
    world.checkLaws();
    await checkStillness(world);
    expect(world.events.map(({ event_type }) => event_type)).not.toContain('service_rolled_back');
  });
});
