/**
 * When a new replica of a rollout has failed.
 * Owns: the judgement. Must not know: what is done about it.
 */
import type { DesiredService } from '../model/desired.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';
import { endOf, hasEnded } from './container-facts.js';
import type { ServiceMemory } from './memory.js';
import { isReady, readyDeadlineMs, waitedForMs } from './readiness.js';

/** What it is judged by beside itself. */
export interface FailureFacts {
  readonly service: DesiredService;
  /** What this process knows of new replicas: those it has started once more, and those it stopped as failed, and why. */
  readonly memory: Pick<ServiceMemory, 'startedAgain' | 'verdicts' | 'runs'>;
  readonly now: Now;
}

/** Why a new container counts as failed; null while it may still become ready. */
export function failureOf(fresh: ObservedContainer, context: FailureFacts): string | null {
  if (fresh.status === 'restarting' || fresh.restartCount > 0) return `it keeps exiting (${endOf(fresh)})`;
  if (fresh.status === 'dead') return 'it is dead';
  if (fresh.status === 'exited' && (fresh.exitCode === 126 || fresh.exitCode === 127)) return endOf(fresh);
  const { startedAgain, verdicts } = context.memory;
  const verdict = verdicts.get(fresh.id);
  if (hasEnded(fresh) && verdict !== undefined) return verdict;
  if (hasEnded(fresh) && startedAgain.has(fresh.id)) return fresh.error !== '' ? fresh.error : endOf(fresh);
  const deadlineMs = readyDeadlineMs(fresh, context.service);
  // What could not be looked at says nothing.
  if (fresh.isSilent || fresh.probed?.unreachable != null) return null;
  const isLate = fresh.status === 'running' && !isReady(fresh) && waitedForMs(fresh, context) > deadlineMs;
  return isLate ? `not ready after ${Math.round(deadlineMs / 1000)} s` : null;
}
