/**
 * The configuration: command line and environment to one typed value, or to every problem at once; and the maxima.
 * Owns: defaults, bounds, {@link LIMITS}. Must not know: files, the process, commander, who uses a value.
 */
import { allowOf } from './config-allow.js';
import { type HttpChoice, httpOf, type MqttChoice, mqttOf, prefixOf } from './config-transports.js';
import { createFlagReader, FLAGS, type FlagReader, type FlagSources, parseDuration } from './flags.js';
import type { PolicyWord } from './model/policy.js';

/**
 * Every queue, retry, wait and buffer has its maximum here. Those who need one are handed it; nobody but the command
 * line imports this file.
 */
export const LIMITS = {
  /** Calls to the engine at a time: default and most. */
  concurrency: 8,
  concurrencyMost: 64,
  /** How often everything is looked at without a hint: defaults and bounds. */
  resyncMs: 30_000,
  rescanMs: 30_000,
  intervalLeastMs: 1000,
  intervalMostMs: 3_600_000,
  /** How long one call to the engine may take. */
  deadlines: {
    connectMs: 10_000,
    listMs: 30_000,
    inspectMs: 30_000,
    createMs: 120_000,
    startMs: 120_000,
    /** Added to the grace period of the container; grace + 14 s was seen. */
    stopExtraMs: 20_000,
    removeMs: 120_000,
    changeMs: 60_000,
    /** Without any progress; a pull that moves may take as long as it needs. */
    pullIdleMs: 300_000,
  },
  /** Tries to reach an engine that is away: 1 s doubling to 30 s, without end. */
  engineRetry: { firstMs: 1000, mostMs: 30_000 },
  /** A step that failed is tried again after 10 s doubling to 300 s (kubelet's figures), without end. */
  stepRetry: { firstMs: 10_000, mostMs: 300_000 },
  /** Bytes of one manifest. */
  manifestBytes: 1_048_576,
  /** Problems told per file. */
  problemsPerFile: 20,
  /** Latest steps that a running controller can still be asked for. */
  recentSteps: 500,
  /** How long SIGTERM waits for steps in flight. */
  shutdownMs: 30_000,
  mqtt: {
    /** Events kept for a broker that is away; the oldest are dropped and counted. */
    eventRing: 1000,
    /** Messages sent and not yet acknowledged; the broker's own maximum counts when it is lower. */
    inFlight: 64,
    /** Tries to reach a broker that is away: 1 s doubling to 10 s, without end. */
    retryFirstMs: 1000,
    retryMostMs: 10_000,
    /** From opening the socket to the broker's word. */
    connectMs: 10_000,
    keepAliveSeconds: 30,
    /** How long a broker keeps an event for a subscriber that is away (MQTT 5 only). */
    eventExpirySeconds: 3600,
    /** How long retained states of an earlier run are collected. */
    sweepMs: 2000,
    /** How long `stop` waits for what is still to be sent. */
    stopMs: 3000,
    /** Bytes of one word of health; what is longer is not looked at. */
    inboundBytes: 65_536,
    /** Topics that probes listen to. */
    inboundTopics: 1000,
  },
  probes: {
    /** Probes under way at once. */
    concurrency: 32,
  },
  broker: {
    /** Clients of the embedded broker. */
    connections: 200,
    stopMs: 2000,
    /** Tries to take a port back from a service that is on its way out. */
    reclaimEveryMs: 2000,
    reclaimTries: 60,
  },
  http: {
    connections: 200,
    /** From the first byte of a request to its last. */
    requestMs: 10_000,
    /** How long a command waits for an answer of the running controller. */
    askMs: 5000,
    /** Bytes of one answer that a command accepts. */
    answerBytes: 64 * 1_048_576,
  },
  log: {
    /** Bytes kept while whoever reads the log does not; what is beyond is dropped. */
    bufferBytes: 1_048_576,
    /** How long the end of the process waits for whoever reads the log. */
    flushMs: 1000,
  },
} as const;

/** Severity from which on the log says things. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything that can be set. */
export interface Config {
  /** As given; at least one. */
  readonly manifests: readonly string[];
  readonly project: string;
  readonly instance: string;
  readonly network: string;
  /** Null: DOCKER_HOST, the current Docker context, the usual sockets. */
  readonly dockerHost: string | null;
  readonly mqtt: MqttChoice;
  readonly mqttPrefix: string;
  /** True: what discovery says on the bus counts as health. */
  readonly discovery: boolean;
  readonly http: HttpChoice;
  /** What services may ask of the host beyond what every service may. */
  readonly allow: readonly PolicyWord[];
  readonly allowEmpty: boolean;
  readonly allowMassPrune: boolean;
  readonly rescanMs: number;
  readonly resyncMs: number;
  readonly concurrency: number;
  readonly logLevel: LogLevel;
}

/** Where the configuration comes from. */
export interface ConfigInput extends FlagSources {
  /** Arguments `[dir]…`; they win over `--manifests`. */
  readonly directories: readonly string[];
  /** Name of this machine. */
  readonly hostname: string;
}

/** A whole configuration, or every reason why there is none. */
export type ConfigResult =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** Reads the configuration. Never throws; every problem says what was expected, what came and what to do. */
export function parseConfig(input: ConfigInput): ConfigResult {
  const problems: string[] = [];
  const onProblem = (message: string): void => {
    problems.push(message);
  };
  const reader = createFlagReader(input, onProblem);
  const context: Context = { input, reader, onProblem };
  for (const flag of FLAGS.filter((each) => !each.supported)) {
    const given = reader.text(flag.name);
    if (given !== null) onProblem(`${given.source}: this version has no such feature yet; leave it out`);
  }
  const project = matching(context, 'project', 'alicia', NAME, NAME_FORM);
  const config: Config = {
    manifests: directoriesOf(context),
    project,
    instance: instanceOf(context, project),
    network: matching(context, 'network', 'alicia_bus_network', DOCKER_NAME, DOCKER_NAME_FORM),
    dockerHost: dockerHostOf(context),
    mqtt: mqttOf({ reader, onProblem, readFile: input.readFile }),
    mqttPrefix: prefixOf(context),
    discovery: reader.isOn('discovery'),
    http: httpOf(context),
    allow: allowOf(reader, onProblem),
    allowEmpty: reader.isOn('allow-empty'),
    allowMassPrune: reader.isOn('allow-mass-prune'),
    rescanMs: intervalOf(context, 'rescan', LIMITS.rescanMs),
    resyncMs: intervalOf(context, 'resync', LIMITS.resyncMs),
    concurrency: concurrencyOf(context),
    logLevel: logLevelOf(context),
  };
  return problems.length === 0 ? { kind: 'config', config } : { kind: 'problems', problems };
}

interface Context {
  readonly input: ConfigInput;
  readonly reader: FlagReader;
  readonly onProblem: (message: string) => void;
}

const NAME = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;
const NAME_FORM = 'a-z, 0-9, - and _, at most 63, beginning and ending with a letter or digit';
const DOCKER_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;
const DOCKER_NAME_FORM = 'letters, digits, "_", "." and "-", beginning with a letter or digit';
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

function matching(context: Context, name: string, fallback: string, form: RegExp, words: string): string {
  const given = context.reader.text(name);
  if (given === null) return fallback;
  if (!form.test(given.text))
    context.onProblem(`${given.source}: expected a name of ${words}, got "${given.text}"`);
  return given.text;
}

function directoriesOf({ input, reader, onProblem }: Context): readonly string[] {
  if (input.directories.length > 0) return input.directories;
  const given = reader.text('manifests');
  if (given === null) return ['./manifests'];
  const directories = given.text.split(':').filter((part) => part !== '');
  if (directories.length === 0) onProblem(`${given.source}: expected a directory, got "${given.text}"`);
  return directories;
}

function instanceOf(context: Context, project: string): string {
  const host =
    context.input.hostname.replace(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'localhost';
  const fallback = (project === 'alicia' ? host : `${host}-${project}`).slice(0, 128);
  return matching(context, 'instance', fallback, DOCKER_NAME, DOCKER_NAME_FORM);
}

function dockerHostOf({ reader, onProblem }: Context): string | null {
  const given = reader.text('docker-host');
  if (given === null) return null;
  if (!/^(unix|tcp|http|https|npipe|ssh):\/\/./.test(given.text))
    onProblem(
      `${given.source}: expected an address such as unix:///var/run/docker.sock or tcp://host:2375, got "${given.text}"`,
    );
  return given.text;
}

function intervalOf({ reader, onProblem }: Context, name: string, fallback: number): number {
  const given = reader.text(name);
  if (given === null) return fallback;
  const value = parseDuration(given.text);
  if (value !== null && value >= LIMITS.intervalLeastMs && value <= LIMITS.intervalMostMs) return value;
  onProblem(`${given.source}: expected a duration from 1s to 1h such as 30s or 1m30s, got "${given.text}"`);
  return fallback;
}

function concurrencyOf({ reader, onProblem }: Context): number {
  const given = reader.text('concurrency');
  if (given === null) return LIMITS.concurrency;
  const value = Number(given.text);
  if (/^\d+$/.test(given.text) && value >= 1 && value <= LIMITS.concurrencyMost) return value;
  onProblem(
    `${given.source}: expected a whole number from 1 to ${LIMITS.concurrencyMost}, got "${given.text}"`,
  );
  return LIMITS.concurrency;
}

function logLevelOf({ reader, onProblem }: Context): LogLevel {
  const given = reader.text('log-level');
  const level = LEVELS.find((each) => each === (given?.text ?? 'info').toLowerCase());
  if (level === undefined)
    onProblem(`${given?.source}: expected one of ${LEVELS.join(', ')}, got "${given?.text}"`);
  return level ?? 'info';
}
