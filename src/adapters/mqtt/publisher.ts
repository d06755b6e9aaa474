/**
 * Publishes events and statuses to one broker, whether it is there or not.
 * Owns: what goes to which topic. Must not know: who decides what is published, which broker is meant by default.
 *
 * Invariant: nothing here throws into the caller, and nobody waits for a broker; only `stop` does, for a bounded time.
 */
import type { HealthWords, Log, Publisher } from '../../controller/ports.js';
import type { OrchestratorState } from '../../model/orchestrator.js';
import { type Connector, type ConnectorLimits, createConnector } from './connector.js';
import { createInbound, type Inbound, type InboundLimits } from './inbound.js';
import type { BrokerLogin } from './link.js';
import { createOutbox, type Outbox } from './outbox.js';
import { createSender, type Sender } from './sender.js';
import { createSweep, type Sweep } from './sweep.js';
import { createTopics, isPublishable, type Topics } from './topics.js';
import { within } from './within.js';

/** Maxima of a publisher; the command line names them. */
export interface MqttLimits extends ConnectorLimits, InboundLimits {
  readonly eventRing: number;
  readonly inFlight: number;
  readonly sweepMs: number;
  readonly stopMs: number;
}

/** What a publisher needs. */
export interface MqttPublisherOptions extends BrokerLogin {
  /** `mqtt://host:1883`, without user and password; null: none yet, see {@link MqttPublisher.target}. */
  readonly url: string | null;
  readonly prefix: string;
  readonly instance: string;
  readonly project: string;
  readonly limits: MqttLimits;
  readonly log: Log;
  /** Told after each change of `stats().connected`. */
  readonly onState?: (isConnected: boolean) => void;
}

/** Figures of a publisher. */
export interface MqttStats {
  readonly connected: boolean;
  /** Waiting for the broker. */
  readonly queued: number;
  /** Events given up since the start. */
  readonly dropped: number;
}

/** What tells the world, as the controller's command uses it. */
export interface WorldPublisher extends Publisher {
  /** Sends what is queued, says `offline`, ends the connection; a broker that hangs costs `stopMs` at most. */
  stop(): Promise<void>;
  /** Retained state of the controller itself. */
  publishOrchestrator(state: OrchestratorState): void;
  /**
   * The full set of services whose state may stay on the broker. States of others are cleared: those published here, and
   * once per broker also those that an earlier run of this instance left.
   */
  retainOnly(services: readonly string[]): void;
  stats(): MqttStats;
  /** What programs say of their health, over the same connection. */
  readonly words: HealthWords;
}

/** A publisher to one broker. */
export interface MqttPublisher extends WorldPublisher {
  /** Begins to connect and returns at once. */
  start(): void;
  /** Goes to another broker, where everything retained is published; null: to none. The same address: nothing. */
  target(url: string | null): void;
}

interface Parts {
  readonly options: MqttPublisherOptions;
  readonly topics: Topics;
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly sweep: Sweep;
  readonly inbound: Inbound;
  readonly connector: Connector;
  phase: 'new' | 'started' | 'stopping' | 'stopped';
  url: string | null;
}

/** A publisher that does nothing before `start`. */
export function createMqttPublisher(options: MqttPublisherOptions): MqttPublisher {
  const parts = createParts(options);
  const { topics, outbox, sweep, connector } = parts;
  return {
    start: () => {
      if (parts.phase !== 'new') return;
      parts.phase = 'started';
      retain(parts, topics.availability, 'online');
      connector.target(parts.url);
    },
    stop: () => stop(parts),
    publishEvent: (event) => {
      const copy = topics.ofType(event.event_type);
      publish(parts, copy, () => outbox.addEvent([topics.events, copy], JSON.stringify(event)));
    },
    publishStatus: (service, status) => {
      const topic = topics.stateOf(service);
      if (status !== null) retain(parts, topic, JSON.stringify(status));
      else if (outbox.isRetained(topic)) retain(parts, topic, '');
    },
    publishOrchestrator: (state) => retain(parts, topics.orchestrator, JSON.stringify(state)),
    retainOnly: (services) => {
      const wanted = new Set(services);
      for (const topic of outbox.retainedTopics()) {
        const service = topics.serviceOf(topic);
        if (service !== null && !wanted.has(service)) retain(parts, topic, '');
      }
      sweep.keepOnly(wanted);
    },
    target: (url) => {
      if (url === parts.url) return;
      parts.url = url;
      sweep.reset();
      if (parts.phase === 'started') connector.target(url);
    },
    words: parts.inbound,
    stats: () => {
      const { queued, dropped } = outbox.counts();
      return { connected: parts.sender.isUp(), queued, dropped };
    },
  };
}

function createParts(options: MqttPublisherOptions): Parts {
  const { log, limits, instance, project } = options;
  const topics = createTopics(options.prefix, instance);
  const outbox = createOutbox(limits);
  const sender = createSender({ outbox, inFlight: limits.inFlight, log });
  const clear = (topic: string): void => {
    outbox.retain(topic, '');
    sender.pump();
  };
  const { sweepMs } = limits;
  const sweep = createSweep({ topics, instance, project, sweepMs, log, isWanted: outbox.isRetained, clear });
  const inbound = createInbound({ limits, log });
  const connector = createConnector({
    login: options,
    // Stable, so that a broker sees one client come back and not a new one each time.
    clientId: `alicia-orchestrator-${instance}`,
    will: { topic: topics.availability, payload: 'offline' },
    limits,
    log,
    onUp: (link, bounds) => {
      sender.onUp(link, bounds);
      sweep.onUp(link);
      inbound.onUp(link);
      options.onState?.(true);
    },
    onMessage: (topic, payload, isRetained) => {
      if (isRetained) sweep.onRetained(topic, payload);
      inbound.onMessage(topic, payload, isRetained);
    },
    onDown: () => {
      sender.onDown();
      sweep.onDown();
      inbound.onDown();
      options.onState?.(false);
    },
  });
  return { options, topics, outbox, sender, sweep, inbound, connector, phase: 'new', url: options.url };
}

function publish(parts: Parts, topic: string, act: () => void): void {
  if (parts.phase === 'stopped') return;
  if (!isPublishable(topic)) {
    parts.options.log.warn(
      { topic },
      'Not a topic: it holds "#", "+" or NUL, or is too long; the message is left out',
    );
    return;
  }
  act();
  parts.sender.pump();
}

function retain(parts: Parts, topic: string, payload: string): void {
  publish(parts, topic, () => parts.outbox.retain(topic, payload));
}

/** A clean end makes the broker keep the will to itself: `offline` is said by us, after everything else. */
async function stop(parts: Parts): Promise<void> {
  const { sender, connector, topics } = parts;
  if (parts.phase === 'new') parts.phase = 'stopped';
  if (parts.phase !== 'started') return;
  parts.phase = 'stopping';
  const shareMs = parts.options.limits.stopMs / 3;
  if (sender.isUp()) {
    await within(shareMs, sender.whenIdle);
    retain(parts, topics.availability, 'offline');
    await within(shareMs, sender.whenIdle);
  }
  parts.phase = 'stopped';
  // What is still queued stays: a connection that is being closed refuses every message.
  sender.onDown();
  await connector.close(shareMs);
}
