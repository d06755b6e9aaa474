/**
 * Plans and steps as people and programs read them.
 * Owns: the lines of the contract and `plan -o json`. Must not know: how a plan is made.
 */
import type { Plan, PlannedStep } from '../model/plan.js';
import { printable, printableJson } from '../model/printable.js';
import { oneLine, type Paint } from './paint.js';

/** `<verb> <object>  <cause>` */
export function renderStep({ verb, object, cause }: PlannedStep, paint: Paint): string {
  return `${paint.strong(verb)} ${printable(object)}  ${paint.faint(oneLine(cause))}`;
}

/** The steps in order, what waits and why, and one line that counts services. */
export function renderPlan(plan: Plan, paint: Paint): readonly string[] {
  return [
    ...plan.steps.map((step) => renderStep(step, paint)),
    ...plan.waiting.map(
      ({ service, reason, message }) =>
        `${paint.busy('wait')} service ${printable(service)}  ${reason}: ${oneLine(message)}`,
    ),
    renderSummary(plan),
  ];
}

/** The stable shape of `plan -o json`: exactly these fields. */
export function renderPlanJson({ steps, waiting, summary }: Plan): string {
  const { create, update, replace, remove, restart, unchanged } = summary;
  return `${printableJson({
    steps: steps.map(({ verb, object, service, slot, cause }) => ({ verb, object, service, slot, cause })),
    waiting: waiting.map(({ service, reason, message }) => ({ service, reason, message })),
    summary: { create, update, replace, remove, restart, unchanged },
  })}\n`;
}

const CHANGES = ['create', 'update', 'replace', 'remove', 'restart'] as const;

function renderSummary({ steps, waiting, summary }: Plan): string {
  const changes = CHANGES.filter((kind) => summary[kind] > 0).map((kind) => `${summary[kind]} to ${kind}`);
  const unchanged = `${summary.unchanged} unchanged`;
  if (steps.length === 0) {
    const services = `${countOf(summary.unchanged, 'service')} unchanged`;
    if (waiting.length === 0) return `Nothing to do: ${services}.`;
    return `Nothing to do now: ${services}; ${waiting.length} ${waiting.length === 1 ? 'waits' : 'wait'}, see above.`;
  }
  return `${countOf(steps.length, 'step')}; services: ${[...changes, unchanged].join(', ')}.`;
}

/** `1 service`, `2 services`. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
