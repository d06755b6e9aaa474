/**
 * A controller run until its work is done, for `apply` and `down`.
 * Owns: holding the project, showing progress, ending in order. Must not know: when the work is done.
 */
import type { Config } from '../config.js';
import type { Controller } from '../controller/api.js';
import type { ManifestFiles } from '../controller/ports.js';
import { assembleController, silentPublisher } from './assemble.js';
import { type Convergence, createConvergence } from './convergence.js';
import type { Invocation } from './invocation.js';
import { holdProject, noBus, reportsOf } from './lock.js';
import type { OpenEngine } from './open-engine.js';
import { openQuietLog } from './open-log.js';
import { createProgressView } from './progress-view.js';
import { listenToSignals } from './signals.js';
import { type Ending, waitFor } from './wait-for.js';

/** How often a look is taken, and the screen redrawn. */
const LOOK_MS = 100;

/** What is to be worked through. */
export interface Work<Result> {
  readonly invocation: Invocation;
  readonly config: Config;
  readonly open: OpenEngine;
  readonly files: ManifestFiles;
  readonly takeDown: { readonly volumes: boolean } | null;
  /** So long without progress ends it. */
  readonly timeoutMs: number;
  /** True: another controller of the project is no reason not to begin. */
  readonly isForced: boolean;
  /** Once, when the first pass is over. */
  readonly onReady: (controller: Controller) => void;
  /** Null: not done yet. */
  readonly judge: (controller: Controller, convergence: Convergence) => Result | null;
}

/** How the work ended, and the controller, stopped. Null: another controller holds the project. */
export async function workThrough<Result>(
  work: Work<Result>,
): Promise<{ readonly ending: Ending<Result>; readonly controller: Controller } | null> {
  const { invocation, config, open, files, takeDown, timeoutMs } = work;
  const { terminal } = invocation;
  const { clock } = terminal;
  const { log, isSilent } = await openQuietLog(invocation, config);
  const { engine, self, info } = open;
  const controller = assembleController({
    ...{ config, terminal, engine, self, files, log, takeDown },
    mode: 'once',
    publisher: silentPublisher,
  });
  const reports = reportsOf(controller, noBus);
  const hold = await holdProject({ engineId: info.id, project: config.project, reports, log });
  if (hold === null && !work.isForced) return null;
  const signals = listenToSignals(terminal);
  const convergence = createConvergence(clock.now());
  const view = createProgressView(terminal, isSilent);
  const forget = controller.onProgress((progress) => {
    convergence.onStep(progress, clock.now());
    view.onStep(progress);
  });
  let failure: unknown = null;
  let isBegun = false;
  try {
    controller.start().catch((error: unknown) => {
      failure = error;
    });
    const ending = await waitFor({
      ...{ clock, timeoutMs, convergence, signals },
      everyMs: LOOK_MS,
      look: () => {
        if (failure !== null) throw failure;
        if (!controller.isReady()) return null;
        if (!isBegun) work.onReady(controller);
        isBegun = true;
        view.draw(controller.services());
        return work.judge(controller, convergence);
      },
    });
    return { ending, controller };
  } finally {
    view.end();
    await controller.stop();
    forget();
    await hold?.close();
    signals.close();
    await log.flush();
  }
}
