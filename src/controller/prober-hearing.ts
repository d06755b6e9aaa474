/**
 * Listening to the topic of one probe.
 * Owns: the latest word, and since when none has been missed. Must not know: what a word is worth.
 */
import { type Heard, parseHealthWord } from '../core/health-words.js';
import type { ProbeAction } from '../model/probe.js';
import type { Clock, HealthWords } from './ports.js';

/** What is heard on a topic, until `stop`. */
export interface Hearing {
  heard(): Heard;
  stop(): void;
}

/** Begins to listen; `onNews` is called after each word that says something about health, and when words can be heard. */
export function startHearing(
  { topic, payload }: Extract<ProbeAction, { kind: 'mqtt' }>,
  {
    words,
    clock,
    onNews,
  }: { readonly words: HealthWords; readonly clock: Clock; readonly onNews: () => void },
): Hearing {
  let heard: Heard = { latest: null, sinceMs: null, deafBecause: 'there is no connection to a broker yet' };
  const nowMs = (): number => clock.now().monotonicMs;
  const stop = words.subscribe(topic, {
    onHeard() {
      heard = { ...heard, sinceMs: nowMs() };
      onNews();
    },
    onDeaf(reason) {
      heard = { ...heard, sinceMs: null, deafBecause: reason };
    },
    onWord(text) {
      const word = parseHealthWord(text, payload);
      if (word === null) return;
      heard = { ...heard, latest: { ...word, atMs: nowMs() } };
      onNews();
    },
  });
  return { heard: () => heard, stop };
}

/** Asks on topics, no more often than somebody needs the answer. */
export interface Asking {
  /** Sends an empty message, unless one was sent less than `notWithinMs` ago. */
  ask(topic: string, notWithinMs: number): void;
}

/** Topics whose last question is remembered. */
const MAX_TOPICS = 1_000;

/** Nothing has been asked yet. */
export function createAsking(words: HealthWords, clock: Clock): Asking {
  const askedMs = new Map<string, number>();
  return {
    ask(topic, notWithinMs) {
      const nowMs = clock.now().monotonicMs;
      if (nowMs - (askedMs.get(topic) ?? Number.NEGATIVE_INFINITY) < notWithinMs) return;
      if (askedMs.size >= MAX_TOPICS) askedMs.clear();
      askedMs.set(topic, nowMs);
      words.publishEmpty(topic);
    },
  };
}
