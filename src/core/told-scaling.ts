/**
 * The events of having scaled.
 * Owns: how they follow from two fixed points. Must not know: when a fixed point is reached.
 */
import type { EventDraft } from '../model/event.js';
import { compareText } from '../model/problem.js';
import type { Report, Told } from './told-state.js';

/** One event when the declared number of replicas has been reached, with the names of those that came or went. */
export function scaleEvents(before: Told, next: Told, { status, cause }: Report): readonly EventDraft[] {
  if (next.settled === null || before.settled === null) return [];
  const change = next.settled.replicas - before.settled.replicas;
  if (change === 0) return [];
  const [known, now] = [before.settled.names, next.settled.names];
  // By slot: in the same step the others may have got another spec, or another name.
  const only = (some: ReadonlyMap<number, string>, others: ReadonlyMap<number, string>): readonly string[] =>
    [...some]
      .filter(([slot]) => !others.has(slot))
      .map(([, name]) => name)
      .sort(compareText);
  const service_name = status.service;
  const new_total = next.settled.replicas;
  if (change > 0) {
    const instance_ids = only(now, known);
    return [
      {
        type: 'service_scaled_up',
        facts: { service_name, added_instances: change, instance_ids, new_total },
        cause,
      },
    ];
  }
  const instance_ids = only(known, now);
  return [
    {
      type: 'service_scaled_down',
      facts: { service_name, removed_instances: -change, instance_ids, new_total },
      cause,
    },
  ];
}
