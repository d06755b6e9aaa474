/**
 * The summary of a plan: how many services are made, changed, removed.
 * Owns: which word a service is counted under. Must not know: why a step is made.
 */
import type { DesiredState } from '../model/desired.js';
import type { ServiceName } from '../model/ids.js';
import type { ObservedContainer, ObservedState } from '../model/observed.js';
import type { Plan } from '../model/plan.js';
import type { Step } from '../model/step.js';

/** Counts services: each under the weightiest thing that happens to it, read from its steps and what was there before. */
export function summaryOf(
  steps: readonly Step[],
  { desired, observed }: { readonly desired: DesiredState; readonly observed: ObservedState },
): Plan['summary'] {
  const summary = { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 };
  const touched = new Map<ServiceName, Step[]>();
  for (const step of steps) {
    if (step.service === null || step.slot === null) continue;
    const own = touched.get(step.service);
    if (own === undefined) touched.set(step.service, [step]);
    else own.push(step);
  }
  for (const name of new Set([...desired.services.keys(), ...touched.keys()])) {
    const before = observed.services.get(name) ?? [];
    const isDeclared = desired.services.has(name);
    summary[kindOfChange(touched.get(name) ?? [], { before, isDeclared })] += 1;
  }
  return summary;
}

/** First match wins. */
function kindOfChange(
  steps: readonly Step[],
  { before, isDeclared }: { readonly before: readonly ObservedContainer[]; readonly isDeclared: boolean },
): keyof Plan['summary'] {
  if (steps.length === 0) return 'unchanged';
  if (!isDeclared) return 'remove';
  const has = (...kinds: readonly Step['kind'][]): boolean => steps.some(({ kind }) => kinds.includes(kind));
  const taken = new Set(before.map(({ owned }) => owned.slot));
  // A slot is filled anew once it is free: what stood there makes room for its successor.
  if (steps.some(({ kind, slot }) => kind === 'createContainer' && slot !== null && taken.has(slot)))
    return 'replace';
  // What was made and has never run is half of a creation.
  const hasRun = before.some(({ startedAt }) => startedAt !== null);
  if (!hasRun && has('createContainer', 'startContainer')) return 'create';
  if (has('createContainer')) return 'update';
  return has('startContainer', 'restartContainer', 'unpauseContainer') ? 'restart' : 'update';
}
