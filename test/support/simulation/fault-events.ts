/**
 * Faults of the event stream: what is dropped, doubled, late.
 * Owns: which events reach a subscriber, and when. Must not know: what an event means to whom.
 */
import type { Clock, Engine, EngineEvent, EngineEventSink } from '../../../src/controller/ports.js';
import type { FaultRates } from './fault-rates.js';
import type { Random } from './random.js';

/** Decides about one event, counted from 1 over the life of the world: null leaves it alone. */
export type EventFault = (
  number: number,
  event: EngineEvent,
) => 'eventDropped' | 'eventDoubled' | 'eventDelayed' | null;

/** What the stream needs of the faults as a whole. */
export interface EventFaults {
  readonly clock: Clock;
  readonly random: Random;
  readonly rates: FaultRates;
  readonly isDown: boolean;
  readonly spoilEvent: EventFault;
  /** Events that came to a subscriber so far. */
  events: number;
  /** The streams that are open. */
  readonly sinks: Set<EngineEventSink>;
  /** Ids that something happened to which no subscriber has heard of. */
  readonly unheard: Set<string>;
  count(what: string): void;
}

const MAX_DELAY_MS = 3_000;

/** The engine's `subscribe` with faults in between. */
export function spoiltSubscribe(engine: Engine, faults: EventFaults): Engine['subscribe'] {
  return async (sink, options) => {
    const own: EngineEventSink = { ...sink };
    let isOver = false;
    const opened = await engine.subscribe(
      {
        onEvent: (event) => deliver(faults, own, event),
        onEnd(reason) {
          isOver = true;
          faults.sinks.delete(own);
          sink.onEnd(reason);
        },
      },
      options,
    );
    if (!isOver) faults.sinks.add(own);
    return {
      close() {
        faults.sinks.delete(own);
        opened.close();
      },
    };
  };
}

function deliver(faults: EventFaults, sink: EngineEventSink, event: EngineEvent): void {
  faults.events += 1;
  if (faults.isDown) {
    faults.unheard.add(event.id);
    return;
  }
  const fault = faults.spoilEvent(faults.events, event) ?? drawn(faults);
  if (fault !== null) faults.count(fault);
  if (fault === 'eventDropped') {
    faults.unheard.add(event.id);
    return;
  }
  faults.unheard.delete(event.id);
  if (fault !== null) {
    const { clock, random, sinks } = faults;
    clock.after(1 + random() * MAX_DELAY_MS, () => sinks.has(sink) && sink.onEvent(event));
  }
  if (fault !== 'eventDelayed') sink.onEvent(event);
}

function drawn({ rates, random }: EventFaults): ReturnType<EventFault> {
  const { eventDropped, eventDoubled, eventDelayed } = rates;
  if (eventDropped + eventDoubled + eventDelayed === 0) return null;
  const chance = random();
  if (chance < eventDropped) return 'eventDropped';
  if (chance < eventDropped + eventDelayed) return 'eventDelayed';
  return chance < eventDropped + eventDelayed + eventDoubled ? 'eventDoubled' : null;
}
