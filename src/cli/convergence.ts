/**
 * "Is it done?": what `apply` waits for, and when waiting is in vain.
 * Owns: when everything counts as converged or stuck, and what counts as progress. Must not know: screens, controllers.
 */
import type { StepProgress } from '../controller/ports.js';
import type { Now } from '../model/now.js';
import { type InstanceStatus, isSettled, type Reason, type ServiceStatus } from '../model/status.js';

/** How long a replica without any check must be up without a restart. */
const UNCHECKED_UP_MS = 1_000;

/** What is judged. */
export interface Situation {
  readonly statuses: readonly ServiceStatus[];
  /** Nothing is under way or due: only retries and the outside can change what is so now. */
  readonly isAtRest: boolean;
  readonly now: Now;
}

/** `stuck`: what is not settled will not be without a change from outside. */
export type Verdict = 'converged' | 'waiting' | 'stuck';

/** Judges one situation after the other. */
export interface Convergence {
  judge(situation: Situation): Verdict;
  /** A step went on; repetitions of the same step are no progress. */
  onStep(progress: StepProgress, now: Now): void;
  /** Anything else that went on. */
  onProgress(now: Now): void;
  /** Milliseconds since the last progress. */
  idleMs(now: Now): number;
}

/** Begins to wait. */
export function createConvergence(start: Now): Convergence {
  const seenUp = new Map<string, number>();
  const seenSteps = new Set<string>();
  let mostSettled = 0;
  let progressAtMs = start.monotonicMs;

  const isUp = (instance: InstanceStatus, now: Now): boolean => {
    if (instance.state !== 'running' || instance.health_status !== 'unknown') return true;
    const key = `${instance.container_id} ${instance.start_time} ${instance.restart_count}`;
    const sinceMs = seenUp.get(key) ?? now.monotonicMs;
    seenUp.set(key, sinceMs);
    // Docker's clock may be another machine's; ours alone would cost a second where nothing has to be done.
    const byDocker = instance.start_time === null ? 0 : now.wallMs - Date.parse(instance.start_time);
    return Math.max(byDocker, now.monotonicMs - sinceMs) >= UNCHECKED_UP_MS;
  };

  return {
    judge({ statuses, isAtRest, now }) {
      const settled = statuses.filter(isSettled);
      if (settled.length > mostSettled) {
        mostSettled = settled.length;
        progressAtMs = now.monotonicMs;
      }
      const areUp = settled.flatMap(({ instances }) => instances).map((instance) => isUp(instance, now));
      if (!isAtRest) return 'waiting';
      if (settled.length === statuses.length) return areUp.every((up) => up) ? 'converged' : 'waiting';
      return stuckServices(statuses).size + settled.length === statuses.length ? 'stuck' : 'waiting';
    },
    onStep({ step, phase, detail }, now) {
      if (phase === 'failed') return;
      const key = `${step.verb} ${step.object} ${phase} ${step.cause} ${detail}`;
      if (!seenSteps.has(key)) progressAtMs = now.monotonicMs;
      seenSteps.add(key);
    },
    onProgress: (now) => {
      progressAtMs = now.monotonicMs;
    },
    idleMs: (now) => now.monotonicMs - progressAtMs,
  };
}

/** Reasons that only a change of a manifest, or a hand, can end. The others are tried again. */
const FINAL_REASONS: ReadonlySet<Reason> = new Set<Reason>([
  'DependencyNotFound',
  'DependencyCycle',
  'NoHealthcheck',
  'PolicyDenied',
  'RolledBack',
  'InvalidManifest',
  'DuplicateName',
  'PruneBlocked',
  'UnsupportedField',
  'SelfManaged',
  'Maintenance',
  'Stopped',
]);

/** Services that are not settled and will not be by waiting: for good reason, or because they wait for such a one. */
export function stuckServices(statuses: readonly ServiceStatus[]): ReadonlySet<string> {
  const byName = new Map(statuses.map((status) => [status.service, status]));
  const stuck = new Set<string>();
  const isInVain = (name: string): boolean => {
    const status = byName.get(name);
    // One that is settled, and is waited for all the same, has ended or has 0 replicas.
    return status === undefined || stuck.has(name) || isSettled(status);
  };
  for (let before = -1; before !== stuck.size; ) {
    before = stuck.size;
    for (const status of statuses) {
      if (isSettled(status)) continue;
      const waitsInVain = status.reason === 'DependencyNotReady' && status.waiting_for.some(isInVain);
      if (isFinal(status) || waitsInVain) stuck.add(status.service);
    }
  }
  return stuck;
}

/** A one-shot that ended with an error has an exit code and no next try. */
function isFinal({ reason, instances }: ServiceStatus): boolean {
  if (reason === 'StartFailed')
    return instances.some(({ state, exit_code: exitCode }) => state === 'failed' && exitCode !== null);
  return reason !== null && FINAL_REASONS.has(reason);
}
