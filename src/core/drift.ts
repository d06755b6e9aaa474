/**
 * Drift: what somebody else changed on Docker, in words.
 * Owns: which difference is drift and which is our own unfinished work. Must not know: how it is mended.
 */
import type { DesiredService } from '../model/desired.js';
import type { ContainerId, StepKey } from '../model/ids.js';
import { replicaLabel, roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import { inPlaceKey } from './container-facts.js';
import { endKey, type ServiceMemory } from './memory.js';
import type { SlotMove } from './replicas.js';
import { isWanted, type Wanted } from './wanted.js';

/** What the search for drift looks at. */
export interface DriftContext {
  readonly service: DesiredService;
  readonly wanted: Wanted;
  readonly containers: readonly ObservedContainer[];
  readonly moves: readonly SlotMove[];
  readonly memory: ServiceMemory;
  readonly inFlight: ReadonlyMap<StepKey, Step>;
}

/** One phrase per object that drifted, such as `container stt-1 was removed`. */
export function driftOf(context: DriftContext): readonly string[] {
  if (context.service.maintenance) return [];
  return [...vanished(context), ...changed(context)];
}

/** Told of, and gone without our doing. */
function vanished({ service, containers, memory, inFlight }: DriftContext): readonly string[] {
  const present = new Set(containers.map(({ id }) => id));
  // A removal of ours can be seen before its reply has come.
  const isGoing = ([id, { facts }]: readonly [ContainerId, { facts: { slot: number } }]): boolean => {
    const step = inFlight.get(keys.replica(service.name, facts.slot));
    return step?.kind === 'removeContainer' && step.id === id;
  };
  return [...(memory.told?.instances ?? [])]
    .filter(([id]) => !present.has(id) && !memory.removedByUs.has(id))
    .filter((entry) => !isGoing(entry))
    .map(([, { facts }]) => `container ${replicaLabel(service.name, facts.slot)} was removed`);
}

function changed({ service, wanted, moves, memory }: DriftContext): readonly string[] {
  return moves.flatMap(({ slot, move }) => {
    if (!('target' in move) || !isWanted(move.target, wanted)) return [];
    const what = `container ${replicaLabel(service.name, slot)}`;
    const { target } = move;
    if (move.do === 'unpause') return [`${what} was paused`];
    if (move.do === 'connect') {
      const { network } = move.attachment;
      const isOurs = !isLive(target) || memory.takenOff.has(endKey(target.id, network));
      return isOurs ? [] : [`${what} was taken off ${network}`];
    }
    if (move.do === 'disconnect' && move.because === 'wrong')
      return [`${what} had other ends than declared in ${move.network}`];
    if (move.do === 'update' && wasAsDeclared(memory, service))
      return [`${what} was given another restart policy or other limits`];
    if (move.do === 'rename' && wasNamedSo(move, slot, memory)) return [`${what} was renamed`];
    const hasEnded = target.status === 'exited' && target.startedAt !== null;
    const isExcused = memory.stoppedByUs.has(target.id) || memory.exits.get(target.id)?.wasFound === true;
    if (move.do !== 'start' || !hasEnded || isExcused) return [];
    return [`${what} had stopped`];
  });
}

/** All was as declared at the last look, and the declaration is the same: somebody else has changed the container. */
const wasAsDeclared = ({ told, status }: ServiceMemory, { container }: DesiredService): boolean =>
  status?.sync === 'Synced' && told?.settled?.inPlace === inPlaceKey(container);

/**
 * It had the very name that it is to get when all was last as declared. What we rename ourselves had another one then: kept
 * aside, a failure, or named by a declaration that has changed since.
 */
const wasNamedSo = (
  { target, to }: { readonly target: ObservedContainer; readonly to: string },
  slot: number,
  { told, status }: ServiceMemory,
): boolean =>
  roleOfName(target.name) === 'plain' && status?.sync === 'Synced' && told?.settled?.names.get(slot) === to;
