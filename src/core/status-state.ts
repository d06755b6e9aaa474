/**
 * The state word of a service.
 * Owns: how it follows from the words of its replicas, and from what is under way where none stands. Must not know: the
 * other axes, steps to come.
 */
import type { StepKey } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import type { State } from '../model/status.js';
import { STATES } from '../model/status.js';
import { keys, type Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import type { Findings, Judgement } from './status-findings.js';

/** The first of the list that any replica has; what has failed says so, whatever its replicas look like. */
export function stateOf(states: readonly State[], { health }: Pick<Judgement, 'health'>): State {
  const worst = STATES.find((state) => states.includes(state)) ?? 'stopped';
  return health === 'Degraded' && (worst === 'stopped' || worst === 'starting') ? 'failed' : worst;
}

/** The same of a declared service: one that has no replica up is starting while a step of ours brings one up. */
export function stateOfDeclared(
  states: readonly State[],
  judgement: Judgement,
  { findings, context }: { readonly findings: Findings; readonly context: DecisionContext },
): State {
  if (findings.service.maintenance) return 'maintenance';
  const state = stateOf(states, judgement);
  const isComing = judgement.health === 'Progressing' && isBroughtUp(findings, context);
  return state === 'stopped' && isComing ? 'starting' : state;
}

/** What waits, for a dependency or for a back-off to end, has no step: that is stopped. */
function isBroughtUp(findings: Findings, { inFlight }: DecisionContext): boolean {
  const { service, scaling, due, waiting, supplying } = findings;
  if (supplying && waiting.length === 0) return true;
  const slots = [...scaling.kept.map(({ slot }) => slot), ...scaling.added];
  const underWay = slots.flatMap((slot) => stepOn(keys.replica(service.name, slot), due, inFlight) ?? []);
  return underWay.some((step) => !takesAway(step));
}

/** The step that is under way, or begins now; at most one at a time. */
export const stepOn = (
  key: StepKey,
  due: readonly Step[],
  inFlight: ReadonlyMap<StepKey, Step>,
): Step | null => inFlight.get(key) ?? due.find((step) => step.key === key) ?? null;

/** A replica that goes is told as stopping; what is only kept aside makes room for a new one. */
const takesAway = (step: Step): boolean =>
  (step.kind === 'stopContainer' || step.kind === 'removeContainer') && roleOfName(step.name) === 'plain';
