/**
 * Calls of the simulated engine about containers.
 * Owns: their effect on the truth and their failures. Must not know: what happens by itself as time goes on.
 */
import { type CallOptions, type Engine, EngineError } from '../../../src/controller/ports.js';
import type { ContainerId } from '../../../src/model/ids.js';
import { encodeLabels } from '../../../src/model/labels.js';
import { limited, make } from './creation.js';
import { failure } from './failures.js';
import { find, type Inside, notLeaving, there } from './inside.js';
import { ranMs, resume, start, stop } from './life.js';
import { remove } from './removal.js';
import { isNameTaken, type SimulatedContainer } from './truth.js';

type ContainerCall =
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'restartContainer'
  | 'unpauseContainer'
  | 'removeContainer'
  | 'renameContainer'
  | 'updateContainer'
  | 'exec';

type Effect = (container: SimulatedContainer) => void | Promise<void>;

/** The calls that make, change and remove containers, and run programs in them. */
export function containerCalls(inside: Inside): Pick<Engine, ContainerCall> {
  const { emit, note, call } = inside;
  /** A write to a container that must be there. */
  const on = (verb: string, id: ContainerId, options: CallOptions, effect: Effect): Promise<void> =>
    call(() => {
      const container = find(inside, id);
      note(verb, { container, name: container?.name ?? id });
      return effect(there(inside, id));
    }, options);
  return {
    createContainer: (draft, options) =>
      call(async () => {
        note('createContainer', { name: draft.name });
        const labels = { ...draft.spec.labels, ...draft.extraLabels, ...encodeLabels(draft.owned) };
        return (await make(inside, { ...draft, labels })).id;
      }, options),
    startContainer: (id, options) =>
      on('startContainer', id, options, (container) => startNow(container, inside)),
    stopContainer: (id, graceMs, options) =>
      on('stopContainer', id, options, (container) => stopNow(container, graceMs, inside)),
    restartContainer: (id, graceMs, options) =>
      on('restartContainer', id, options, async (container) => {
        await stopNow(container, graceMs, inside);
        asPartOfRestart(() => startNow(container, inside));
        emit({ type: 'container', action: 'restart', id });
      }),
    unpauseContainer: (id, options) =>
      on('unpauseContainer', id, options, (container) => {
        if (container.status !== 'paused') throw failure('engine', `Container ${id} is not paused`);
        resume(container, inside);
      }),
    removeContainer: (id, { withVolumes, ...options }) =>
      call(() => {
        const container = find(inside, id);
        note('removeContainer', { container, name: container?.name ?? id });
        return container === null ? undefined : remove(container, withVolumes, inside);
      }, options),
    renameContainer: (id, to, options) =>
      on('renameContainer', id, options, (container) => {
        if (container.name === to)
          throw failure('rejected', 'Renaming a container with the same name as its current name');
        if (isNameTaken(inside.truth, to))
          throw failure('nameInUse', `The container name "/${to}" is already in use`);
        container.name = to;
        emit({ type: 'container', action: 'rename', id });
      }),
    updateContainer: (id, { restart, resources }, options) =>
      on('updateContainer', id, options, (container) => {
        notLeaving(container);
        if (resources !== null) container.resources = limited(container.resources, resources);
        if (restart !== null) container.restartPolicy = { ...restart };
        emit({ type: 'container', action: 'update', id });
      }),
    exec: (id, command, options) => call(() => runNow(there(inside, id), command, inside), options),
  };
}

function startNow(container: SimulatedContainer, inside: Inside): void {
  // One that restarts itself counts as started.
  if (container.status === 'running' || container.status === 'restarting') return;
  if (container.status === 'paused') throw failure('engine', 'cannot start a paused container', 409);
  if (container.status === 'dead' || container.status === 'removing')
    throw failure('removalInProgress', 'container is marked for removal and cannot be started');
  start(container, inside);
}

/** Whatever keeps a restart from starting is Docker's own error. */
function asPartOfRestart(starting: () => void): void {
  try {
    starting();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw failure(error.failure.code, error.failure.message, 500);
  }
}

function stopNow(container: SimulatedContainer, graceMs: number, inside: Inside): Promise<void> {
  if (container.obstacle === 'stuck')
    throw failure('stuck', 'tried to kill container, but did not receive an exit event');
  return stop(container, graceMs, inside);
}

const EXEC_MS = 20;

/** `exit <code>` ends so, `bad` badly, `hang` never; anything else well from when on the container is well. */
function runNow(container: SimulatedContainer, command: readonly string[], inside: Inside): Promise<number> {
  const { id, status, behaviour } = container;
  if (status !== 'running') throw failure('engine', `Container ${id} is not running`, 409);
  const { healthyAfterMs } = behaviour;
  const isWell = healthyAfterMs !== null && ranMs(container, inside) >= healthyAfterMs;
  const [program, code] = command;
  return new Promise((resolve) => {
    if (program === 'hang') return;
    const exitCode = program === 'exit' ? Number(code) : program === 'bad' || !isWell ? 1 : 0;
    inside.clock.after(EXEC_MS, () => resolve(exitCode));
  });
}
