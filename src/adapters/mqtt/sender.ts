/**
 * Moves messages from the outbox onto a connection.
 * Owns: how many are under way at once, and which the broker will never take. Must not know: where they come from.
 */
import type { Log } from '../../controller/ports.js';
import type { BrokerBounds, Link } from './link.js';
import type { Message, Outbox } from './outbox.js';

/** What a sender needs. */
export interface SenderOptions {
  readonly outbox: Outbox;
  /** Messages sent and not yet acknowledged, at most. */
  readonly inFlight: number;
  readonly log: Log;
}

/** Sends whenever there is a connection. */
export interface Sender {
  /** A connection: everything retained goes out again. */
  onUp(link: Link, bounds: BrokerBounds): void;
  onDown(): void;
  isUp(): boolean;
  /** Sends what may be sent now. */
  pump(): void;
  /** Calls back once, when everything is acknowledged or the connection is gone. */
  whenIdle(callback: () => void): void;
}

/** More than the header of any publish packet of ours takes. */
const HEADER_BYTES = 64;

/** A sender without a connection. */
export function createSender({ outbox, inFlight, log }: SenderOptions): Sender {
  const refusedTopics = new Set<string>();
  let link: Link | null = null;
  let bounds: BrokerBounds = { receiveMaximum: 0, maximumPacketSize: 0 };
  let idleCallbacks: (() => void)[] = [];

  const refuse = (message: Message, reason: string): void => {
    if (refusedTopics.has(message.topic)) return;
    refusedTopics.add(message.topic);
    log.warn({ topic: message.topic, reason }, 'The broker takes no such message; it is left out');
  };
  const send = (open: Link, message: Message): void => {
    const bytes = Buffer.byteLength(message.payload) + Buffer.byteLength(message.topic) + HEADER_BYTES;
    if (bytes > bounds.maximumPacketSize) {
      refuse(message, `${bytes} bytes are more than its maximum of ${bounds.maximumPacketSize}`);
      outbox.settle(message);
      return;
    }
    open.publish(message, (refusal) => {
      if (open !== link) return;
      if (refusal !== null) refuse(message, refusal);
      outbox.settle(message);
      pump();
    });
  };
  const tellIdle = (): void => {
    const callbacks = idleCallbacks;
    idleCallbacks = [];
    for (const callback of callbacks) callback();
  };
  const pump = (): void => {
    const window = Math.min(inFlight, bounds.receiveMaximum);
    while (link !== null && outbox.counts().inFlight < window) {
      const message = outbox.take();
      if (message === null) break;
      send(link, message);
    }
    const counts = outbox.counts();
    if (link === null || counts.queued + counts.inFlight === 0) tellIdle();
  };
  return {
    onUp: (open, limits) => {
      link = open;
      bounds = limits;
      outbox.restart();
      pump();
    },
    onDown: () => {
      link = null;
      tellIdle();
    },
    isUp: () => link !== null,
    pump,
    whenIdle: (callback) => {
      idleCallbacks.push(callback);
      pump();
    },
  };
}
