/**
 * What must really have occurred in a run of many seeds: what never happens shows nothing.
 * Owns: the list. Must not know: how each is noticed.
 */
import { EVENT_TYPES } from '../../../src/model/event.js';
import { ACT_KINDS, NO_FAULTS } from './fault-rates.js';

/** Every class of fault, and every situation that the laws are about. */
const SITUATIONS: readonly string[] = [
  ...Object.keys(NO_FAULTS).filter((kind) => kind !== 'crashInCall'),
  'events lost by a slow reader',
  ...ACT_KINDS,
  'crash before a call',
  'crash sent a call',
  'crash after a call',
  'own create found after a lost reply',
  'relist found a change',
  'answer nameInUse',
  'answer removalInProgress',
  'mass-prune guard',
  'held',
];

/** Those that never occurred. Events of all types that a story without probes and pulls of its own can have count, too. */
export function missingSituations(counts: ReadonlyMap<string, number>): readonly string[] {
  const told = EVENT_TYPES.filter((type) => !NEVER_TOLD.has(type));
  return [...SITUATIONS, ...told].filter((name) => (counts.get(name) ?? 0) === 0);
}

/** Needs what no story does: a maintenance, a stop of the process, a bug of ours. */
const NEVER_TOLD: ReadonlySet<string> = new Set([
  'service_maintenance_started',
  'service_maintenance_ended',
  'orchestrator_stopped',
]);

/** So many seeds that whatever a story can have in it has been there: the rarest is in ten of them. */
export const ENOUGH_SEEDS = 5_000;
