/**
 * The part of the configuration about MQTT and HTTP.
 * Owns: which broker is meant, with which secrets; where status is served and who may read it.
 * Must not know: the libraries that speak them, files.
 */
import { type FileText, type FlagReader, type Given, isLoopback, parseAddress } from './flags.js';

/** An address to listen on. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Which broker is used. */
export type MqttChoice =
  | { readonly kind: 'off' }
  /** No address was given: an embedded one on `listen`, unless a service or another process holds the port. */
  | { readonly kind: 'embedded'; readonly listen: Address }
  | {
      readonly kind: 'broker';
      /** Without user and password. */
      readonly url: string;
      readonly username: string | null;
      readonly password: string | null;
      /** PEM texts. */
      readonly ca: string | null;
      readonly cert: string | null;
      readonly key: string | null;
    };

/** Where status is served over TCP. */
export type HttpChoice =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly token: string | null;
      /** True: asked for by the user, so that a taken port is an error and not a warning. */
      readonly isGiven: boolean;
    };

/** What reading this part needs. */
export interface TransportContext {
  readonly reader: FlagReader;
  readonly onProblem: (message: string) => void;
}

/** Which broker is used, and how to log in there. */
export function mqttOf(
  context: TransportContext & { readonly readFile: (path: string) => FileText },
): MqttChoice {
  const { reader, onProblem } = context;
  const given = reader.text('mqtt-url');
  const listen = reader.text('mqtt-listen');
  if (given !== null && listen !== null)
    onProblem(
      `${listen.source}: only for the embedded broker, and ${given.source} names another; leave one out`,
    );
  if (given === null) return { kind: 'embedded', listen: listenOf(context, listen) };
  if (given.text === 'off') return { kind: 'off' };
  const url = brokerUrlOf(context, given);
  const username = reader.text('mqtt-username')?.text ?? decoded(url?.username ?? '');
  const password = reader.text('mqtt-password')?.text ?? decoded(url?.password ?? '');
  const cert = pemOf(context, 'mqtt-cert');
  const key = pemOf(context, 'mqtt-key');
  if (password !== '' && username === '')
    onProblem('--mqtt-password: a password needs a user; give --mqtt-username too');
  if ((cert === null) !== (key === null))
    onProblem('--mqtt-cert and --mqtt-key belong together; give both or none');
  return {
    kind: 'broker',
    url: url === null ? '' : withoutLogin(url),
    username: username === '' ? null : username,
    password: password === '' ? null : password,
    ca: pemOf(context, 'mqtt-ca'),
    cert,
    key,
  };
}

function listenOf({ onProblem }: TransportContext, given: Given | null): Address {
  const address = parseAddress(given?.text ?? '127.0.0.1:1883');
  if (address === null)
    onProblem(`${given?.source}: expected address:port such as 127.0.0.1:1883, got "${given?.text}"`);
  return address ?? { host: '127.0.0.1', port: 1883 };
}

/** The text of the problem never repeats the address: it may hold a password. */
function brokerUrlOf({ onProblem }: TransportContext, given: Given): URL | null {
  const url = URL.canParse(given.text) ? new URL(given.text) : null;
  if (url !== null && /^(mqtts?|wss?):$/.test(url.protocol) && url.hostname !== '') return url;
  onProblem(
    `${given.source}: expected an address such as mqtt://host:1883 (or mqtts, ws, wss), or "off"; put the scheme in front`,
  );
  return null;
}

function withoutLogin(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pemOf(
  context: TransportContext & { readonly readFile: (path: string) => FileText },
  name: string,
): string | null {
  const given = context.reader.text(name);
  if (given === null) return null;
  const file = context.readFile(given.text);
  if (file.kind === 'text' && file.text.includes('-----BEGIN ')) return file.text;
  const found = file.kind === 'text' ? 'it holds none' : `it cannot be read: ${file.reason}`;
  context.onProblem(`${given.source}: expected the path of a PEM file, but of ${given.text} ${found}`);
  return null;
}

/** First part of every topic. */
export function prefixOf({ reader, onProblem }: TransportContext): string {
  const given = reader.text('mqtt-prefix');
  if (given === null) return 'alicia';
  const levels = given.text.split('/');
  if (levels.some((level) => level === '' || /[#+\0]/.test(level)) || given.text.startsWith('$'))
    onProblem(
      `${given.source}: expected words joined by "/", without "#", "+" and "$" in front, got "${given.text}"`,
    );
  return given.text;
}

/** Where status is served. */
export function httpOf({ reader, onProblem }: TransportContext): HttpChoice {
  const given = reader.text('http');
  const token = reader.text('http-token');
  if (given?.text === 'off') return { kind: 'off' };
  const address = parseAddress(given?.text ?? '127.0.0.1:7070');
  if (given !== null && address === null)
    onProblem(`${given.source}: expected address:port such as 127.0.0.1:7070, or "off", got "${given.text}"`);
  if (token !== null && !/^[\x21-\x7e]+$/.test(token.text))
    onProblem(`${token.source}: expected printable ASCII without spaces`);
  const { host, port } = address ?? { host: '127.0.0.1', port: 0 };
  if (!isLoopback(host) && token === null)
    onProblem(
      `${given?.source}: ${host} can be reached from other machines: give --http-token or ALICIA_HTTP_TOKEN_FILE, or listen on 127.0.0.1`,
    );
  return { kind: 'tcp', host, port, token: token?.text ?? null, isGiven: given !== null };
}
