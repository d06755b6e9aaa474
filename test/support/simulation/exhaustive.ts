/**
 * A named story played again and again, each time with one fault at one place.
 * Owns: finding the places, playing with a fault there, collecting what failed. Must not know: what a fault means.
 */

import type { EventFault } from './fault-events.js';
import type { CallSpoilt } from './faults.js';
import type { CallMoment, Lifeline } from './lifeline.js';
import type { OnCall } from './lives.js';
import { askForEnd, runToBeginning, runToEnd, type Scenario } from './scenarios.js';
import { checkQuiet, checkStillness } from './stillness.js';
import type { Trace } from './trace.js';
import { createWorld, type SimulatedWorld } from './world.js';

/** Where something happens: at a call, counted from the beginning of the story proper over all processes. */
export interface Crash {
  readonly call: number;
  readonly moment: CallMoment;
}

/** One fault at one place, or several. */
export interface Disturbance {
  /** The controller dies there, and a fresh one comes 10 ms later. */
  readonly crashes?: readonly Crash[];
  /** This call is spoilt. */
  readonly call?: { readonly number: number; readonly spoilt: CallSpoilt };
  /** This event, counted in the same way, is spoilt. */
  readonly event?: { readonly number: number; readonly spoilt: ReturnType<EventFault> };
}

/** What a story came to. */
export interface Course {
  /** The calls of the story proper, by name, in order. */
  readonly calls: readonly string[];
  /** How many events were heard in it. */
  readonly events: number;
  /** How much of the disturbance came about. */
  readonly happened: number;
}

const SEED = 1;
const BACK_AFTER_MS = 10;
/** What took effect late has taken it by then. */
const LATE_MS = 5_000;

/** Plays a story; throws when it does not end as it must, breaks a law, or does not rest. */
export async function playThrough(
  scenario: Scenario,
  disturbance: Disturbance = {},
  trace?: Trace,
): Promise<Course> {
  const world = createWorld(SEED, null, trace === undefined ? {} : { trace });
  const calls: string[] = [];
  const course = { happened: 0, isProper: scenario.before === null };
  const { crashes = [] } = disturbance;
  const placeOf = createPlaces(calls);
  const onCall: OnCall = (number, moment, name, line) => {
    if (!course.isProper) return;
    const place = placeOf(line, number, moment === 'before' ? name : null);
    const dies = crashes.some((crash) => crash.call === place && crash.moment === moment);
    if (!dies || !line.isAlive()) return;
    course.happened += 1;
    line.cut();
    world.clock.after(BACK_AFTER_MS, () => world.start(onCall));
  };
  await runToBeginning(world, scenario, onCall);
  course.isProper = true;
  disturb(world, disturbance, course);
  const eventsBefore = world.faults.eventCount();
  askForEnd(world, scenario);
  if (scenario.before === null) world.start(onCall);
  await runToEnd(world, scenario);
  const events = world.faults.eventCount() - eventsBefore;
  const ended = [...calls];
  course.isProper = false;
  if (disturbance.call?.spoilt === 'lateEffect') {
    await world.clock.advance(LATE_MS);
    await runToEnd(world, scenario);
  }
  // What is refused, lost or unheard may let the controller act on what was so a moment ago.
  world.checkLaws(disturbance.call === undefined && disturbance.event === undefined);
  if (Object.keys(disturbance).length === 0) await checkStillness(world);
  else await checkQuiet(world);
  return { calls: ended, events, happened: course.happened };
}

/** Numbers the calls of all processes through, from 1 on, and notes the name of each. 0: it began before the story proper. */
function createPlaces(calls: string[]): (line: Lifeline, number: number, begins: string | null) => number {
  const places = new Map<Lifeline, Map<number, number>>();
  return (line, number, begins) => {
    const own = places.get(line) ?? new Map<number, number>();
    places.set(line, own);
    if (begins !== null) own.set(number, calls.push(begins));
    return own.get(number) ?? 0;
  };
}

function disturb(world: SimulatedWorld, { call, event }: Disturbance, course: { happened: number }): void {
  let callsSeen = 0;
  if (call !== undefined)
    world.faults.breakCalls(() => {
      callsSeen += 1;
      if (callsSeen !== call.number) return null;
      course.happened += 1;
      return call.spoilt;
    });
  const eventsBefore = world.faults.eventCount();
  if (event !== undefined)
    world.faults.breakEvents((number) => {
      if (number - eventsBefore !== event.number) return null;
      course.happened += 1;
      return event.spoilt;
    });
}

/** Plays one story with each disturbance. Resolves to how many came about, and what failed, by name. */
export async function playEach(
  scenario: Scenario,
  disturbances: ReadonlyMap<string, Disturbance>,
): Promise<{ readonly happened: number; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  let happened = 0;
  for (const [name, disturbance] of disturbances) {
    try {
      happened += (await playThrough(scenario, disturbance)).happened > 0 ? 1 : 0;
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { happened, failures };
}
