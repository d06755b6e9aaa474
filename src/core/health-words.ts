/**
 * What programs say of their health on the bus, and what it is worth. Evidence only, never a command.
 * Owns: which words are good, how old they may be, the words of discovery. Must not know: MQTT, who hears them.
 */
import type { ProbeAction } from '../model/probe.js';
import type { ProbeResult } from '../model/probe-result.js';

/** Words that mean well. */
const GOOD_WORDS: ReadonlySet<string> = new Set(['healthy', 'online']);
/** Words of discovery that mean ill; others (`starting`, `unknown`) say neither. */
const ILL_WORDS: ReadonlySet<string> = new Set(['unhealthy', 'offline']);
/** Characters of a word that are repeated in a sentence. */
const QUOTED_LENGTH = 40;

/** One word on the topic of a probe. */
export interface HealthWord {
  readonly isGood: boolean;
  /** As it is quoted. */
  readonly said: string;
}

/** What has been heard on a topic during this run of the container. Times are monotonic milliseconds. */
export interface Heard {
  readonly latest: (HealthWord & { readonly atMs: number }) | null;
  /** Since when no word has been missed; null: nothing is heard now. */
  readonly sinceMs: number | null;
  /** Why nothing is heard. */
  readonly deafBecause: string;
}

/** Null: the text says nothing about health. */
export function parseHealthWord(text: string, payload: string | null): HealthWord | null {
  const plain = text.trim();
  if (plain === '') return null;
  if (payload !== null && plain === payload.trim()) return { isGood: true, said: quoted(plain) };
  const status = statusOf(plain);
  if (status === null) return payload === null ? null : { isGood: false, said: quoted(plain) };
  const isGood = payload === null ? GOOD_WORDS.has(status.toLowerCase()) : status === payload.trim();
  return { isGood, said: quoted(status) };
}

/** What the latest word comes to now. Null: nothing yet. Silence counts from the moment on which it could be heard. */
export function mqttResult(
  { maxAgeMs }: Extract<ProbeAction, { kind: 'mqtt' }>,
  heard: Heard,
  nowMs: number,
): ProbeResult | null {
  const { latest, sinceMs, deafBecause } = heard;
  if (sinceMs === null) return { kind: 'notRun', message: `cannot be heard: ${deafBecause}` };
  if (latest !== null && nowMs - latest.atMs <= maxAgeMs)
    return latest.isGood ? { kind: 'success' } : { kind: 'failure', message: `said ${latest.said}` };
  if (nowMs - Math.max(sinceMs, latest?.atMs ?? sinceMs) <= maxAgeMs) return null;
  return { kind: 'failure', message: `gave no word for more than ${maxAgeMs / 1000} s` };
}

/** The topics of discovery. */
export interface DiscoveryTopics {
  /** Events that name their type. */
  readonly events: string;
  /** The bus's own. */
  readonly register: string;
  readonly unregister: string;
}

/** One word of discovery. */
export interface DiscoveryWord {
  readonly service: string;
  /** Name or id of the container; null: of every instance. */
  readonly instance: string | null;
  /** Null: it is well, and an earlier word is taken back. */
  readonly ill: string | null;
}

/** A word of discovery; null: the text is none, or says nothing about health. */
export function parseDiscoveryWord(
  topic: string,
  text: string,
  topics: DiscoveryTopics,
): DiscoveryWord | null {
  const whole = parseRecord(text);
  if (whole === null) return null;
  // The bus's envelope has a type of its own: what it carries goes first.
  const carried = [recordIn(whole['payload']), whole].find(
    (record) => record !== null && ('service_data' in record || 'service_name' in record),
  );
  const record = carried ?? null;
  if (record === null) return null;
  const type = typeOf(topic, record, topics);
  const data = recordIn(record['service_data']) ?? record;
  const service = data['service_name'];
  if (type === null || typeof service !== 'string') return null;
  const id = data['instance_id'];
  const instance = typeof id === 'string' && id !== '' ? id : null;
  const about = { service, instance };
  switch (type) {
    case 'service_registered':
      return { ...about, ill: null };
    case 'service_unregistered':
      return { ...about, ill: 'it took itself off the bus (service_unregistered)' };
    case 'service_health_changed': {
      const status = statusIn(data)?.toLowerCase() ?? '';
      if (GOOD_WORDS.has(status)) return { ...about, ill: null };
      return ILL_WORDS.has(status) ? { ...about, ill: `discovery says ${quoted(status)}` } : null;
    }
  }
}

const DISCOVERY_TYPES = ['service_registered', 'service_unregistered', 'service_health_changed'] as const;

type DiscoveryType = (typeof DISCOVERY_TYPES)[number];
type UnknownRecord = Readonly<Record<string, unknown>>;

function typeOf(topic: string, record: UnknownRecord, topics: DiscoveryTopics): DiscoveryType | null {
  if (topic === topics.register) return 'service_registered';
  if (topic === topics.unregister) return 'service_unregistered';
  return DISCOVERY_TYPES.find((type) => type === record['event_type']) ?? null;
}

/** The status that a text gives, alone or in JSON, also under `payload`. */
function statusOf(plain: string): string | null {
  if (!plain.startsWith('{')) return plain.replace(/^"(.*)"$/, '$1');
  const record = parseRecord(plain);
  if (record === null) return null;
  const carried = record['payload'];
  const inner = recordIn(carried);
  return statusIn(record) ?? (inner === null ? textIn(carried) : statusIn(inner));
}

const statusIn = (record: UnknownRecord): string | null =>
  textIn(record['status']) ?? textIn(record['health']) ?? textIn(record['health_status']);

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : null);

function parseRecord(text: string): UnknownRecord | null {
  try {
    return recordIn(JSON.parse(text));
  } catch {
    return null;
  }
}

function recordIn(value: unknown): UnknownRecord | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

const quoted = (text: string): string =>
  JSON.stringify(text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text);
