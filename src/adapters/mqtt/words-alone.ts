/**
 * Words of health for a command that tells the bus nothing.
 * Owns: a connection of its own, as long as somebody listens. Must not know: what a word means.
 */
import type { HealthWords, Log } from '../../controller/ports.js';
import { type ConnectorLimits, createConnector } from './connector.js';
import { createInbound, type InboundLimits } from './inbound.js';
import type { BrokerLogin } from './link.js';

/** What listening takes. */
export interface WordsAloneOptions extends BrokerLogin {
  readonly url: string;
  /** Other than that of a running controller, which it would push out. */
  readonly clientId: string;
  readonly limits: ConnectorLimits & InboundLimits;
  readonly log: Log;
}

/** Connects when the first topic is listened to, and leaves with the last. */
export function createWordsAlone(options: WordsAloneOptions): HealthWords {
  const { url, clientId, limits, log } = options;
  const inbound = createInbound({
    ...{ limits, log },
    onWanted: (isWanted) => connector.target(isWanted ? url : null),
  });
  const connector = createConnector({
    ...{ login: options, clientId, will: null, limits, log },
    onUp: (link) => inbound.onUp(link),
    onMessage: (topic, payload, isRetained) => inbound.onMessage(topic, payload, isRetained),
    onDown: () => inbound.onDown(),
  });
  return inbound;
}
