/**
 * Calls of the simulated engine about containers.
 * Owns: their effect on the truth and their failures. Must not know: what happens by itself as time goes on.
 */
import type { CallOptions, Engine } from '../../../src/controller/ports.js';
import type { FailureCode } from '../../../src/model/failure.js';
import type { ContainerId } from '../../../src/model/ids.js';
import { encodeLabels } from '../../../src/model/labels.js';
import { takenAddress } from './calls-objects.js';
import { limited, made } from './creation.js';
import { failure, find, type Inside, there } from './inside.js';
import { begin, stop, takenPort } from './life.js';
import { isAlive, isNameTaken, isVolumeInUse, networkNamed, type SimulatedContainer } from './truth.js';

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
      call(() => {
        note('createContainer', { name: draft.name });
        const labels = { ...draft.spec.labels, ...draft.extraLabels, ...encodeLabels(draft.owned) };
        return made(inside, { ...draft, labels }).id;
      }, options),
    startContainer: (id, options) =>
      on('startContainer', id, options, (container) => startNow(container, inside)),
    stopContainer: (id, graceMs, options) =>
      on('stopContainer', id, options, (container) => stopNow(container, graceMs, inside)),
    restartContainer: (id, graceMs, options) =>
      on('restartContainer', id, options, async (container) => {
        await stopNow(container, graceMs, inside);
        startNow(container, inside);
        emit({ type: 'container', action: 'restart', id });
      }),
    unpauseContainer: (id, options) =>
      on('unpauseContainer', id, options, (container) => {
        if (container.status !== 'paused') throw failure('engine', `Container ${id} is not paused`);
        container.status = 'running';
        emit({ type: 'container', action: 'unpause', id });
      }),
    removeContainer: (id, { withVolumes, ...options }) =>
      call(() => {
        const container = find(inside, id);
        note('removeContainer', { container, name: container?.name ?? id });
        if (container !== null) removeNow(container, withVolumes, inside);
      }, options),
    renameContainer: (id, to, options) =>
      on('renameContainer', id, options, (container) => {
        if (isNameTaken(inside.truth, to))
          throw failure('nameInUse', `The container name "/${to}" is already in use`);
        container.name = to;
        emit({ type: 'container', action: 'rename', id });
      }),
    updateContainer: (id, { restart, resources }, options) =>
      on('updateContainer', id, options, (container) => {
        if (resources !== null) container.resources = limited(container.resources, resources);
        if (restart !== null) container.restartPolicy = { ...restart };
        emit({ type: 'container', action: 'update', id });
      }),
    exec: (id, command, options) => call(() => runNow(there(inside, id), command, inside), options),
  };
}

/** A start that fails leaves the container as it was, with the daemon's sentence. */
export function startNow(container: SimulatedContainer, inside: Inside): void {
  const { truth } = inside;
  // One that restarts itself counts as started.
  if (container.status === 'running' || container.status === 'restarting') return;
  if (container.status === 'paused') throw failure('engine', 'cannot start a paused container');
  if (container.status === 'dead')
    throw failure('removalInProgress', 'container is marked for removal and cannot be started');
  const refuse = (code: FailureCode, message: string): never => {
    container.error = message;
    throw failure(code, message);
  };
  const parentFault = faultOfParent(container, inside);
  if (parentFault !== null) refuse('attachmentGone', parentFault);
  const lost = container.endpoints.find(({ network, networkId }) => {
    const present = networkNamed(truth, network);
    return present === null || (networkId !== '' && networkId !== present.id);
  });
  if (lost !== undefined) refuse('attachmentGone', `network ${lost.network} not found`);
  if (takenAddress(container, truth) !== null) refuse('inUse', 'Address already in use');
  const port = takenPort(container, truth);
  if (port !== null) refuse('portInUse', `Bind for 127.0.0.1:${port} failed: port is already allocated`);
  container.restartCount = 0;
  begin(container, inside);
}

/** Why the network of another container cannot be joined; null: it can, or none is. */
function faultOfParent({ networkOf }: SimulatedContainer, { truth }: Inside): string | null {
  if (networkOf === null) return null;
  const parent = truth.containers.get(networkOf);
  if (parent === undefined) return `No such container: ${networkOf}`;
  if (parent.status === 'restarting') return `Container ${networkOf} is restarting, wait until it is running`;
  return isAlive(parent) ? null : `cannot join network of a non running container: ${networkOf}`;
}

function stopNow(container: SimulatedContainer, graceMs: number, inside: Inside): Promise<void> {
  if (container.obstacle === 'stuck')
    throw failure('stuck', 'tried to kill container, but did not receive an exit event');
  return stop(container, graceMs, inside);
}

function removeNow(container: SimulatedContainer, withVolumes: boolean, { truth, emit }: Inside): void {
  const { id, obstacle, ownVolumes } = container;
  if (obstacle === 'stuck') throw failure('engine', `could not kill container ${id}`);
  if (obstacle === 'busy') throw failure('inUse', 'unable to remove filesystem: device or resource busy');
  if (isAlive(container))
    throw failure('inUse', `You cannot remove a running container ${id}. Stop the container`);
  truth.containers.delete(id);
  for (const name of withVolumes ? ownVolumes : []) {
    if (isVolumeInUse(truth, name) || !truth.volumes.delete(name)) continue;
    emit({ type: 'volume', action: 'destroy', id: name });
  }
  emit({ type: 'container', action: 'destroy', id });
}

const EXEC_MS = 20;

/** `exit <code>` ends so, `bad` badly, `hang` never; anything else well from when on the container is well. */
function runNow(
  { id, status, startedAt, behaviour }: SimulatedContainer,
  command: readonly string[],
  { clock }: Inside,
): Promise<number> {
  if (status !== 'running') throw failure('engine', `Container ${id} is not running`);
  const { healthyAfterMs } = behaviour;
  const isWell = healthyAfterMs !== null && clock.now().wallMs - (startedAt ?? 0) >= healthyAfterMs;
  const [program, code] = command;
  return new Promise((resolve) => {
    if (program === 'hang') return;
    const exitCode = program === 'exit' ? Number(code) : program === 'bad' || !isWell ? 1 : 0;
    clock.after(EXEC_MS, () => resolve(exitCode));
  });
}
