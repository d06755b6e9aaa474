/**
 * The event stream of the simulated daemon.
 * Owns: the ring of the latest events, who listens, in which order and how late each hears, what slow readers lose.
 * Must not know: what the events are about.
 */
import type { Clock, EngineEvent, EngineEventSink } from '../../../src/controller/ports.js';

/** Docker keeps so many events for those who ask with `since`; a reader that does not read has room for as many. */
const RING_SIZE = 256;

/** A daemon's event stream. */
export interface EventStream {
  /** Tells every subscriber, each in order, as over a stream. */
  emit(event: EngineEvent): void;
  /** What was emitted so far, as a number: what a subscription may be `since`. */
  position(): number;
  /** From `since` on; what the ring no longer holds is lost. Returns how to close it. */
  subscribe(sink: EngineEventSink, since: number): () => void;
  /** Nobody reads for so long from now on: what comes waits, and beyond the room for it the oldest is lost. */
  stallReaders(forMs: number): void;
  /** Every subscription ends; with a daemon that starts anew the ring is empty. */
  endAll(): void;
  clear(): void;
  /** Events that some subscriber should have heard and did not. */
  lost(): number;
}

interface Reader {
  readonly sink: EngineEventSink;
  /** Nothing overtakes what was sent before. */
  lastDueMs: number;
  /** What has arrived and is not read yet. */
  readonly waiting: EngineEvent[];
}

/** A stream that nobody listens to. */
export function createEventStream(clock: Clock, latency: () => number): EventStream {
  const readers = new Set<Reader>();
  let ring: EngineEvent[] = [];
  let emitted = 0;
  let lost = 0;
  let stalledUntilMs = 0;

  const isStalled = (): boolean => clock.now().monotonicMs < stalledUntilMs;
  const arrive = (reader: Reader, event: EngineEvent): void => {
    if (!readers.has(reader)) return;
    if (!isStalled() && reader.waiting.length === 0) {
      reader.sink.onEvent(event);
      return;
    }
    reader.waiting.push(event);
    if (reader.waiting.length <= RING_SIZE) return;
    reader.waiting.shift();
    lost += 1;
  };
  const read = (reader: Reader): void => {
    while (readers.has(reader) && !isStalled()) {
      const event = reader.waiting.shift();
      if (event === undefined) return;
      reader.sink.onEvent(event);
    }
  };
  const send = (reader: Reader, event: EngineEvent): void => {
    const nowMs = clock.now().monotonicMs;
    reader.lastDueMs = Math.max(nowMs + latency(), reader.lastDueMs);
    clock.after(reader.lastDueMs - nowMs, () => arrive(reader, event));
  };

  return {
    emit(event) {
      emitted += 1;
      ring.push(event);
      // Cut back now and then rather than at each event.
      if (ring.length >= 2 * RING_SIZE) ring = ring.slice(-RING_SIZE);
      for (const reader of readers) send(reader, event);
    },
    position: () => emitted,
    subscribe(sink, since) {
      const reader: Reader = { sink, lastDueMs: 0, waiting: [] };
      readers.add(reader);
      const missed = emitted - since;
      const kept = Math.min(missed, ring.length, RING_SIZE);
      lost += missed - kept;
      if (kept > 0) for (const event of ring.slice(-kept)) send(reader, event);
      return () => void readers.delete(reader);
    },
    stallReaders(forMs) {
      stalledUntilMs = Math.max(stalledUntilMs, clock.now().monotonicMs + forMs);
      clock.after(forMs, () => {
        for (const reader of readers) read(reader);
      });
    },
    endAll() {
      const ended = [...readers];
      readers.clear();
      for (const { sink } of ended) sink.onEnd('Docker ended the event stream');
    },
    clear() {
      ring = [];
    },
    lost: () => lost,
  };
}
