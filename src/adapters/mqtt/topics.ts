/**
 * The topics of the contract.
 * Owns: how each is called, and which names cannot be published to. Must not know: what is published.
 */

/** All topics of one controller. */
export interface Topics {
  /** Every event. */
  readonly events: string;
  /** `online` or `offline`; also the last will. */
  readonly availability: string;
  /** The state of the controller itself. */
  readonly orchestrator: string;
  /** Matches the state topics of all services, those of other controllers included. */
  readonly stateFilter: string;
  /** The copy of the events of one type. */
  ofType(eventType: string): string;
  /** The retained status of a service. */
  stateOf(service: string): string;
  /** The service of a state topic; null when the topic is none. */
  serviceOf(topic: string): string | null;
}

/** The topics below `prefix` (which may contain `/`) of the controller `instance`. */
export function createTopics(prefix: string, instance: string): Topics {
  const head = `${prefix}/services/`;
  const tail = '/state';
  return {
    events: `${head}events`,
    availability: `${prefix}/orchestrator/${instance}/availability`,
    orchestrator: `${prefix}/orchestrator/${instance}/state`,
    stateFilter: `${head}+${tail}`,
    ofType: (eventType) => head + eventType,
    stateOf: (service) => head + service + tail,
    serviceOf: (topic) => {
      if (!topic.startsWith(head) || !topic.endsWith(tail)) return null;
      const service = topic.slice(head.length, -tail.length);
      return service === '' || service.includes('/') ? null : service;
    },
  };
}

/** Whether a broker will take it: one wildcard in a topic makes it cut the connection, again and again. */
export const isPublishable = (topic: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters that MQTT forbids.
  topic !== '' && !/[#+\u0000]/.test(topic) && Buffer.byteLength(topic) <= 65_535;

/** Levels that brokers count in one topic at most (mosquitto: 200). */
const MAXIMUM_LEVELS = 200;

/**
 * Whether a topic that somebody declared may be asked for: what no broker takes makes it cut the connection. Control
 * characters and what Unicode reserves are cut off by mosquitto; with `$` begin topics of the broker's own.
 */
export const isListenable = (topic: string): boolean =>
  isPublishable(topic) &&
  !topic.startsWith('$') &&
  topic.split('/').length <= MAXIMUM_LEVELS &&
  !/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(topic);

/** The topics of discovery. The last two are the bus's own, whatever our prefix. */
export const discoveryTopics = (
  prefix: string,
): { readonly events: string; readonly register: string; readonly unregister: string } => ({
  events: `${prefix}/discovery/events`,
  register: 'alicia/system/discovery/register',
  unregister: 'alicia/system/discovery/unregister',
});
