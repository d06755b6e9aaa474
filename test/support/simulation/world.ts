/**
 * The whole controller on a simulated engine, in virtual time.
 * Owns: putting both together, crashing, running until the truth is as asked for. Must not know: any rule.
 */
import type { Controller } from '../../../src/controller/api.js';
import type { Publisher } from '../../../src/controller/ports.js';
import type { Event } from '../../../src/model/event.js';
import type { ServiceStatus } from '../../../src/model/status.js';
import { isSettled } from '../../../src/model/status.js';
import { BEHAVIOURS } from '../simulated-docker/behaviours.js';
import { createSimulatedEngine, type SimulatedEngine } from '../simulated-docker/engine.js';
import type { FaultRates } from './fault-rates.js';
import { createFaults, type Faults } from './faults.js';
import { createSimulatedFiles, type SimulatedFiles } from './files.js';
import { type Broken, keepLaws } from './laws.js';
import type { Lifeline } from './lifeline.js';
import { beginLife, type Life, type OnCall } from './lives.js';
import { createRandom, type Random } from './random.js';
import { manifestsOf, missingFrom, renderTruth, type SimulatedServices } from './services.js';
import { OPTIONS, PROJECT } from './settings.js';
import { type Trace, timed } from './trace.js';
import {
  createSkewedClock,
  createVirtualClock,
  type SkewedClock,
  type VirtualClock,
} from './virtual-clock.js';

/** A controller and its world. */
export interface SimulatedWorld {
  /** The time of everything; its wall clock is never set. */
  readonly clock: VirtualClock;
  /** The clocks of the machine that the controllers run on, and of Docker's. */
  readonly clocks: { readonly controller: SkewedClock; readonly daemon: SkewedClock };
  readonly engine: SimulatedEngine;
  /** Between the controllers and the engine; none unless asked for. */
  readonly faults: Faults;
  readonly files: SimulatedFiles;
  readonly random: Random;
  /** Everything published, oldest first. */
  readonly events: readonly Event[];
  readonly statuses: ReadonlyMap<string, ServiceStatus>;
  /** Laws broken so far. */
  readonly broken: readonly Broken[];
  /** Services whose containers somebody else has meddled with; who meddles adds to it. */
  readonly meddled: Set<string>;
  /** Everything that was ever asked for, oldest first. */
  readonly asked: readonly SimulatedServices[];
  /** Asks for these services from now on, and no others. */
  ask(services: SimulatedServices): void;
  /** A fresh process; the one before, if any, is dead. */
  start(onCall?: OnCall): void;
  /** kill -9: nothing that the controller does has any effect any more. */
  crash(): void;
  controller(): Controller;
  lifeline(): Lifeline;
  /** A second controller of the same project beside the first; what it tells is not heard. */
  readonly rival: { start(): void; crash(): void };
  /** A line of the trace, where there is one. */
  trace: Trace;
  /**
   * Lets time pass until the condition holds, and holds still when what is on its way has been heard.
   * Throws, with all that is to be known, when it does not within `withinMs`.
   */
  runUntil(what: string, condition: () => boolean, withinMs?: number): Promise<void>;
  /** Until the truth is as asked for and the controller is at rest and says so. */
  runUntilStable(withinMs?: number): Promise<void>;
  /** Throws when a law was broken; of those alone that hold whatever happens, unless all was calm (the default). */
  checkLaws(wasCalm?: boolean): void;
  /** All that is to be known when something is not as it should be. */
  report(what: string): string;
}

/** By then whatever an engine had to tell has been heard and decided. */
const HEARD_MS = 1_000;
/** Longer than any scenario of this size may take. */
const WITHIN_MS = 300_000;

/** What a world may be made with instead of the usual. */
export interface WorldOptions {
  /** False: nobody watches over the laws, which look at every container at every write. */
  readonly hasLaws?: boolean;
  /** Default: drawn from the seed. */
  readonly random?: Random;
  /** Default: 30 s. */
  readonly resyncMs?: number;
  /** Takes every call, event and word. */
  readonly trace?: Trace;
}

/** Makes a world; the images of the simulation are on its engine, versions 1 to 3. */
export function createWorld(
  seed: number,
  rates: FaultRates | null = null,
  options: WorldOptions = {},
): SimulatedWorld {
  const { hasLaws = true, random = createRandom(seed), resyncMs = OPTIONS.limits.resyncMs } = options;
  const clock = createVirtualClock();
  const clocks = { controller: createSkewedClock(clock), daemon: createSkewedClock(clock) };
  const engine = createSimulatedEngine({
    clock: clocks.daemon,
    random,
    project: PROJECT,
    listLagMs: () => faults.listLagMs(),
  });
  const faults: Faults = createFaults(engine.port, { clock, random, rates });
  const files = createSimulatedFiles(clock);
  const events: Event[] = [];
  const statuses = new Map<string, ServiceStatus>();
  const asked: SimulatedServices[] = [];
  const broken: Broken[] = [];
  const meddled = new Set<string>();
  const present = (): SimulatedServices => asked.at(-1) ?? {};
  let life: Life | null = null;
  let rival: Life | null = null;
  putImages(engine);
  if (hasLaws) keepLaws({ engine, project: PROJECT, clock, asked, meddled, broken });
  const publisher: Publisher = {
    publishEvent: (event) => void events.push(event),
    publishStatus: (service, status) => {
      if (status === null) statuses.delete(service);
      else statuses.set(service, status);
    },
  };
  const alive = (): Life => {
    if (life === null) throw new Error('no controller was started');
    return life;
  };
  const outside = { engine: faults.engine, files, clock: clocks.controller };
  const beginning = {
    resyncMs,
    trace: options.trace,
    onBug: (sentence: string) => void broken.push({ holds: 'always', sentence }),
    createId: numbered(),
  };
  const world: SimulatedWorld = {
    clock,
    clocks,
    engine,
    faults,
    files,
    random,
    events,
    statuses,
    broken,
    meddled,
    asked,
    trace: options.trace === undefined ? ignore : timed(options.trace, clock),
    ask(next) {
      const [before, after] = [manifestsOf(present()), manifestsOf(next)];
      asked.push(next);
      for (const path of before.keys()) if (!after.has(path)) files.write(path, null);
      for (const [path, text] of after) if (before.get(path) !== text) files.write(path, text);
    },
    start(onCall) {
      life?.line.cut();
      life = beginLife({ ...beginning, who: 'controller', outside: { ...outside, publisher }, onCall });
    },
    crash() {
      world.trace('controller is killed');
      alive().line.cut();
    },
    controller: () => alive().controller,
    lifeline: () => alive().line,
    rival: {
      start() {
        rival?.line.cut();
        rival = beginLife({ ...beginning, who: 'rival', outside: { ...outside, publisher: UNHEARD } });
      },
      crash: () => rival?.line.cut(),
    },
    async runUntil(what, condition, withinMs = WITHIN_MS) {
      const endMs = clock.elapsedMs() + withinMs;
      for (;;) {
        while (!condition()) {
          if (clock.elapsedMs() > endMs)
            throw new Error(world.report(`not so within ${withinMs} ms: ${what}`));
          if (!(await clock.step())) throw new Error(world.report(`time stands still: ${what}`));
        }
        await clock.advance(HEARD_MS);
        if (condition()) return;
      }
    },
    runUntilStable: (withinMs) =>
      world.runUntil(
        'the truth is as asked for',
        () => missingFrom(engine.truth, PROJECT, present()).length === 0 && isAtRest(alive().controller),
        withinMs,
      ),
    checkLaws(wasCalm = true) {
      const counted = broken.filter(({ holds }) => wasCalm || holds === 'always');
      const sentences = counted.map(({ sentence }) => sentence).join('\n');
      if (counted.length > 0) throw new Error(world.report(`laws are broken:\n${sentences}`));
    },
    report: (what) => reportOf(world, `seed ${seed}, at ${clock.elapsedMs()} ms: ${what}`),
  };
  return world;
}

/** The controller has nothing to do, and knows that all is well. */
const isAtRest = (controller: Controller): boolean =>
  controller.isAtFixedPoint() && controller.services().every(isSettled);

function putImages({ truth }: SimulatedEngine): void {
  for (const name of Object.keys(BEHAVIOURS)) {
    for (const version of [1, 2, 3]) {
      const image = { id: `sha256:${name}:${version}`, version: null, hasHealthcheck: false, isHere: true };
      truth.images.set(`${name}:${version}`, image);
    }
  }
}

/** Ids in the order of their making. */
function numbered(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return String(count).padStart(26, '0');
  };
}

function ignore(): void {}

const UNHEARD: Publisher = { publishEvent: ignore, publishStatus: ignore };

function reportOf(world: SimulatedWorld, headline: string): string {
  const { engine, statuses, asked } = world;
  return [
    headline,
    ...missingFrom(engine.truth, PROJECT, asked.at(-1) ?? {}),
    renderTruth(engine.truth),
    ...[...statuses.values()].map(
      ({ service, state, sync, health, message }) => `${service}: ${state} ${sync} ${health} ${message}`,
    ),
    ...engine.writes.slice(-30).map(({ atMs, verb, name }) => `${atMs} ${verb} ${name}`),
  ].join('\n');
}
