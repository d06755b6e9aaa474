/**
 * What each failure of the engine means for the service, and when to try again.
 * Owns: the table. Must not know: HTTP or Docker's messages.
 */
import type { Failure, FailureCode } from '../model/failure.js';
import type { Reason } from '../model/status.js';
import type { StepKind } from '../model/step.js';

interface Treatment {
  /** First delay; doubled with each failure. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Looked at again soon: the world is about to change, or nothing is known. */
const SOON: Treatment = { firstMs: 500, maxMs: 30_000 };
/** kubelet's image and crash back-off: 10 s·2ⁿ to 300 s. */
const PATIENT: Treatment = { firstMs: 10_000, maxMs: 300_000 };

const TREATMENTS: Readonly<Record<FailureCode, Treatment>> = {
  unreachable: SOON,
  unknownOutcome: SOON,
  nameInUse: PATIENT,
  noSuchContainer: SOON,
  noSuchImage: SOON,
  noSuchNetwork: SOON,
  noSuchVolume: PATIENT,
  pullFailed: PATIENT,
  rejected: PATIENT,
  portInUse: PATIENT,
  attachmentGone: SOON,
  attachedAlready: SOON,
  noAddressPool: PATIENT,
  removalInProgress: SOON,
  inUse: PATIENT,
  stuck: PATIENT,
  engine: PATIENT,
};

/** How long to wait after the nth failure in a row (from 1). */
export function retryDelayMs(code: FailureCode, failures: number): number {
  const { firstMs, maxMs } = TREATMENTS[code];
  return Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 16));
}

/** Failures in a row from which even one that mends itself as a rule is surfaced. */
const SURFACE_AFTER = 3;

/** Nothing to worry about yet: the engine was away, or gave no answer, or the next look will show what to do. */
export function isPassing({
  kind,
  failure: { code },
  failures,
}: {
  readonly kind: StepKind;
  readonly failure: Failure;
  readonly failures: number;
}): boolean {
  // The progress of a pull is waited for so long that its silence is news.
  if (kind === 'pullImage' && code !== 'unreachable') return false;
  return TREATMENTS[code] === SOON && failures < SURFACE_AFTER;
}

/** The reason that a failed step gives its service. */
export function reasonOf(kind: StepKind, failure: Failure): Reason {
  if (kind === 'pullImage' || failure.code === 'pullFailed') return 'ImagePullFailed';
  if (kind === 'createNetwork' || failure.code === 'noAddressPool') return 'NetworkFailed';
  if (failure.code === 'nameInUse') return 'NameConflict';
  if (failure.code === 'portInUse') return 'PortConflict';
  return 'StartFailed';
}
