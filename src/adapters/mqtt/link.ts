/**
 * One connection to a broker, from opening it to its end. Never reconnects: whoever opened it decides what comes next.
 * Owns: mqtt.js and its traps. Must not know: topics, what is kept, when to try again.
 */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Message } from './outbox.js';

/** MQTT 5, or 3.1.1 (whose protocol level is 4). */
export type ProtocolVersion = 5 | 4;

/** How to reach a broker, and as whom. */
export interface BrokerLogin {
  readonly username: string | null;
  readonly password: string | null;
  /** PEM texts. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** What opening a link needs. */
export interface LinkOptions extends BrokerLogin {
  readonly url: string;
  readonly version: ProtocolVersion;
  readonly clientId: string;
  /** Published, retained, by the broker when we vanish; null: nothing. */
  readonly will: { readonly topic: string; readonly payload: string } | null;
  readonly connectMs: number;
  readonly keepAliveSeconds: number;
  readonly eventExpirySeconds: number;
}

/** What the broker is willing to take. */
export interface BrokerBounds {
  /** Messages that it wants unacknowledged at most. */
  readonly receiveMaximum: number;
  /** Bytes of one packet. */
  readonly maximumPacketSize: number;
}

/** Why a link ended. */
export interface LinkEnd {
  /** `silent`: before the broker said a word, as old brokers do that do not know the version. */
  readonly kind: 'versionRefused' | 'refused' | 'silent' | 'lost';
  readonly message: string;
}

/** Receives what happens on a link. `onDown` comes exactly once, and nothing after it. */
export interface LinkSink {
  onUp(bounds: BrokerBounds): void;
  onMessage(topic: string, payload: string, isRetained: boolean): void;
  onDown(end: LinkEnd): void;
}

/** A link, usable between `onUp` and `onDown`. */
export interface Link {
  /** `onSettled` with the reason when the broker refused the message; not called when the link ends before. */
  publish(message: Message, onSettled: (refusal: string | null) => void): void;
  /** `onSettled` with the reason when the broker refused; not called when the link ends before. */
  subscribe(filter: string, onSettled: (refusal: string | null) => void): void;
  unsubscribe(filter: string): void;
  /** Sends an empty message once at most. */
  publishEmpty(topic: string): void;
  /** With a word of goodbye (so that no will is sent), or at once. `onDown` follows. */
  close(isPolite: boolean): void;
}

const UNSUPPORTED_VERSION_CODES: ReadonlySet<unknown> = new Set([1, 132]);
const TAKEN_OVER = 142;
/** Bytes of one packet that the broker may send us (MQTT 5 only). */
const MAXIMUM_PACKET_BYTES = 1_048_576;

/** Opens a link. Never throws. */
export function openLink(options: LinkOptions, sink: LinkSink): Link {
  let isDown = false;
  let wasUp = false;
  let failure: { readonly message: string; readonly code: unknown } | null = null;
  let client: MqttClient | null = null;

  const endOf = (): LinkEnd => {
    const message = failure?.message ?? 'the connection was closed';
    if (wasUp) return { kind: 'lost', message };
    if (failure === null) return { kind: 'silent', message: 'the connection was closed before an answer' };
    return { kind: UNSUPPORTED_VERSION_CODES.has(failure.code) ? 'versionRefused' : 'refused', message };
  };
  const onDown = (): void => {
    if (isDown) return;
    isDown = true;
    client?.end(true);
    sink.onDown(endOf());
  };
  try {
    client = mqtt.connect(options.url, clientOptions(options));
  } catch (error) {
    failure = { message: textOf(error), code: null };
    setImmediate(onDown);
    return NO_LINK;
  }
  const opened = client;
  opened.on('connect', ({ properties }) => {
    if (isDown) return;
    wasUp = true;
    sink.onUp({
      receiveMaximum: properties?.receiveMaximum ?? 65_535,
      maximumPacketSize: properties?.maximumPacketSize ?? 268_435_455,
    });
  });
  opened.on('error', (error) => {
    failure ??= { message: textOf(error), code: 'code' in error ? error.code : null };
  });
  opened.on('disconnect', ({ reasonCode }) => {
    const reason =
      reasonCode === TAKEN_OVER ? 'another client of this name came' : `reason ${reasonCode ?? 0}`;
    failure ??= { message: `the broker closed the connection: ${reason}`, code: null };
  });
  opened.on('message', (topic, payload, { retain }) => {
    if (!isDown) sink.onMessage(topic, payload.toString('utf8'), retain);
  });
  opened.on('close', onDown);
  return linkOf(opened, options, () => isDown);
}

const NO_LINK: Link = {
  publish: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  publishEmpty: () => {},
  close: () => {},
};

function linkOf(client: MqttClient, options: LinkOptions, isDown: () => boolean): Link {
  return {
    publish: ({ topic, payload, isRetained }, onSettled) => {
      // A state must be kept as long as it is true, and a will cannot be replaced by it once it has expired: events only.
      const expiry =
        isRetained || options.version !== 5
          ? {}
          : { properties: { messageExpiryInterval: options.eventExpirySeconds } };
      client.publish(topic, payload, { qos: 1, retain: isRetained, ...expiry }, (error) => {
        if (!isDown()) onSettled(error instanceof Error ? textOf(error) : null);
      });
    },
    subscribe: (filter, onSettled) => {
      client.subscribe(filter, { qos: 1 }, (error, granted) => {
        if (isDown()) return;
        const isRefused = (granted ?? []).some(({ qos }) => qos >= 128);
        onSettled(error !== null ? textOf(error) : isRefused ? 'not authorized' : null);
      });
    },
    unsubscribe: (filter) => {
      client.unsubscribe(filter, () => {});
    },
    // With QoS 0, which the broker's maximum of unacknowledged messages does not count.
    publishEmpty: (topic) => {
      client.publish(topic, '', { qos: 0, retain: false }, () => {});
    },
    close: (isPolite) => {
      const isForced = !isPolite || !client.connected;
      client.end(isForced);
      // A second `end` does nothing, not even when the first one waits for a broker that hangs.
      if (isForced) client.stream.destroy();
    },
  };
}

function clientOptions(options: LinkOptions): IClientOptions {
  const { username, password, ca, cert, key, will } = options;
  return {
    protocolVersion: options.version,
    clientId: options.clientId,
    clean: true,
    // The publisher reconnects by itself, with another version if need be, and sends again what was not acknowledged.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: options.connectMs,
    keepalive: options.keepAliveSeconds,
    // Nothing that we listen to is as long; without a bound one message could take all memory.
    ...(options.version === 5 ? { properties: { maximumPacketSize: MAXIMUM_PACKET_BYTES } } : {}),
    ...(will === null ? {} : { will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true } }),
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  };
}

/** Errors of several addresses at once have no message of their own. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
