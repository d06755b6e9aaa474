/**
 * How a call to the engine can fail, in our words.
 * Owns: the closed set of codes. Must not know: Docker's messages (the adapter reads those).
 */

/** What went wrong, as far as the decision must tell cases apart. */
export const FAILURE_CODES = [
  /** Socket missing, refused, reset: nothing is known about the engine. */
  'unreachable',
  /** No answer within the deadline, or a cut one: whether it was done is not known. */
  'unknownOutcome',
  /** Create or rename: the name is in use. */
  'nameInUse',
  'noSuchContainer',
  'noSuchImage',
  'noSuchNetwork',
  'noSuchVolume',
  /** The registry said no, or cannot be reached. */
  'pullFailed',
  /** 400: the daemon will not take this configuration. */
  'rejected',
  /** A host port is taken. */
  'portInUse',
  /** A network or parent container that it was connected to is gone. */
  'attachmentGone',
  /** Connect: the container is on that network already. */
  'attachedAlready',
  /** The address pools are used up or overlap. */
  'noAddressPool',
  /** Removal is already under way. */
  'removalInProgress',
  /** Still in use: a volume, a network with endpoints, a busy mount. */
  'inUse',
  /** The container would not end: no exit event came. */
  'stuck',
  /** Anything else that the daemon answered. */
  'engine',
] as const;

/** One of {@link FAILURE_CODES}. */
export type FailureCode = (typeof FAILURE_CODES)[number];

/** A failed call, as a value. */
export interface Failure {
  readonly code: FailureCode;
  /** The daemon's own sentence, without secrets. */
  readonly message: string;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
}
