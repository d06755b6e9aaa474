/**
 * Chooses the broker and publishes there.
 * Owns: the rule of the contract: the one that was named, else a desired service's, else another process's, else ours.
 * Must not know: how the desired state comes about.
 */
import type { Log } from '../../controller/ports.js';
import type { DesiredService } from '../../model/desired.js';
import { createEmbeddedBroker, type EmbeddedBroker, type EmbeddedBrokerLimits } from './broker.js';
import { deafWords } from './inbound.js';
import type { BrokerLogin } from './link.js';
import {
  createMqttPublisher,
  type MqttLimits,
  type MqttPublisher,
  type WorldPublisher,
} from './publisher.js';

/** Which broker is meant. */
export type BusChoice =
  | { readonly kind: 'off' }
  | { readonly kind: 'embedded'; readonly listen: { readonly host: string; readonly port: number } }
  | (BrokerLogin & { readonly kind: 'broker'; readonly url: string });

/** Maxima of a bus; the command line names them. */
export interface BusLimits extends EmbeddedBrokerLimits {
  /** Between two tries to take the port back from a service that is on its way out. */
  readonly reclaimEveryMs: number;
  readonly reclaimTries: number;
}

/** What a bus needs. */
export interface BusOptions {
  readonly choice: BusChoice;
  readonly prefix: string;
  readonly instance: string;
  readonly project: string;
  readonly mqttLimits: MqttLimits;
  readonly brokerLimits: BusLimits;
  readonly log: Log;
  readonly onState?: (isConnected: boolean) => void;
  /** Port that a service publishes when it is the broker; only tests have another than 1883. */
  readonly servicePort?: number;
}

/** A publisher that knows its broker. */
export interface Bus extends WorldPublisher {
  /** Begins; returns at once. Without a named broker nothing happens before the first `onDesired`. */
  start(): void;
  /**
   * Whether a desired service publishes the broker's port, see {@link publishesPort}; call it for each desired state,
   * before its steps are executed. Resolves when our own broker has left the port, if it must; rejects never.
   */
  onDesired(isPublished: boolean): Promise<void>;
}

/** The port that the world expects a broker on. */
export const BROKER_PORT = 1883;

/** Whether one of the services will hold the port on this machine's loopback address. */
export function publishesPort(services: Iterable<DesiredService>, port = BROKER_PORT): boolean {
  for (const { container, replicas } of services) {
    const isHeld = container.ports.some(
      ({ hostPorts, hostIp, protocol }) =>
        hostPorts !== null &&
        protocol === 'tcp' &&
        ['', '0.0.0.0', '127.0.0.1'].includes(hostIp) &&
        hostPorts.first <= port &&
        port <= hostPorts.last,
    );
    if (isHeld && replicas > 0) return true;
  }
  return false;
}

/** A bus that does nothing before `start`. */
export function createBus(options: BusOptions): Bus {
  const { choice, log } = options;
  switch (choice.kind) {
    case 'off':
      return silentBus(log);
    case 'broker': {
      const publisher = publisherOf(options, choice.url, choice);
      return { ...publisher, onDesired: async () => {} };
    }
    case 'embedded':
      return embeddedBus(options, choice.listen);
  }
}

const NO_LOGIN: BrokerLogin = { username: null, password: null, ca: null, cert: null, key: null };

function publisherOf(options: BusOptions, url: string | null, login: BrokerLogin): MqttPublisher {
  const { username, password, ca, cert, key } = login;
  const { prefix, instance, project, mqttLimits, log, onState } = options;
  const common = {
    url,
    prefix,
    instance,
    project,
    limits: mqttLimits,
    log,
    username,
    password,
    ca,
    cert,
    key,
  };
  return createMqttPublisher(onState === undefined ? common : { ...common, onState });
}

function silentBus(log: Log): Bus {
  return {
    start: () => log.info({}, 'MQTT is off; nothing is published'),
    stop: async () => {},
    onDesired: async () => {},
    publishEvent: () => {},
    publishStatus: () => {},
    publishOrchestrator: () => {},
    retainOnly: () => {},
    stats: () => ({ connected: false, queued: 0, dropped: 0 }),
    words: deafWords('MQTT is off'),
  };
}

interface State {
  readonly log: Log;
  readonly limits: BusLimits;
  readonly publisher: MqttPublisher;
  readonly broker: EmbeddedBroker;
  readonly listen: { readonly host: string; readonly port: number };
  readonly servicePort: number;
  /** Null: not known yet. */
  isPublished: boolean | null;
  /** `leaving`: a service was the broker and its container may still hold the port. */
  user: 'nobody' | 'ours' | 'service' | 'leaving' | 'otherProcess';
  triesLeft: number;
  timer: NodeJS.Timeout | null;
  isStopped: boolean;
}

function embeddedBus(options: BusOptions, listen: { readonly host: string; readonly port: number }): Bus {
  const { log, brokerLimits: limits, servicePort = BROKER_PORT } = options;
  const publisher = publisherOf(options, null, NO_LOGIN);
  const broker = createEmbeddedBroker({ ...listen, limits, log });
  const state: State = {
    ...{ log, limits, publisher, broker, listen, servicePort },
    ...{ isPublished: null, user: 'nobody', triesLeft: 0, timer: null, isStopped: false },
  };
  // Transitions one after another: a broker half started cannot be stopped.
  let last: Promise<void> = Promise.resolve();
  const settle = (): Promise<void> => {
    last = last
      .then(() => choose(state, settle))
      .catch((error: unknown) => log.warn({ reason: String(error) }, 'The embedded broker has an error'));
    return last;
  };
  return {
    ...publisher,
    onDesired: (isPublished) => {
      if (isPublished === state.isPublished) return last;
      state.isPublished = isPublished;
      return settle();
    },
    stop: async () => {
      state.isStopped = true;
      await last;
      if (state.timer !== null) clearTimeout(state.timer);
      await publisher.stop();
      await broker.stop();
    },
  };
}

async function choose(state: State, again: () => Promise<void>): Promise<void> {
  if (state.isStopped || state.isPublished === null) return;
  if (state.timer !== null) clearTimeout(state.timer);
  state.timer = null;
  if (state.isPublished) await useService(state);
  else if (state.user === 'nobody' || state.user === 'service' || state.user === 'leaving')
    await useOwn(state, again);
}

async function useService(state: State): Promise<void> {
  if (state.user === 'service') return;
  const url = addressOf('127.0.0.1', state.servicePort);
  if (state.user === 'ours') {
    state.log.info(
      { url },
      'A service publishes the port of the broker: the embedded broker makes way for it',
    );
    state.publisher.target(null);
    await state.broker.stop();
  } else state.log.info({ url }, 'A service publishes the port of the broker: it is used');
  state.user = 'service';
  state.publisher.target(url);
}

async function useOwn(state: State, again: () => Promise<void>): Promise<void> {
  const { log, listen, publisher, limits } = state;
  const result = await state.broker.start();
  const url = addressOf(listen.host, result.kind === 'listening' ? result.port : listen.port);
  if (result.kind === 'listening') {
    state.user = 'ours';
    log.info({ url }, 'Embedded broker for development started (MQTT 3.1.1); name another with --mqtt-url');
    if (!/^(127\.|localhost$|::1$)/.test(listen.host))
      log.warn({ url }, 'The embedded broker has no access control and can be reached from other machines');
    publisher.target(url);
    return;
  }
  if (result.kind === 'failed') {
    log.warn({ url, reason: result.message }, 'The embedded broker cannot listen; nothing is published');
    publisher.target(null);
    state.user = 'otherProcess';
    return;
  }
  if (state.user === 'service') state.triesLeft = limits.reclaimTries;
  if (state.user !== 'nobody' && state.triesLeft > 0) {
    state.user = 'leaving';
    state.triesLeft -= 1;
    state.timer = setTimeout(() => void again(), limits.reclaimEveryMs);
    return;
  }
  state.user = 'otherProcess';
  log.info({ url }, 'Another process holds the port of the broker: it is used as the broker');
  publisher.target(url);
}

/** How we reach what listens there. */
function addressOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `mqtt://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
