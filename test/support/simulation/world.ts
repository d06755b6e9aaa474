/**
 * The whole controller on a simulated engine, in virtual time.
 * Owns: putting both together, crashing, running until the truth is as asked for. Must not know: any rule.
 */

import type { Controller } from '../../../src/controller/api.js';
import { createController } from '../../../src/controller/controller.js';
import type { Log } from '../../../src/controller/ports.js';
import type { IntakeOptions } from '../../../src/manifest/intake.js';
import type { Event } from '../../../src/model/event.js';
import type { ServiceStatus } from '../../../src/model/status.js';
import { isSettled } from '../../../src/model/status.js';
import { sha256 } from '../decision-desired.js';
import { BEHAVIOURS } from '../simulated-docker/behaviours.js';
import { createSimulatedEngine, type SimulatedEngine } from '../simulated-docker/engine.js';
import { createFaults, type FaultRates, type Faults } from './faults.js';
import { createSimulatedFiles, type SimulatedFiles } from './files.js';
import { keepLaws } from './laws.js';
import { type CallMoment, createLifeline, type Lifeline } from './lifeline.js';
import { createRandom, type Random } from './random.js';
import { manifestsOf, missingFrom, renderTruth, type SimulatedServices } from './services.js';
import { createVirtualClock, type VirtualClock } from './virtual-clock.js';

/** The project of every simulated world. */
export const PROJECT = 'alicia';

/** A controller and its world. */
export interface SimulatedWorld {
  readonly clock: VirtualClock;
  readonly engine: SimulatedEngine;
  /** Between the controllers and the engine; none unless asked for. */
  readonly faults: Faults;
  readonly files: SimulatedFiles;
  readonly random: Random;
  /** Everything published, oldest first. */
  readonly events: readonly Event[];
  readonly statuses: ReadonlyMap<string, ServiceStatus>;
  /** Laws broken so far. */
  readonly broken: readonly string[];
  /** Asks for these services from now on, and no others. */
  ask(services: SimulatedServices): void;
  /** A fresh process; the one before, if any, is dead. */
  start(onCall?: (number: number, moment: CallMoment, name: string, line: Lifeline) => void): void;
  /** kill -9: nothing that the controller does has any effect any more. */
  crash(): void;
  controller(): Controller;
  lifeline(): Lifeline;
  /**
   * Lets time pass until the condition holds, and holds still when what is on its way has been heard.
   * Throws, with all that is to be known, when it does not within `withinMs`.
   */
  runUntil(what: string, condition: () => boolean, withinMs?: number): Promise<void>;
  /** Until the truth is as asked for and the controller is at rest and says so. */
  runUntilStable(withinMs?: number): Promise<void>;
  /** Throws when a law was broken; of some laws only, where a pattern of their sentences is given. */
  checkLaws(only?: RegExp): void;
  /** All that is to be known when something is not as it should be. */
  report(what: string): string;
}

const SILENT: Log = { debug: silent, info: silent, warn: silent, error: silent };
function silent(): void {}

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
}

/** Makes a world; the images of the simulation are on its engine, versions 1 to 3. */
export function createWorld(
  seed: number,
  rates: FaultRates | null = null,
  options: WorldOptions = {},
): SimulatedWorld {
  const { hasLaws = true, random = createRandom(seed), resyncMs = OPTIONS.limits.resyncMs } = options;
  const clock = createVirtualClock();
  const engine = createSimulatedEngine({ clock, random, project: PROJECT });
  const faults = createFaults(engine.port, { clock, random, rates });
  const files = createSimulatedFiles(clock);
  const events: Event[] = [];
  const limits = { ...OPTIONS.limits, resyncMs };
  const statuses = new Map<string, ServiceStatus>();
  let services: SimulatedServices = {};
  let life: { readonly controller: Controller; readonly line: Lifeline } | null = null;
  let ids = 0;
  for (const name of Object.keys(BEHAVIOURS)) {
    for (const version of [1, 2, 3]) {
      const image = { id: `sha256:${name}:${version}`, version: null, hasHealthcheck: false, isHere: true };
      engine.truth.images.set(`${name}:${version}`, image);
    }
  }
  const broken = hasLaws ? keepLaws(engine, PROJECT, () => services) : [];
  const publisher = {
    publishEvent: (event: Event) => void events.push(event),
    publishStatus: (service: string, status: ServiceStatus | null) => {
      if (status === null) statuses.delete(service);
      else statuses.set(service, status);
    },
  };
  const alive = (): { readonly controller: Controller; readonly line: Lifeline } => {
    if (life === null) throw new Error('no controller was started');
    return life;
  };
  const report = (what: string): string =>
    [
      `seed ${seed}, at ${clock.elapsedMs()} ms: ${what}`,
      ...missingFrom(engine.truth, PROJECT, services),
      renderTruth(engine.truth),
      ...[...statuses.values()].map(
        ({ service, state, sync, health, message }) => `${service}: ${state} ${sync} ${health} ${message}`,
      ),
      ...engine.writes.slice(-30).map(({ atMs, verb, name }) => `${atMs} ${verb} ${name}`),
    ].join('\n');

  const world: SimulatedWorld = {
    clock,
    engine,
    faults,
    files,
    random,
    events,
    statuses,
    broken,
    ask(next) {
      const [before, after] = [manifestsOf(services), manifestsOf(next)];
      services = next;
      for (const path of before.keys()) if (!after.has(path)) files.write(path, null);
      for (const [path, text] of after) if (before.get(path) !== text) files.write(path, text);
    },
    start(onCall) {
      life?.line.cut();
      const line = createLifeline({ engine: faults.engine, files, clock, publisher }, onCall);
      const createId = (): string => {
        ids += 1;
        return String(ids).padStart(26, '0');
      };
      const controller = createController({ ...line.outside, ...OPTIONS, limits, log: SILENT, createId });
      life = { controller, line };
      void controller.start();
    },
    crash: () => alive().line.cut(),
    controller: () => alive().controller,
    lifeline: () => alive().line,
    async runUntil(what, condition, withinMs = WITHIN_MS) {
      const endMs = clock.elapsedMs() + withinMs;
      for (;;) {
        while (!condition()) {
          if (clock.elapsedMs() > endMs) throw new Error(report(`not so within ${withinMs} ms: ${what}`));
          if (!(await clock.step())) throw new Error(report(`time stands still: ${what}`));
        }
        await clock.advance(HEARD_MS);
        if (condition()) return;
      }
    },
    runUntilStable: (withinMs) =>
      world.runUntil(
        'the truth is as asked for',
        () => missingFrom(engine.truth, PROJECT, services).length === 0 && isAtRest(alive().controller),
        withinMs,
      ),
    checkLaws(only = /./) {
      const counted = broken.filter((sentence) => only.test(sentence));
      if (counted.length > 0) throw new Error(report(`laws are broken:\n${counted.join('\n')}`));
    },
    report,
  };
  return world;
}

/** The controller has nothing to do, and knows that all is well. */
const isAtRest = (controller: Controller): boolean =>
  controller.isAtFixedPoint() && controller.services().every(isSettled);

/** How every simulated world takes its manifests in. */
export const INTAKE: IntakeOptions = {
  project: PROJECT,
  networkName: 'alicia_bus_network',
  environment: {},
  hash: sha256,
  hostPaths: null,
  allowEmpty: false,
};

const OPTIONS = {
  project: PROJECT,
  instance: 'box',
  version: '0.0.0',
  pid: 1,
  manifests: ['/manifests'],
  ownContainerId: null,
  allowMassPrune: false,
  takeDown: false,
  removeVolumes: false,
  intake: INTAKE,
  limits: {
    concurrency: 8,
    resyncMs: 30_000,
    rescanMs: 30_000,
    callMs: 30_000,
    startMs: 120_000,
    stopSlackMs: 20_000,
    pullIdleMs: 300_000,
  },
  mode: 'run',
} as const;
