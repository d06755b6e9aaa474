/**
 * The life of a simulated container: start, health, end, Docker's own restarts.
 * Owns: what happens by itself as time goes on. Must not know: calls, the controller.
 */
import type { Clock, EngineEvent } from '../../../src/controller/ports.js';
import type { ContainerSpec } from '../../../src/model/desired.js';
import type { CheckTimes } from '../../../src/model/observed.js';
import {
  isAlive,
  NO_HEALTH,
  networkNamed,
  portsInUse,
  type SimulatedContainer,
  type Truth,
} from './truth.js';

/** What a life needs. */
export interface LifeContext {
  readonly truth: Truth;
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
}

/** Docker's exit code of a process that was killed. */
const KILLED = 137;
/** Docker's first pause before a restart, doubled each time up to a minute. */
const RESTART_FIRST_MS = 100;
const RESTART_MAX_MS = 60_000;
const FIRST_FREE_PORT = 32_768;

/** Begins a run. The caller has checked that it can. */
export function begin(container: SimulatedContainer, context: LifeContext): void {
  const { clock, emit, truth } = context;
  const isFirstRun = container.startedAt === null;
  const startedAt = Math.max(clock.now().wallMs, (container.startedAt ?? 0) + 1);
  Object.assign(container, { status: 'running', startedAt, error: '', exitCode: 0, oomKilled: false });
  container.isStopped = false;
  container.ports = portsFor(container, truth);
  container.health = container.check === null ? NO_HEALTH : { ...NO_HEALTH, status: 'starting' };
  for (const endpoint of container.endpoints)
    endpoint.networkId = networkNamed(truth, endpoint.network)?.id ?? '';
  emit({ type: 'container', action: 'start', id: container.id });
  const { exit } = container.behaviour;
  if (exit !== null) later(container, context, exit.afterMs, () => end(container, exit.code, context));
  if (container.check === null) return;
  followHealth(container, container.check, context);
  const { sickAfterMs } = container.behaviour;
  if (!isFirstRun || sickAfterMs === undefined) return;
  const { retries } = container.check;
  later(container, context, sickAfterMs, () =>
    say(container, context, { status: 'unhealthy', failingStreak: retries }),
  );
}

/** The process has ended by itself: Docker's policy says what follows. */
export function end(container: SimulatedContainer, code: number, context: LifeContext): void {
  rest(container, code, context);
  if (!comesBack(container, code)) return;
  container.status = 'restarting';
  const pauseMs = Math.min(RESTART_MAX_MS, RESTART_FIRST_MS * 2 ** container.restartCount);
  later(container, context, pauseMs, () => {
    container.restartCount += 1;
    container.pending = [];
    begin(container, context);
  });
}

/** It ends and stays ended, whatever its policy: a stop, a kill. */
export function rest(container: SimulatedContainer, code: number, { clock, emit }: LifeContext): void {
  for (const undo of container.pending.splice(0)) undo();
  const finishedAt = Math.max(clock.now().wallMs, container.startedAt ?? 0);
  container.isEnding = false;
  container.strayPid = 0;
  Object.assign(container, { status: 'exited', exitCode: code, finishedAt, ports: {}, health: NO_HEALTH });
  emit({ type: 'container', action: 'die', id: container.id });
}

/** Killed from outside: Docker does not bring it back. */
export function kill(container: SimulatedContainer, context: LifeContext): void {
  context.emit({ type: 'container', action: 'kill', id: container.id });
  if (!isAlive(container) || container.obstacle !== null) return;
  container.isStopped = true;
  rest(container, KILLED, context);
}

/**
 * Asked to end, killed when the grace is over. Settles when it is at rest.
 * It runs on until then, as Docker's containers do.
 */
export function stop(container: SimulatedContainer, graceMs: number, context: LifeContext): Promise<void> {
  if (!isAlive(container)) return Promise.resolve();
  container.isStopped = true;
  if (container.status !== 'running') {
    rest(container, KILLED, context);
    return Promise.resolve();
  }
  const { stopMs } = container.behaviour;
  const listens = stopMs !== null && stopMs <= graceMs;
  const { startedAt } = container;
  container.isEnding = true;
  context.emit({ type: 'container', action: 'kill', id: container.id });
  return new Promise((resolve) => {
    context.clock.after(listens ? stopMs : graceMs, () => {
      // Whoever stopped it first has done our work, unless it was started again since.
      if (isAlive(container) && container.startedAt === startedAt) {
        rest(container, listens ? 0 : KILLED, context);
        context.emit({ type: 'container', action: 'stop', id: container.id });
      }
      resolve();
    });
  });
}

/** Whether its host ports are free; the one that is not. */
export function takenPort({ spec }: Pick<SimulatedContainer, 'spec'>, truth: Truth): number | null {
  const used = portsInUse(truth);
  for (const { hostPorts } of spec.ports) {
    if (hostPorts === null) continue;
    const isFree = rangeOf(hostPorts).some((port) => !used.has(port));
    if (!isFree) return hostPorts.first;
  }
  return null;
}

function portsFor({ spec }: SimulatedContainer, truth: Truth): Readonly<Record<string, number>> {
  const used = new Set(portsInUse(truth));
  const ports: Record<string, number> = {};
  for (const { containerPort, protocol, hostPorts } of spec.ports) {
    const candidates = hostPorts === null ? freePorts(used) : rangeOf(hostPorts);
    const port = candidates.find((candidate) => !used.has(candidate)) ?? 0;
    used.add(port);
    ports[`${containerPort}/${protocol}`] = port;
  }
  return ports;
}

const rangeOf = ({ first, last }: { readonly first: number; readonly last: number }): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

const freePorts = (used: ReadonlySet<number>): readonly number[] =>
  Array.from({ length: used.size + 1 }, (_, index) => FIRST_FREE_PORT + index);

/** The times of the effective check: the declared ones, else the image's, Docker's defaults filled in. */
export function checkOf(spec: ContainerSpec, imageHasCheck: boolean): CheckTimes | null {
  const { healthcheck } = spec;
  if (healthcheck?.kind === 'disabled') return null;
  if ((healthcheck === null || healthcheck.test === null) && !imageHasCheck) return null;
  return {
    intervalMs: healthcheck?.intervalMs ?? 30_000,
    timeoutMs: healthcheck?.timeoutMs ?? 30_000,
    retries: healthcheck?.retries ?? 3,
    startPeriodMs: healthcheck?.startPeriodMs ?? 0,
    startIntervalMs: healthcheck?.startIntervalMs ?? 5_000,
  };
}

/** Only the changes of the word are simulated, not each check between. */
function followHealth(container: SimulatedContainer, check: CheckTimes, context: LifeContext): void {
  const { healthyAfterMs } = container.behaviour;
  const sickMs = check.startPeriodMs + check.retries * check.intervalMs;
  const wellMs =
    healthyAfterMs === null
      ? null
      : Math.max(1, Math.ceil(healthyAfterMs / check.intervalMs)) * check.intervalMs;
  if (wellMs === null || wellMs > sickMs)
    later(container, context, sickMs, () =>
      say(container, context, { status: 'unhealthy', failingStreak: check.retries }),
    );
  if (wellMs !== null)
    later(container, context, wellMs, () => say(container, context, { status: 'healthy', failingStreak: 0 }));
}

/** Docker's word on its health from now on. */
function say(
  container: SimulatedContainer,
  { emit }: LifeContext,
  word: { readonly status: 'healthy' | 'unhealthy'; readonly failingStreak: number },
): void {
  container.health = { ...word, lastOutput: '' };
  emit({ type: 'container', action: 'health_status', id: container.id });
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
