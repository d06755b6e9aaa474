/**
 * A restart of the simulated daemon.
 * Owns: what becomes of calls, streams and containers in it. Must not know: who restarts it.
 */
import type { DaemonState, Inside } from './inside.js';
import { rest, start } from './life.js';
import { isAlive, type SimulatedContainer } from './truth.js';

/** How a daemon restarts. */
export interface DaemonRestart {
  /** Killed rather than told to stop: nothing is heard of the ends, and some containers are not brought back. */
  readonly lossy?: boolean;
  /** How long nobody answers. Default 3 s. */
  readonly downMs?: number;
}

const DOWN_MS = 3_000;
/** A daemon that is told to stop still tells what it does; the stream outlives the socket. */
const LAST_WORDS_MS = 50;
/** Docker's exit code where it did not see the end. */
const NOT_SEEN = 255;

/** All containers end; then those that their policies want, and that Docker did not lose, are started. */
export function restartDaemon(
  inside: Inside,
  daemon: DaemonState,
  { lossy = false, downMs = DOWN_MS }: DaemonRestart = {},
): void {
  const { clock, truth } = inside;
  daemon.isDown = true;
  daemon.downs += 1;
  const { downs } = daemon;
  const lost = lossy ? endUnseen(inside) : endWithWord(inside);
  leaveHalfRemoved(inside);
  truth.lastPorts.clear();
  if (lossy) inside.events.endAll();
  else clock.after(LAST_WORDS_MS, () => inside.events.endAll());
  clock.after(downMs, () => {
    if (daemon.downs !== downs) return;
    daemon.isDown = false;
    inside.events.clear();
    for (const container of truth.containers.values())
      if (!lost.has(container) && isWanted(container)) boot(container, inside);
  });
}

/** A removal that was under way is not taken up again: the container is dead, and can be removed. */
function leaveHalfRemoved({ truth }: Inside): void {
  for (const container of truth.containers.values())
    if (container.status === 'removing') container.status = 'dead';
}

/** Told to stop: each is killed and says so. Returns those that are lost, none. */
function endWithWord(inside: Inside): ReadonlySet<SimulatedContainer> {
  for (const container of inside.truth.containers.values()) {
    if (!isAlive(container)) continue;
    inside.emit({ type: 'container', action: 'kill', id: container.id });
    container.obstacle = null;
    rest(container, 137, inside);
  }
  return new Set();
}

/** Killed: nobody hears of the ends. Returns those that are left as they are. */
function endUnseen(inside: Inside): ReadonlySet<SimulatedContainer> {
  const lost = new Set<SimulatedContainer>();
  const unheard = { ...inside, emit: () => undefined };
  for (const container of inside.truth.containers.values()) {
    if (!isAlive(container)) continue;
    container.obstacle = null;
    rest(container, NOT_SEEN, unheard);
    if (inside.random() < 0.5) lost.add(container);
  }
  return lost;
}

function isWanted({ status, restartPolicy, isStopped, exitCode, finishedAt }: SimulatedContainer): boolean {
  if (status !== 'exited' || finishedAt === null) return false;
  switch (restartPolicy.name) {
    case 'always':
      return true;
    case 'unless-stopped':
      return !isStopped;
    case 'on-failure':
      return !isStopped && exitCode !== 0;
    case 'no':
      return false;
  }
}

/** What cannot be started stays as it is, with the reason. */
function boot(container: SimulatedContainer, inside: Inside): void {
  try {
    start(container, inside);
  } catch {
    // `start` has left the reason in the container, where Docker shows it.
  }
}
