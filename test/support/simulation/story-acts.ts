/**
 * What happens to a world now and then: outages, deaths, meddling, disrepair.
 * Owns: how each is done. Must not know: how often, what must come of it.
 */

import type { EngineEvent } from '../../../src/controller/ports.js';
import { ownContainers } from '../simulated-docker/truth.js';
import type { ActKind } from './fault-rates.js';
import type { OnCall } from './lives.js';
import type { Random } from './random.js';
import type { SimulatedServices } from './services.js';
import { PROJECT } from './settings.js';
import { disrepair } from './story-disrepair.js';
import { edited, pick } from './story-draw.js';
import { meddle, processEnds } from './story-outsider.js';
import type { SimulatedWorld } from './world.js';

/** One story under way. */
export interface Story {
  readonly world: SimulatedWorld;
  /** What is asked for in the end. */
  readonly all: SimulatedServices;
  readonly random: Random;
  /** What happens in it at all. */
  readonly acts: ReadonlySet<ActKind>;
  /** When each file was last back after it had been saved (monotonic), by path. */
  readonly savedMs: Map<string, number>;
  /** Given to every fresh process. */
  readonly onCall: OnCall;
}

/** How each is done. */
export const ACTS: Readonly<Record<ActKind, (story: Story) => void>> = {
  outage({ world, random }) {
    world.faults.down();
    world.clock.after(random() * OUTAGE_MS, () => world.faults.up());
  },
  crash({ world, random, onCall }) {
    world.crash();
    world.clock.after(random() * 2_000, () => world.lifeline().isAlive() || world.start(onCall));
  },
  daemonRestart({ world, all, random }) {
    for (const name of Object.keys(all)) world.meddled.add(name);
    world.engine.outsider.daemonRestart({ lossy: random() < 0.5 });
  },
  hungContainer: hangOne,
  slowReader({ world: { engine }, random }) {
    engine.stallReaders(random() * OUTAGE_MS);
    // Somebody's script makes more noise meanwhile than there is room for.
    if (random() < 0.1) for (let count = 0; count < NOISE; count += 1) engine.emit(EXEC);
  },
  clockJump,
  rival: ({ world }) => world.rival.start(),
  disrepair,
  outsider: meddle,
  processEnds,
  edit({ world, all, random }) {
    world.ask(edited(all, random));
  },
};

const OUTAGE_MS = 20_000;
/** More than Docker keeps for one reader. */
const NOISE = 300;
const EXEC: EngineEvent = { type: 'container', action: 'exec_start', id: 'e'.repeat(64) };
const HOUR_MS = 3_600_000;

/** Somebody sets the clock by an hour: of the one machine that all is on, or of one of two. */
function clockJump({ world: { clocks }, random }: Story): void {
  const byMs = random() < 0.5 ? HOUR_MS : -HOUR_MS;
  const chance = random();
  if (chance < 0.8) clocks.controller.jump(byMs);
  if (chance < 0.6 || chance >= 0.8) clocks.daemon.jump(byMs);
}

/** One container of ours gives no answer for a while. */
function hangOne({ world: { engine, faults, clock }, random }: Story): void {
  const target = pick(random, ownContainers(engine.truth, PROJECT), undefined)?.container;
  if (target === undefined) return;
  faults.breakCalls((call, [subject]) =>
    call !== 'createContainer' && subject === target.id ? 'hang' : null,
  );
  clock.after(random() * OUTAGE_MS, () => faults.breakCalls(() => null));
}
