/**
 * The flags of the command line and how their texts are read.
 * Owns: the table of flags (names, environment variables, help) and the forms of durations and addresses.
 * Must not know: what a value is used for, commander, files, the process.
 */

/** One flag. `--mqtt-url` is also `ALICIA_MQTT_URL`; a secret one is also `ALICIA_MQTT_URL_FILE`. */
export interface Flag {
  /** Without dashes in front: `mqtt-url`. */
  readonly name: string;
  /** How its value is called in the help, e.g. `<url>`; null: the flag is a switch. */
  readonly placeholder: string | null;
  /** True: the value may also come from the file that `ALICIA_<FLAG>_FILE` names. */
  readonly secret: boolean;
  /** False: reserved by the contract; giving it is an error that says so. */
  readonly supported: boolean;
  /** One line of help, with the default. */
  readonly help: string;
}

const flag = (name: string, placeholder: string | null, help: string): Flag => ({
  name,
  placeholder,
  help,
  secret: false,
  supported: true,
});
const secret = (name: string, placeholder: string, help: string): Flag => ({
  ...flag(name, placeholder, help),
  secret: true,
});
const reserved = (name: string, placeholder: string | null): Flag => ({
  ...flag(name, placeholder, 'not in this version'),
  supported: false,
});

/** Every flag of the contract, in the order of the help. */
export const FLAGS: readonly Flag[] = [
  flag('manifests', '<dir>', 'manifest directory, or several joined by ":" (default ./manifests)'),
  flag('project', '<name>', 'whose containers these are (default alicia)'),
  flag(
    'instance',
    '<name>',
    'name of this controller on MQTT (default <host>, -<project> added unless alicia)',
  ),
  flag('network', '<name>', 'network of services that name none (default alicia_bus_network)'),
  flag('docker-host', '<url>', 'Docker Engine (default DOCKER_HOST, the Docker context, the usual sockets)'),
  secret('mqtt-url', '<url>', 'broker, e.g. mqtt://host:1883; "off" for none (default: an embedded one)'),
  flag('mqtt-prefix', '<prefix>', 'first part of every topic (default alicia)'),
  secret('mqtt-username', '<name>', 'user at the broker'),
  secret('mqtt-password', '<password>', 'password at the broker; better by ALICIA_MQTT_PASSWORD_FILE'),
  flag('mqtt-ca', '<file>', 'PEM file of the authority that signed the certificate of the broker'),
  flag('mqtt-cert', '<file>', 'PEM file of the client certificate'),
  flag('mqtt-key', '<file>', 'PEM file of the key of the client certificate'),
  flag('mqtt-listen', '<address:port>', 'where the embedded broker listens (default 127.0.0.1:1883)'),
  flag('discovery', null, 'let what services say of each other on the bus count as their health'),
  reserved('homeassistant', null),
  flag('http', '<address:port>', 'where status is served; "off" for nowhere (default 127.0.0.1:7070)'),
  secret('http-token', '<token>', 'bearer token, required beyond loopback; better by ALICIA_HTTP_TOKEN_FILE'),
  flag(
    'allow',
    '<list>',
    'what services may ask of the host, e.g. bind:/srv,socket; "all" for all (default nothing)',
  ),
  flag('allow-empty', null, 'let an empty manifest directory remove services'),
  flag('allow-mass-prune', null, 'let more than half of the services be removed at once'),
  reserved('profile', '<name>'),
  flag('rescan', '<duration>', 'how often the manifests are read without a hint (default 30s)'),
  flag('resync', '<duration>', 'how often Docker is looked at without a hint (default 30s)'),
  flag('concurrency', '<n>', 'calls to Docker at a time (default 8)'),
  flag('log-level', '<level>', 'debug, info, warn or error (default info)'),
];

/** The environment variable of a flag: `mqtt-url` → `ALICIA_MQTT_URL`. */
export const environmentNameOf = (name: string): string =>
  `ALICIA_${name.replaceAll('-', '_').toUpperCase()}`;

/** A text that was given, and by what: `--rescan` or `ALICIA_RESCAN`. */
export interface Given {
  readonly text: string;
  readonly source: string;
}

/** What reading a file came to. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Where flags come from. */
export interface FlagSources {
  /** As the command line had them, by name (`mqtt-url` or commander's `mqttUrl`); absent or undefined: not given. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => FileText;
}

/** Finds what was given for each flag; a problem goes to `onProblem`. */
export interface FlagReader {
  /** The command line first, then the environment, then the file; null: not given. An empty variable is not given. */
  text(name: string): Given | null;
  /** A switch; false when not given. */
  isOn(name: string): boolean;
}

/** A reader over command line and environment. */
export function createFlagReader(sources: FlagSources, onProblem: (message: string) => void): FlagReader {
  const text = (name: string): Given | null => {
    const typed = sources.flags[name] ?? sources.flags[camelCase(name)];
    if (typed !== undefined && typed !== null) return { text: String(typed), source: `--${name}` };
    const variable = environmentNameOf(name);
    const value = sources.environment[variable];
    if (value !== undefined && value !== '') return { text: value, source: variable };
    return FLAGS.some((each) => each.name === name && each.secret)
      ? secretFrom(`${variable}_FILE`, sources, onProblem)
      : null;
  };
  const isOn = (name: string): boolean => {
    const given = text(name);
    if (given === null) return false;
    const word = given.text.toLowerCase();
    if (['true', '1', 'yes', 'on'].includes(word)) return true;
    if (!['false', '0', 'no', 'off'].includes(word))
      onProblem(`${given.source}: expected true or false, got "${given.text}"`);
    return false;
  };
  return { text, isOn };
}

function secretFrom(
  variable: string,
  sources: FlagSources,
  onProblem: (message: string) => void,
): Given | null {
  const path = sources.environment[variable];
  if (path === undefined || path === '') return null;
  const file = sources.readFile(path);
  if (file.kind === 'failed') {
    onProblem(`${variable}: cannot read ${path}: ${file.reason}; make it readable or unset ${variable}`);
    return null;
  }
  const value = file.text.replace(/\r?\n$/, '');
  if (value !== '') return { text: value, source: variable };
  onProblem(`${variable}: ${path} is empty; put the value into it or unset ${variable}`);
  return null;
}

const camelCase = (name: string): string =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds of `30s`, `1m30s`, `500ms`, `1.5h`; null when the text is no duration. A unit is always required. */
export function parseDuration(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/gy)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null;
  return Math.round(
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0),
  );
}

/** Host and port of `127.0.0.1:7070`, `localhost:7070` or `[::1]:7070`; null when the text is neither. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } | null {
  const [, six, name, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? name;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? null : { host, port };
}

/** Whether only this machine can reach a server that listens there. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
