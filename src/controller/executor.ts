/**
 * Doing: one step, one call, one outcome.
 * Owns: the mapping from steps to calls, deadlines, concurrency. Must not know: why a step is made.
 */
import { assertNever } from '../model/assert.js';
import type { StepKey } from '../model/ids.js';
import type { Outcome, Step } from '../model/step.js';
import type { ControllerLimits } from './api.js';
import { createLane, type Lane } from './lanes.js';
import { type CallOptions, type Engine, EngineError } from './ports.js';

/** What the executor tells while a step goes on. */
export type OnProgress = (detail: string) => void;

/** Carries steps out. */
export interface Executor {
  /** Settles with the outcome; never rejects for the engine's sake. `onBegin` is called when its turn has come. */
  execute(
    step: Step,
    options: { readonly onBegin: () => void; readonly onProgress: OnProgress },
  ): Promise<Outcome>;
  /** Steps that have not begun will not begin; `onDropped` is called for each. */
  close(onDropped: (key: StepKey) => void): void;
}

/** Long waits have their own lane, this many times as wide. */
const WAITING_LANE_FACTOR = 8;

/** Makes an executor on an engine. */
export function createExecutor(engine: Engine, limits: ControllerLimits): Executor {
  const quick = createLane(limits.concurrency);
  const waiting = createLane(limits.concurrency * WAITING_LANE_FACTOR);
  const queued = new Set<StepKey>();
  return {
    execute(step, { onBegin, onProgress }) {
      queued.add(step.key);
      return laneOf(step, quick, waiting).run(async () => {
        queued.delete(step.key);
        onBegin();
        return outcomeOf(() => call(step, { engine, limits, onProgress }));
      });
    },
    close(onDropped) {
      quick.close();
      waiting.close();
      for (const key of queued) onDropped(key);
      queued.clear();
    },
  };
}

function laneOf(step: Step, quick: Lane, waiting: Lane): Lane {
  const isLong =
    step.kind === 'pullImage' || step.kind === 'stopContainer' || step.kind === 'restartContainer';
  return isLong ? waiting : quick;
}

/** One step, one call. A new kind of step does not compile until it stands here. */
function call(
  step: Step,
  { engine, limits, onProgress }: { engine: Engine; limits: ControllerLimits; onProgress: OnProgress },
): Promise<unknown> {
  const quick = { deadlineMs: limits.callMs };
  const slow = { deadlineMs: limits.startMs };
  const afterGrace = (graceMs: number): CallOptions => ({ deadlineMs: graceMs + limits.stopSlackMs });
  switch (step.kind) {
    case 'pullImage':
      return engine.pullImage(step.image, onProgress, { deadlineMs: limits.pullIdleMs });
    case 'createNetwork':
      return engine.createNetwork(step, quick);
    case 'removeNetwork':
      return engine.removeNetwork(step.id, quick);
    case 'createVolume':
      return engine.createVolume(step, quick);
    case 'removeVolume':
      return engine.removeVolume(step.name, quick);
    case 'createContainer':
      return engine.createContainer(step.draft, slow);
    case 'startContainer':
      return engine.startContainer(step.id, slow);
    case 'stopContainer':
      return engine.stopContainer(step.id, step.graceMs, afterGrace(step.graceMs));
    case 'restartContainer':
      return engine.restartContainer(step.id, step.graceMs, afterGrace(step.graceMs));
    case 'unpauseContainer':
      return engine.unpauseContainer(step.id, quick);
    case 'removeContainer':
      return engine.removeContainer(step.id, { ...slow, withVolumes: step.withVolumes });
    case 'renameContainer':
      return engine.renameContainer(step.id, step.to, quick);
    case 'updateContainer':
      return engine.updateContainer(step.id, step.change, quick);
    case 'connectNetwork':
      return engine.connectNetwork(step.id, step.attachment, quick);
    case 'disconnectNetwork':
      return engine.disconnectNetwork(step.id, step.network, quick);
    default:
      return assertNever(step);
  }
}

async function outcomeOf(make: () => Promise<unknown>): Promise<Outcome> {
  try {
    await make();
    return { kind: 'done' };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { failure } = error;
    return failure.code === 'unknownOutcome'
      ? { kind: 'unknown', message: failure.message }
      : { kind: 'failed', failure };
  }
}
