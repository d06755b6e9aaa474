/**
 * Failures of the simulated engine's calls.
 * Owns: the HTTP status that goes with each. Must not know: what any call does.
 */
import { EngineError } from '../../../src/controller/ports.js';
import type { FailureCode } from '../../../src/model/failure.js';

/** What Docker answers with, unless the case has a status of its own. */
const STATUS: Readonly<Record<FailureCode, number | null>> = {
  unreachable: null,
  unknownOutcome: null,
  nameInUse: 409,
  noSuchContainer: 404,
  noSuchImage: 404,
  noSuchNetwork: 404,
  noSuchVolume: 404,
  pullFailed: 404,
  rejected: 400,
  portInUse: 500,
  attachmentGone: 404,
  attachedAlready: 403,
  noAddressPool: 404,
  removalInProgress: 409,
  inUse: 409,
  stuck: 500,
  engine: 500,
};

/** What a call fails with. */
export const failure = (code: FailureCode, message: string, status = STATUS[code]): EngineError =>
  new EngineError({ code, message, status });
