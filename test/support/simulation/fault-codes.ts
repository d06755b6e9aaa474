/**
 * What an engine may answer to each call although nothing is wrong with what was asked.
 * Owns: the list, and the HTTP status that Docker gives with each. Must not know: when it is answered.
 */
import type { Engine } from '../../../src/controller/ports.js';
import { EngineError } from '../../../src/controller/ports.js';
import type { FailureCode } from '../../../src/model/failure.js';

/** The calls that change nothing. */
export const READS: ReadonlySet<string> = new Set<keyof Engine>([
  'connect',
  'subscribe',
  'list',
  'inspectContainer',
  'inspectNetwork',
  'inspectVolume',
  'inspectImage',
]);

/** Of each call, every code with which Docker may refuse it. */
export const REFUSALS: Readonly<Record<keyof Engine, readonly FailureCode[]>> = {
  connect: ['unreachable', 'engine'],
  subscribe: ['unreachable', 'engine'],
  list: ['unreachable', 'engine'],
  inspectContainer: ['engine'],
  inspectNetwork: ['engine'],
  inspectVolume: ['engine'],
  inspectImage: ['engine'],
  pullImage: ['pullFailed', 'engine'],
  createNetwork: ['noAddressPool', 'nameInUse', 'engine'],
  removeNetwork: ['inUse', 'engine'],
  createVolume: ['rejected', 'engine'],
  removeVolume: ['inUse', 'engine'],
  createContainer: ['nameInUse', 'noSuchImage', 'noSuchNetwork', 'rejected', 'engine'],
  startContainer: ['portInUse', 'attachmentGone', 'inUse', 'engine'],
  stopContainer: ['stuck', 'engine'],
  restartContainer: ['stuck', 'attachmentGone', 'engine'],
  unpauseContainer: ['engine'],
  removeContainer: ['removalInProgress', 'inUse', 'engine'],
  renameContainer: ['nameInUse', 'engine'],
  updateContainer: ['rejected', 'engine'],
  connectNetwork: ['noSuchNetwork', 'attachedAlready', 'engine'],
  disconnectNetwork: ['noSuchNetwork', 'engine'],
  exec: ['noSuchContainer', 'engine'],
};

const STATUSES: Readonly<Partial<Record<FailureCode, number | null>>> = {
  unreachable: null,
  unknownOutcome: null,
  nameInUse: 409,
  removalInProgress: 409,
  noSuchContainer: 404,
  noSuchImage: 404,
  noSuchNetwork: 404,
  noSuchVolume: 404,
  rejected: 400,
  attachedAlready: 403,
};

/** A call's failure by that code, as if Docker had answered it. */
export const spoiltWith = (code: FailureCode): EngineError => {
  const status = code in STATUSES ? (STATUSES[code] ?? null) : 500;
  return new EngineError({ code, message: `spoilt: ${code}`, status });
};
