/**
 * What is to be sent, in bounded memory, whether a broker is there or not.
 * Owns: the latest retained payload per topic, the ring of events, what was sent and not yet acknowledged.
 * Must not know: connections.
 */

/** One message to publish, always with QoS 1. */
export interface Message {
  readonly topic: string;
  /** Empty and retained: the broker forgets the topic. */
  readonly payload: string;
  readonly isRetained: boolean;
}

/** The queue of a publisher. */
export interface Outbox {
  /** Sets the retained payload of a topic; the one before is not sent any more. */
  retain(topic: string, payload: string): void;
  /** Whether the topic has a retained payload that is not empty. */
  isRetained(topic: string): boolean;
  /** The topics with a retained payload that is not empty. */
  retainedTopics(): readonly string[];
  /** Adds an event that goes to all of `topics`. The oldest one gives way when the ring is full. */
  addEvent(topics: readonly string[], payload: string): void;
  /** Takes the next message: retained ones first, then events, oldest first; null when nothing is due. */
  take(): Message | null;
  /** The broker has it, or will never take it. */
  settle(message: Message): void;
  /** A new connection: everything retained is due again, and so are the events that nobody acknowledged. */
  restart(): void;
  counts(): OutboxCounts;
}

/** Figures of an outbox. */
export interface OutboxCounts {
  /** Events and retained payloads that are not yet sent. */
  readonly queued: number;
  /** Sent and not yet acknowledged. */
  readonly inFlight: number;
  /** Events given up since the start because the ring was full. */
  readonly dropped: number;
}

interface EventEntry {
  readonly messages: readonly Message[];
  sent: number;
  settled: number;
}

/** An empty outbox that keeps `eventRing` events at most. */
export function createOutbox({ eventRing }: { readonly eventRing: number }): Outbox {
  const retained = new Map<string, Message>();
  const due = new Set<string>();
  const inFlight = new Map<Message, EventEntry | null>();
  let events: EventEntry[] = [];
  let dropped = 0;

  const takeRetained = (): Message | null => {
    for (const topic of due) {
      due.delete(topic);
      const message = retained.get(topic);
      if (message === undefined) continue;
      inFlight.set(message, null);
      return message;
    }
    return null;
  };
  const takeEvent = (): Message | null => {
    for (const entry of events) {
      const message = entry.messages[entry.sent];
      if (message === undefined) continue;
      entry.sent += 1;
      inFlight.set(message, entry);
      return message;
    }
    return null;
  };
  return {
    retain: (topic, payload) => {
      retained.set(topic, { topic, payload, isRetained: true });
      due.add(topic);
    },
    isRetained: (topic) => (retained.get(topic)?.payload ?? '') !== '',
    retainedTopics: () =>
      [...retained.values()].filter(({ payload }) => payload !== '').map(({ topic }) => topic),
    addEvent: (topics, payload) => {
      events.push(entryOf(topics, payload));
      if (events.length <= eventRing) return;
      events.shift();
      dropped += 1;
    },
    take: () => takeRetained() ?? takeEvent(),
    settle: (message) => {
      const entry = inFlight.get(message);
      if (entry === undefined) return;
      inFlight.delete(message);
      if (entry !== null) {
        entry.settled += 1;
        if (entry.settled === entry.messages.length) events = events.filter((each) => each !== entry);
      } else if (message.payload === '' && retained.get(message.topic) === message) {
        retained.delete(message.topic);
        due.delete(message.topic);
      }
    },
    restart: () => {
      inFlight.clear();
      for (const topic of retained.keys()) due.add(topic);
      for (const entry of events) {
        entry.sent = 0;
        entry.settled = 0;
      }
    },
    counts: () => ({
      queued: due.size + events.filter(({ sent, messages }) => sent < messages.length).length,
      inFlight: inFlight.size,
      dropped,
    }),
  };
}

const entryOf = (topics: readonly string[], payload: string): EventEntry => ({
  messages: topics.map((topic) => ({ topic, payload, isRetained: false })),
  sent: 0,
  settled: 0,
});
