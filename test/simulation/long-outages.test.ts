// Owns: what is away for very long: nothing may be lost, grow without end, or take long to come right.
import { expect, test } from 'vitest';
import { onlyContainer, running } from '../support/simulation/running.js';
import type { SimulatedServices } from '../support/simulation/services.js';
import { checkStillness } from '../support/simulation/stillness.js';
import type { SimulatedWorld } from '../support/simulation/world.js';

const HOURS = Number(process.env.ALICIA_SIMULATION_OUTAGE_HOURS ?? 3);
const LONG_MS = HOURS * 3_600_000;
const SERVICES: SimulatedServices = {
  bus: { image: 'sim-slow:1' },
  web: { image: 'sim-well:1', replicas: 2, needs: { bus: 'service_healthy' } },
  lone: { image: 'sim-well:1' },
};
const PATIENCE_MS = 3_600_000;

const endsOf = ({ engine }: SimulatedWorld, since: number): readonly string[] =>
  engine.writes
    .slice(since)
    .map(({ verb, name }) => `${verb} ${name}`)
    .filter((line) => /^(stop|remove|restart)/.test(line));

test(
  `8.1 an engine that is away for ${HOURS} h must be found again, and be changed in nothing`,
  async () => {
    const world = await running(SERVICES);
    const before = world.engine.writes.length;
    world.faults.down();
    await world.clock.advance(LONG_MS);
    expect(world.engine.writes).toHaveLength(before);
    world.faults.up();
    await world.runUntilStable();
    expect(world.engine.writes).toHaveLength(before);
    expect(world.events.filter(({ event_type }) => event_type === 'engine_lost')).toHaveLength(1);
    await checkStillness(world);
  },
  PATIENCE_MS,
);

test(
  `7.6 a directory that is away for ${HOURS} h must end nothing`,
  async () => {
    const world = await running(SERVICES);
    const before = world.engine.writes.length;
    world.files.setState('missing');
    await world.clock.advance(LONG_MS);
    expect(endsOf(world, before)).toEqual([]);
    world.files.setState('ok');
    await world.runUntilStable();
    expect(world.engine.writes).toHaveLength(before);
    await checkStillness(world);
  },
  PATIENCE_MS,
);

test(
  `8.14 a container that gives no answer for ${HOURS} h must hold up nobody else, and be mended when it does`,
  async () => {
    const world = await running(SERVICES);
    const { id } = onlyContainer(world, 'bus');
    world.faults.breakCalls((call, [subject]) => (call !== 'list' && subject === id ? 'hang' : null));
    world.engine.outsider.kill(id);
    world.engine.outsider.kill(onlyContainer(world, 'lone').id);
    await world.runUntil('the other one is back', () => onlyContainer(world, 'lone').status === 'running');
    await world.clock.advance(LONG_MS);
    expect(world.statuses.get('bus')?.health).not.toBe('Healthy');
    world.faults.heal();
    await world.runUntilStable();
    await checkStillness(world);
  },
  PATIENCE_MS,
);

test(
  `8.5 what Docker refuses for ${HOURS} h must be tried at a steady, slow pace, and be made when it can`,
  async () => {
    const world = await running({ lone: { image: 'sim-well:1' } });
    let tries = 0;
    world.faults.breakCalls((call) => {
      if (call !== 'createContainer') return null;
      tries += 1;
      return 'rejected';
    });
    world.ask(SERVICES);
    await world.clock.advance(LONG_MS);
    // Never more often than every 300 s (less a tenth) once the first ones are over.
    expect(tries).toBeLessThan(LONG_MS / 270_000 + 10);
    expect(tries).toBeGreaterThan(LONG_MS / 330_000 - 10);
    world.faults.heal();
    await world.runUntilStable(600_000);
    await checkStillness(world);
  },
  PATIENCE_MS,
);
