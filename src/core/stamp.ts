/**
 * From a draft to the published event.
 * Owns: the envelope and which facts the seed's two error types repeat at top level. Must not know: clocks, randomness, transports.
 */
import type { Event, EventDraft } from '../model/event.js';
import { isoTime } from '../model/now.js';

/** What an event gets from outside the decision. */
export interface Stamp {
  /** A ULID, never used before. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly wallMs: number;
  /** Name of this controller. */
  readonly instance: string;
  readonly project: string;
  /** What the manifests were when the cause arose. */
  readonly revision: string;
}

/** The event of a draft. The order of its fields is fixed, so that equal events are equal texts. */
export function stampEvent(draft: EventDraft, stamp: Stamp): Event {
  return {
    event_type: draft.type,
    event_data: { ...draft.facts, cause: draft.cause, revision: stamp.revision },
    timestamp: stamp.wallMs / 1000,
    source: 'service_orchestrator',
    id: stamp.id,
    time: isoTime(stamp.wallMs),
    instance: stamp.instance,
    project: stamp.project,
    ...seedFields(draft),
  };
}

/** The seed's error listeners read these beside `event_data`. */
function seedFields(draft: EventDraft): Pick<Event, 'error' | 'status' | 'service_name'> {
  switch (draft.type) {
    case 'orchestration_errors':
      return { error: draft.facts.error, service_name: draft.facts.service_name };
    case 'recovery':
      return { status: draft.facts.status, service_name: draft.facts.service_name };
    default:
      return {};
  }
}
