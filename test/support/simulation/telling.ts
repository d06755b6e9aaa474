/**
 * What is told of a story must make sense by itself.
 * Owns: which events may follow which. Must not know: the truth.
 */
import type { Event } from '../../../src/model/event.js';
import type { SimulatedWorld } from './world.js';

/** Of one container each is told at most once by one process; rollouts begin and end in turns. Throws otherwise. */
export function checkTelling(world: SimulatedWorld): void {
  const told = new Set<string>();
  const underWay = new Set<string>();
  for (const event of world.events) {
    if (event.event_type === 'orchestrator_started') {
      told.clear();
      // What was under way before, this process may only end.
      for (const name of world.statuses.keys()) underWay.add(name);
    }
    const fault = faultOf(event, told, underWay);
    if (fault !== null) throw new Error(world.report(`${fault}: ${JSON.stringify(event)}`));
  }
}

function faultOf(event: Event, told: Set<string>, underWay: Set<string>): string | null {
  const { container_id, service_name } = event.event_data;
  const name = String(service_name);
  switch (event.event_type) {
    case 'service_created':
    case 'service_removed': {
      const word = `${event.event_type} ${container_id}`;
      if (told.has(word)) return 'told twice';
      told.add(word);
      return null;
    }
    case 'service_update_started':
      underWay.add(name);
      return null;
    case 'service_update_completed':
    case 'service_update_failed':
      return underWay.delete(name) ? null : 'an end without a beginning';
    default:
      return null;
  }
}
