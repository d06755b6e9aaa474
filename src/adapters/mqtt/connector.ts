/**
 * Keeps one connection to a broker, as well as the broker lets it.
 * Owns: when a connection is tried again, with which version of the protocol, what people are told about it.
 * Must not know: what is sent.
 */
import type { Log } from '../../controller/ports.js';
import {
  type BrokerBounds,
  type BrokerLogin,
  type Link,
  type LinkEnd,
  openLink,
  type ProtocolVersion,
} from './link.js';
import { within } from './within.js';

/** Maxima of a connector. */
export interface ConnectorLimits {
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  readonly connectMs: number;
  readonly keepAliveSeconds: number;
  readonly eventExpirySeconds: number;
}

/** What a connector needs. */
export interface ConnectorOptions {
  readonly login: BrokerLogin;
  readonly clientId: string;
  /** Published, retained, by the broker when we vanish; null: nothing. */
  readonly will: { readonly topic: string; readonly payload: string } | null;
  readonly limits: ConnectorLimits;
  readonly log: Log;
  readonly onUp: (link: Link, bounds: BrokerBounds) => void;
  readonly onMessage: (topic: string, payload: string, isRetained: boolean) => void;
  readonly onDown: () => void;
}

/** A connection that comes back. */
export interface Connector {
  /** Goes to a broker, leaving the one before; null: to none. */
  target(url: string | null): void;
  /** Ends it for good, politely if that takes no longer than `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

interface State {
  readonly options: ConnectorOptions;
  url: string | null;
  link: Link | null;
  isUp: boolean;
  version: ProtocolVersion;
  silentTries: number;
  failures: number;
  /** Connections in a row that stood for a moment only: two clients of one name push each other out like this. */
  shortLives: number;
  upSince: number;
  isOutageTold: boolean;
  timer: NodeJS.Timeout | null;
  isClosed: boolean;
  whenDown: () => void;
}

/** Closed without a word this often with MQTT 5: the broker may be too old to say that it does not know it. */
const SILENT_TRIES = 3;

/** Short lives in a row after which people are told once what may be wrong, and then no more. */
const FLAPS = 3;

/** A connector that does nothing before its first target. */
export function createConnector(options: ConnectorOptions): Connector {
  const state: State = {
    options,
    url: null,
    link: null,
    isUp: false,
    ...FRESH,
    upSince: 0,
    timer: null,
    isClosed: false,
    whenDown: () => {},
  };
  return {
    target: (url) => {
      if (url === state.url || state.isClosed) return;
      const old = state.link;
      stopTimer(state);
      Object.assign(state, FRESH, { url, link: null });
      if (state.isUp) leave(state);
      old?.close(true);
      connect(state);
    },
    close: async (timeoutMs) => {
      state.isClosed = true;
      stopTimer(state);
      const { link } = state;
      if (link === null) return;
      await within(timeoutMs, (done) => {
        state.whenDown = done;
        link.close(true);
      });
      if (state.link !== null) link.close(false);
    },
  };
}

/** What is known about a broker before the first try. */
const FRESH = { version: 5, silentTries: 0, failures: 0, shortLives: 0, isOutageTold: false } as const;

function connect(state: State): void {
  const { url, options } = state;
  state.timer = null;
  if (url === null || state.link !== null || state.isClosed) return;
  const { login, limits, clientId, will } = options;
  const link: Link = openLink(
    { ...login, ...limits, url, version: state.version, clientId, will },
    {
      onUp: (bounds) => {
        if (link === state.link) arrive(state, link, bounds);
      },
      onMessage: (topic, payload, isRetained) => {
        if (link === state.link) options.onMessage(topic, payload, isRetained);
      },
      onDown: (end) => {
        if (link === state.link) lose(state, end);
      },
    },
  );
  state.link = link;
}

function arrive(state: State, link: Link, bounds: BrokerBounds): void {
  state.isUp = true;
  state.upSince = performance.now();
  const facts = { url: state.url, protocol: state.version === 5 ? '5' : '3.1.1' };
  const { log } = state.options;
  if (state.shortLives >= FLAPS) log.debug(facts, 'Connected to the broker again');
  else {
    state.isOutageTold = false;
    log.info(facts, 'Connected to the broker');
  }
  state.options.onUp(link, bounds);
}

function leave(state: State): void {
  state.isUp = false;
  state.options.onDown();
}

function lose(state: State, end: LinkEnd): void {
  const { limits } = state.options;
  const wasUp = state.isUp;
  state.link = null;
  if (wasUp) leave(state);
  state.whenDown();
  if (state.isClosed) return;
  if (wasUp) judgeLife(state, performance.now() - state.upSince);
  const before = state.version;
  state.version = nextVersion(state, wasUp, end);
  if (before === 5 && state.version === 4) {
    connect(state);
    return;
  }
  tell(state, end);
  const delayMs = Math.min(limits.retryFirstMs * 2 ** state.failures, limits.retryMostMs);
  state.failures = Math.min(state.failures + 1, 16);
  state.timer = setTimeout(() => connect(state), delayMs);
}

/** MQTT 5 after every connection that stood, for the broker may be another by then; 3.1.1 where 5 is refused. */
function nextVersion(state: State, wasUp: boolean, end: LinkEnd): ProtocolVersion {
  const silentTries = end.kind === 'silent' ? state.silentTries + 1 : 0;
  const isUnwelcome = end.kind === 'versionRefused' || silentTries >= SILENT_TRIES;
  state.silentTries = isUnwelcome ? 0 : silentTries;
  if (wasUp) return 5;
  if (!isUnwelcome) return state.version;
  return state.version === 5 ? 4 : 5;
}

/** A connection that stood long enough ends the back-off; the longest pause of a rival is `retryMostMs`. */
function judgeLife(state: State, livedMs: number): void {
  const isLong = livedMs > 2 * state.options.limits.retryMostMs;
  if (isLong) state.failures = 0;
  if (isLong) state.isOutageTold = false;
  state.shortLives = isLong ? 0 : state.shortLives + 1;
}

/** Once per outage. */
function tell(state: State, end: LinkEnd): void {
  const { log } = state.options;
  const facts = { url: state.url, reason: end.message };
  if (end.kind === 'lost' && state.shortLives === FLAPS) {
    state.isOutageTold = true;
    log.warn(
      facts,
      'The broker ends the connection again and again: if another controller of this name is there, give one another --instance',
    );
  } else if (!state.isOutageTold) {
    state.isOutageTold = true;
    log.warn(facts, 'The broker is away; the controller goes on without it and tries again');
  }
}

function stopTimer(state: State): void {
  if (state.timer !== null) clearTimeout(state.timer);
  state.timer = null;
}
