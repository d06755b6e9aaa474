/**
 * What a slot's rollout is decided from, and when its new replica has failed.
 * Owns: the facts, and the judgement. Must not know: what is done about either.
 */
import type { DesiredService } from '../model/desired.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';
import { endOf } from './container-facts.js';
import type { Block } from './move.js';
import { isReady, readyDeadlineMs, upForMs } from './readiness.js';

/** The facts around a slot that its rollout depends on. */
export interface RolloutContext {
  readonly service: DesiredService;
  readonly order: 'start-first' | 'stop-first';
  /** Asks for leave to take this slot's replica away: enough others are ready, or it is not ready anyway. */
  readonly takeFromBudget: () => boolean;
  /** Why the rollout may not begin here (image, network, dependency not there yet); null: it may. */
  readonly beginBlockedBy: Block | null;
  /** Every slot has a proven replica of the wanted spec. */
  readonly allProven: boolean;
  /** Some slot holds the evidence that the wanted spec failed. */
  readonly held: boolean;
  /** Why starting must wait (a dependency, a back-off); null: it may. */
  readonly startBlockedBy: Block | null;
  /** This process has already started that container once more. */
  readonly wasTriedAgain: (container: ObservedContainer) => boolean;
  readonly now: Now;
}

/** Why a new container counts as failed; null while it may still become ready. */
export function failureOf(
  fresh: ObservedContainer,
  context: Pick<RolloutContext, 'now' | 'wasTriedAgain'>,
): string | null {
  if (fresh.status === 'restarting' || fresh.restartCount > 0) return `it keeps exiting (${endOf(fresh)})`;
  if (fresh.status === 'dead') return 'it is dead';
  if (fresh.status === 'exited' && (fresh.exitCode === 126 || fresh.exitCode === 127)) return endOf(fresh);
  const hasEnded = fresh.status === 'exited' || (fresh.status === 'created' && fresh.error !== '');
  if (hasEnded && context.wasTriedAgain(fresh)) return fresh.error !== '' ? fresh.error : endOf(fresh);
  const isLate =
    fresh.status === 'running' && !isReady(fresh) && upForMs(fresh, context.now) > readyDeadlineMs(fresh);
  return isLate ? `not ready after ${Math.round(readyDeadlineMs(fresh) / 1000)} s` : null;
}
