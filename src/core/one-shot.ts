/**
 * Services that run to an end: what their end means.
 * Owns: when a run is a result, and when it was cut off. Must not know: what follows from it.
 */
import { type DesiredService, isOneShot } from '../model/desired.js';
import type { ObservedContainer } from '../model/observed.js';
import type { ServiceMemory } from './memory.js';

/** A one-shot that was cut off is run again this many times. */
export const MAX_INTERRUPTIONS = 3;
/** Docker's exit code for an end that it did not see. */
export const UNSEEN_EXIT_CODE = 255;

/** Of a program that was ended by SIGKILL, or by SIGTERM: 128 and the signal's number. */
const SIGNALLED: ReadonlySet<number> = new Set([137, 143]);

/** How a one-shot ended for good; null while it has not. */
export type Verdict = 'completed' | 'failed' | null;

/** The result of a one-shot's container. An end by a signal from outside, or one that Docker did not see, is none until it was cut off too often. */
export function verdictOf(
  container: ObservedContainer,
  service: DesiredService,
  memory: Pick<ServiceMemory, 'interruptions' | 'killed' | 'exits'>,
): Verdict {
  if (!isOneShot(service) || container.status !== 'exited' || container.startedAt === null) return null;
  const { exitCode, restartCount } = container;
  const interruptions = memory.interruptions.get(container.id) ?? 0;
  if (wasCutOff(container, memory) && interruptions < MAX_INTERRUPTIONS) return null;
  if (exitCode === 0) return 'completed';
  const { name, maximumRetryCount } = service.container.restart;
  if (name === 'no' || wasCutOff(container, memory)) return 'failed';
  return maximumRetryCount > 0 && restartCount >= maximumRetryCount ? 'failed' : null;
}

/**
 * It did not come to its end by itself. What ended by a signal while nobody watched, as when the machine goes down, was
 * most likely not meant to: who found it so has heard of no signal.
 */
export const wasCutOff = (
  { id, exitCode, oomKilled }: ObservedContainer,
  { killed, exits }: Pick<ServiceMemory, 'killed' | 'exits'>,
): boolean =>
  exitCode === UNSEEN_EXIT_CODE ||
  killed.has(id) ||
  (SIGNALLED.has(exitCode) && !oomKilled && exits.get(id)?.wasFound === true);
