/**
 * After the last fault all must come right, within a time that follows from what is asked for.
 * Owns: that time, and what counts as right. Must not know: what the faults were.
 */
import { isSettled } from '../../../src/model/status.js';
import { isAlive, ownContainers } from '../simulated-docker/truth.js';
import { isServing, missingFrom, type SimulatedService, type SimulatedServices } from './services.js';
import { PROJECT } from './settings.js';
import { checkStillness } from './stillness.js';
import { UNSOUND_IMAGES } from './story-draw.js';
import type { SimulatedWorld } from './world.js';

/** The longest pause before a failed step or an unhealthy replica is tried again: 300 s, 10 % more at most. */
const LONGEST_BACKOFF_MS = 330_000;
/** A crash loop is over after ten minutes without a crash. */
const CRASH_LOOP_MS = 600_000;
/** Docker's longest pause before a restart, a resync, a rescan, and a call that hung until its deadline. */
const NOTICED_MS = 60_000 + 30_000 + 30_000 + 120_000;
/** The longest pull of the simulation. */
const PULL_MS = 10_000;
/** Grace, and the time until a stop that hangs is looked at. */
const STOP_MS = 30_000;
/** The deadline of the simulation's checks: (3 + 1) × (1 s + 1 s) + 5 s + 5 s, and `monitor`. */
const READY_MS = 23_000;

/** Whether what runs in the image goes on for ever once it runs. */
const isSound = (image: string): boolean => !UNSOUND_IMAGES.some((name) => image.startsWith(`${name}:`));

/** How long it may take from the last fault until all is as asked for. */
function livenessBoundMs(services: SimulatedServices): number {
  const work = Object.values(services).map(workMs);
  // At worst each waits for all others.
  return LONGEST_BACKOFF_MS + CRASH_LOOP_MS + NOTICED_MS + work.reduce((sum, own) => sum + own, 0);
}

/** One failed rollout that is taken back, and one that succeeds, replica by replica. */
const workMs = ({ replicas = 1 }: SimulatedService): number =>
  PULL_MS + 2 * Math.max(1, replicas) * (STOP_MS + READY_MS);

/** All is as asked for, but for specs that failed while others meddled: those are held, until the next spec. */
export async function checkLiveness(world: SimulatedWorld, all: SimulatedServices): Promise<void> {
  const boundMs = livenessBoundMs(all);
  const isHeld = (name: string): boolean => world.statuses.get(name)?.reason === 'RolledBack';
  const hasEnded = (): boolean => {
    if (!world.controller().isAtFixedPoint()) return false;
    const statuses = world.controller().services();
    if (statuses.length < Object.keys(all).length) return false;
    const areAll = statuses.every(
      (status) => isSettled(status) || isHeld(status.service) || status.waiting_for.length > 0,
    );
    if (!areAll) return false;
    return (
      statuses.some(({ service }) => isHeld(service)) ||
      missingFrom(world.engine.truth, PROJECT, all).length === 0
    );
  };
  await world.runUntil('the truth is as asked for, or a failed spec is held', hasEnded, boundMs);
  if (!Object.keys(all).some(isHeld)) {
    // A pull that failed while its image is here holds nobody up, and is made again in its time.
    await world.runUntil(
      'nothing is planned any more',
      () => hasEnded() && world.controller().plan().steps.length === 0,
      boundMs,
    );
    return;
  }
  // An old one that is unhealthy or crashes itself is restarted again and again, and rightly.
  const live = ownContainers(world.engine.truth, PROJECT).filter(({ container }) => isAlive(container));
  const areWell = live.every(({ container }) => isServing(container) && isSound(container.spec.image));
  if (areWell) await checkStillness(world);
  const next = Object.entries(all).map(([name, service]) => [
    name,
    { ...service, image: service.image.replace(':1', ':3') as SimulatedService['image'] },
  ]);
  world.faults.note('held');
  world.ask(Object.fromEntries(next));
  await world.runUntilStable(boundMs);
}
