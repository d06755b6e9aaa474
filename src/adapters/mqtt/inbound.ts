/**
 * Words of health on the bus, over whatever connection there is.
 * Owns: which topics are listened to, and who is told. Must not know: what a word means. Nothing that comes in is a command.
 */
import type { HealthListener, HealthWords, Log } from '../../controller/ports.js';
import type { Link } from './link.js';
import { isListenable } from './topics.js';

/** Maxima of what comes in; the command line names them. */
export interface InboundLimits {
  /** Bytes of one message; a longer one is not looked at. */
  readonly inboundBytes: number;
  /** Topics listened to. */
  readonly inboundTopics: number;
}

/** Listens on one connection after the other. */
export interface Inbound extends HealthWords {
  onUp(link: Link): void;
  onDown(): void;
  onMessage(topic: string, payload: string, isRetained: boolean): void;
}

interface Topic {
  readonly listeners: Set<HealthListener>;
  /** `refused`: not by this broker. */
  phase: 'away' | 'asked' | 'heard' | 'refused';
}

/** What is told of a topic while no broker is there. */
const NO_BROKER = 'there is no connection to a broker';

/** Nothing is listened to. `onWanted` is told whenever the first listener comes or the last one goes. */
export function createInbound(options: {
  readonly limits: InboundLimits;
  readonly log: Log;
  readonly onWanted?: (isWanted: boolean) => void;
}): Inbound {
  const { limits, log, onWanted = () => {} } = options;
  const topics = new Map<string, Topic>();
  let link: Link | null = null;

  const ask = (name: string, topic: Topic): void => {
    const open = link;
    if (open === null) return;
    topic.phase = 'asked';
    open.subscribe(name, (refusal) => {
      if (open !== link || topics.get(name) !== topic) return;
      topic.phase = refusal === null ? 'heard' : 'refused';
      if (refusal !== null)
        log.warn({ topic: name, reason: refusal }, 'The broker does not let this topic be heard');
      for (const listener of topic.listeners) tellPhase(listener, topic.phase);
    });
  };
  const open = (name: string): Topic => {
    const topic: Topic = { listeners: new Set(), phase: 'away' };
    topics.set(name, topic);
    if (topics.size === 1) onWanted(true);
    ask(name, topic);
    return topic;
  };
  const leave = (name: string, topic: Topic, listener: HealthListener): void => {
    topic.listeners.delete(listener);
    if (topic.listeners.size > 0 || topics.get(name) !== topic) return;
    topics.delete(name);
    link?.unsubscribe(name);
    if (topics.size === 0) onWanted(false);
  };
  return {
    subscribe: (name, listener) => {
      const problem = problemOf(name, topics, limits);
      if (problem !== null) {
        listener.onDeaf(problem);
        return () => {};
      }
      const topic = topics.get(name) ?? open(name);
      topic.listeners.add(listener);
      tellPhase(listener, topic.phase);
      return () => leave(name, topic, listener);
    },
    publishEmpty: (name) => {
      if (isListenable(name)) link?.publishEmpty(name);
    },
    onUp: (opened) => {
      link = opened;
      for (const [name, topic] of topics) ask(name, topic);
    },
    onDown: () => {
      link = null;
      for (const topic of topics.values()) {
        topic.phase = 'away';
        for (const listener of topic.listeners) tellPhase(listener, topic.phase);
      }
    },
    onMessage: (name, payload, isRetained) => {
      const topic = topics.get(name);
      if (topic === undefined || isRetained) return;
      if (Buffer.byteLength(payload) > limits.inboundBytes)
        return log.debug({ topic: name }, 'A message is longer than any word of health; it is not looked at');
      for (const listener of [...topic.listeners]) listener.onWord(payload);
    },
  };
}

/** Words that nobody can hear. */
export const deafWords = (reason: string): HealthWords => ({
  subscribe: (_name, listener) => {
    listener.onDeaf(reason);
    return () => {};
  },
  publishEmpty: () => {},
});

function problemOf(name: string, topics: ReadonlyMap<string, Topic>, limits: InboundLimits): string | null {
  if (!isListenable(name)) return `${JSON.stringify(name.slice(0, 80))} is no topic that a broker takes`;
  if (topics.size >= limits.inboundTopics && !topics.has(name))
    return `more than ${limits.inboundTopics} topics are not listened to`;
  return null;
}

function tellPhase({ onHeard, onDeaf }: HealthListener, phase: Topic['phase']): void {
  if (phase === 'heard') onHeard();
  else if (phase === 'away') onDeaf(NO_BROKER);
  else if (phase === 'refused') onDeaf('the broker does not let the topic be heard');
}
