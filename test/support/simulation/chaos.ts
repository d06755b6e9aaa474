/**
 * A story of faults drawn from a seed: services, edits, outsiders, crashes, all spoilt; then everything heals.
 * Owns: the order of these, and what is looked at in the end. Must not know: the controller's rules.
 */
import { countEvents, countSituations, countStates } from './counting.js';
import { ACT_KINDS, drawFaults, type FaultMix } from './fault-rates.js';
import { checkLiveness } from './liveness.js';
import type { OnCall } from './lives.js';
import { createRandom, type Random } from './random.js';
import { manifestsOf } from './services.js';
import { checkStillness } from './stillness.js';
import { ACTS, type Story } from './story-acts.js';
import { drawServices, pick } from './story-draw.js';
import { checkTelling } from './telling.js';
import type { Trace } from './trace.js';
import { createWorld, type SimulatedWorld } from './world.js';

/** What a seed came to. */
export interface Played {
  /** What happened, by name: faults, acts, events, situations, calls. */
  readonly counts: ReadonlyMap<string, number>;
  /** Fingerprints of the states of the engine that a write was made in. */
  readonly states: ReadonlySet<number>;
}

/** How much a story has in it. Most are small: a fault that needs many parts is rare, and small ones are quick. */
const SIZES = [
  { upTo: 0.75, services: 1, more: 2, faultsMs: 10_000 },
  { upTo: 0.95, services: 2, more: 3, faultsMs: 25_000 },
  { upTo: 1, services: 3, more: 3, faultsMs: 60_000 },
] as const;
/**
 * By then what was sent late has arrived, what is in disrepair is mended, and a list has shown what no event told: one may
 * have hung until its deadline of 30 s, and the next comes 30 s later.
 */
const ECHO_MS = 66_000;
/** Between one act and the next. */
const LONGEST_PAUSE_MS = 5_000;

/** Plays one seed; throws, with the seed, when something is not as it must be. */
export async function playChaos(seed: number, trace?: Trace): Promise<Played> {
  const random = createRandom(seed ^ 0x5eed);
  const mix = drawFaults(random);
  const world = createWorld(seed, mix.rates, trace === undefined ? {} : { trace });
  const states = countStates(world);
  countSituations(world);
  const size = random();
  const { services, more, faultsMs } = SIZES.find(({ upTo }) => size < upTo) ?? SIZES[0];
  const all = drawServices(random, services + Math.floor(random() * more));
  const onCall = killing(world, mix, random);
  const story: Story = { world, all, random, acts: mix.acts, savedMs: new Map(), onCall };
  world.ask(all);
  world.start(story.onCall);
  await spoilt(story, faultsMs);
  heal(story);
  await world.clock.advance(ECHO_MS);
  await checkLiveness(world, all);
  world.checkLaws(isCalm(mix));
  checkTelling(world);
  await checkStillness(world);
  countEvents(world);
  return { counts: world.faults.counts, states };
}

/** Nobody else writes, nothing is edited, nothing arrives late: then the present is what was decided on. */
const isCalm = ({ rates, acts }: FaultMix): boolean =>
  rates.lateEffect === 0 && rates.listLags === 0 && !DISTURBING.some((kind) => acts.has(kind));
const DISTURBING = ['daemonRestart', 'rival', 'outsider', 'processEnds', 'edit', 'clockJump'] as const;

/** Dies now and then before, in or after a call, and comes back. */
function killing(world: SimulatedWorld, { rates: { crashInCall } }: FaultMix, random: Random): OnCall {
  if (crashInCall === 0) return () => undefined;
  const onCall: OnCall = (_number, moment, _name, line) => {
    if (isHealed.has(world) || !line.isAlive() || random() >= crashInCall) return;
    world.faults.note(`crash ${moment} a call`);
    line.cut();
    world.clock.after(random() * 2_000, () => world.lifeline().isAlive() || world.start(onCall));
  };
  return onCall;
}

/** Worlds whose faults are over. */
const isHealed = new WeakSet<SimulatedWorld>();

async function spoilt(story: Story, faultsMs: number): Promise<void> {
  const { world, random, acts } = story;
  const kinds = ACT_KINDS.filter((kind) => acts.has(kind));
  const endMs = world.clock.elapsedMs() + faultsMs;
  while (world.clock.elapsedMs() < endMs) {
    await world.clock.advance(random() * LONGEST_PAUSE_MS);
    const kind = pick(random, kinds, null);
    if (kind === null) continue;
    world.trace(`act: ${kind}`);
    world.faults.note(kind);
    ACTS[kind](story);
  }
}

/** No fault any more, everything as it is asked for on disk, and exactly one controller. */
function heal({ world, all }: Story): void {
  world.trace('everything heals');
  isHealed.add(world);
  world.faults.heal();
  world.rival.crash();
  world.files.setState('ok');
  world.ask(all);
  for (const [path, text] of manifestsOf(all)) world.files.write(path, text);
  if (!world.lifeline().isAlive()) world.start();
}
