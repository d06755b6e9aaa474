/**
 * The life of a simulated container: start, end, Docker's own restarts, pauses.
 * Owns: what happens by itself as time goes on. Must not know: calls, the controller.
 */
import type { Clock, EngineEvent } from '../../../src/controller/ports.js';
import { stopMonitor, watchHealth } from './monitoring.js';
import type { Binding } from './ports.js';
import { prepare } from './starting.js';
import { isAlive, NO_HEALTH, networkNamed, type SimulatedContainer, type Truth } from './truth.js';

/** What a life needs. */
export interface LifeContext {
  readonly truth: Truth;
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
}

/** Docker's exit code of a process that was killed, and of a start that failed. */
const KILLED = 137;
const NOT_STARTED = 128;
/** Docker's first pause before a restart, doubled each time up to a minute; a run of ten seconds begins anew. */
const RESTART_FIRST_MS = 100;
const RESTART_MAX_MS = 60_000;
const STEADY_RUN_MS = 10_000;

/** Begins a run. The caller has prepared it. */
export function begin(
  container: SimulatedContainer,
  context: LifeContext,
  bindings: readonly Binding[],
): void {
  const { clock, emit, truth } = context;
  const { monotonicMs, wallMs } = clock.now();
  const isFirst = container.startedAt === null;
  Object.assign(container, {
    status: 'running',
    startedAt: wallMs,
    error: '',
    exitCode: 0,
    oomKilled: false,
  });
  container.isStopped = false;
  container.bindings = bindings;
  container.run = {
    isFirst,
    sinceMs: monotonicMs,
    ranBeforeMs: 0,
    verdict: { status: 'starting', failingStreak: 0, checks: 0 },
    monitoredFromMs: 0,
  };
  joinNetworks(container, truth);
  emit({ type: 'container', action: 'start', id: container.id });
  goOn(container, context);
}

/** A start that somebody asked for: Docker counts its own restarts from 0 again. A failed one leaves its reason. */
export function start(container: SimulatedContainer, context: LifeContext): void {
  const preparation = prepare(container, context.truth);
  if (preparation.kind === 'refused') {
    // Ports come last: by then the networks are joined.
    if (preparation.error.failure.code === 'portInUse') joinNetworks(container, context.truth);
    refuse(container, preparation.error.message);
    throw preparation.error;
  }
  container.restartCount = 0;
  container.backoffMs = 0;
  begin(container, context, preparation.bindings);
}

function joinNetworks({ endpoints }: SimulatedContainer, truth: Truth): void {
  for (const endpoint of endpoints) endpoint.networkId = networkNamed(truth, endpoint.network)?.id ?? '';
}

function refuse(container: SimulatedContainer, message: string): void {
  container.error = message;
  if (container.exitCode === 0) container.exitCode = NOT_STARTED;
}

/** How long its process has run. */
export const ranMs = ({ run }: SimulatedContainer, { clock }: Pick<LifeContext, 'clock'>): number =>
  run === null ? 0 : run.ranBeforeMs + clock.now().monotonicMs - run.sinceMs;

/** The process has ended by itself: Docker's policy says what follows. */
export function end(container: SimulatedContainer, code: number, context: LifeContext): void {
  const wasSteady = ranMs(container, context) >= STEADY_RUN_MS;
  const { isStopped } = container;
  rest(container, code, context);
  if (isStopped) return;
  const pauseMs = wasSteady || container.backoffMs === 0 ? RESTART_FIRST_MS : container.backoffMs * 2;
  container.backoffMs = Math.min(RESTART_MAX_MS, pauseMs);
  if (!comesBack(container, code)) return;
  container.status = 'restarting';
  container.restartCount += 1;
  later(container, context, container.backoffMs, () => restart(container, context));
}

/** One that cannot be started any more ends where it ended last. */
function restart(container: SimulatedContainer, context: LifeContext): void {
  container.pending = [];
  const preparation = prepare(container, context.truth);
  if (preparation.kind === 'ready') {
    begin(container, context, preparation.bindings);
    return;
  }
  container.status = 'exited';
  refuse(container, preparation.error.message);
}

/** It ends and stays ended, whatever its policy: a stop, a kill. */
export function rest(container: SimulatedContainer, code: number, { clock, emit }: LifeContext): void {
  for (const undo of container.pending.splice(0)) undo();
  container.isEnding = false;
  container.strayPid = 0;
  container.run = null;
  Object.assign(container, {
    status: 'exited',
    exitCode: code,
    finishedAt: clock.now().wallMs,
    bindings: [],
    health: NO_HEALTH,
  });
  emit({ type: 'container', action: 'die', id: container.id });
}

/** Its next restart is given up: it ended when it last ended. */
function giveUpRestart(container: SimulatedContainer): void {
  for (const undo of container.pending.splice(0)) undo();
  container.status = 'exited';
}

/** Killed from outside: Docker does not bring it back. False: it does not run. */
export function kill(container: SimulatedContainer, context: LifeContext): boolean {
  if (!isAlive(container) || container.obstacle !== null) return false;
  container.isStopped = true;
  if (container.status === 'restarting') giveUpRestart(container);
  else {
    context.emit({ type: 'container', action: 'kill', id: container.id });
    rest(container, KILLED, context);
  }
  return true;
}

/** How long a process takes to die of a signal that it cannot hear. */
const DYING_MS = 3;

/** Killed as {@link kill} does it, in the time that it takes. Settles when it is dead; false: it does not run. */
export function killInTime(container: SimulatedContainer, context: LifeContext): Promise<boolean> {
  const { run } = container;
  if (run === null || container.obstacle !== null) return Promise.resolve(kill(container, context));
  container.isStopped = true;
  container.isEnding = true;
  context.emit({ type: 'container', action: 'kill', id: container.id });
  return new Promise((resolve) => {
    context.clock.after(DYING_MS, () => {
      if (container.run === run) rest(container, KILLED, context);
      resolve(true);
    });
  });
}

/**
 * Asked to end, killed when the grace is over; one that is paused goes on first. Settles when it is at rest.
 * It runs on until then, as Docker's containers do.
 */
export function stop(container: SimulatedContainer, graceMs: number, context: LifeContext): Promise<void> {
  if (!isAlive(container)) return Promise.resolve();
  const tell = (action: string): void => context.emit({ type: 'container', action, id: container.id });
  container.isStopped = true;
  if (container.status === 'restarting') {
    giveUpRestart(container);
    tell('stop');
    return Promise.resolve();
  }
  if (container.status === 'paused') resume(container, context);
  const { stopMs, stopCode = 0 } = container.behaviour;
  const listens = stopMs !== null && stopMs <= graceMs;
  const { run } = container;
  container.isEnding = true;
  tell('kill');
  return new Promise((resolve) => {
    context.clock.after(listens ? stopMs : graceMs + DYING_MS, () => {
      // Whoever ended it first has done our work, unless it was started again since.
      if (container.run === run && run !== null) {
        if (!listens) tell('kill');
        rest(container, listens ? stopCode : KILLED, context);
      }
      if (container.run === null) tell('stop');
      resolve();
    });
  });
}

/** Its process stands still: neither its end nor its checks come nearer. */
export function pause(container: SimulatedContainer, context: LifeContext): void {
  const { run } = container;
  if (run !== null) run.ranBeforeMs = ranMs(container, context);
  for (const undo of container.pending.splice(0)) undo();
  container.status = 'paused';
  stopMonitor(container, context);
  context.emit({ type: 'container', action: 'pause', id: container.id });
}

/** It goes on where it stood still. */
export function resume(container: SimulatedContainer, context: LifeContext): void {
  const { run } = container;
  container.status = 'running';
  if (run === null) return;
  run.sinceMs = context.clock.now().monotonicMs;
  context.emit({ type: 'container', action: 'unpause', id: container.id });
  goOn(container, context);
}

/** What is still to come in this run. */
function goOn(container: SimulatedContainer, context: LifeContext): void {
  const { exit } = container.behaviour;
  if (exit !== null)
    later(container, context, Math.max(0, exit.afterMs - ranMs(container, context)), () =>
      end(container, exit.code, context),
    );
  watchHealth(container, context);
}

function comesBack({ restartPolicy, restartCount }: SimulatedContainer, code: number): boolean {
  const { name, maximumRetryCount } = restartPolicy;
  if (name === 'no') return false;
  if (name !== 'on-failure') return true;
  return code !== 0 && (maximumRetryCount === 0 || restartCount < maximumRetryCount);
}

function later(
  container: SimulatedContainer,
  { clock }: LifeContext,
  delayMs: number,
  action: () => void,
): void {
  container.pending.push(clock.after(delayMs, action));
}
