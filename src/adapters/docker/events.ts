/**
 * Docker's event stream, as hints to look.
 * Owns: the subscription and which events say nothing. Must not know: what is looked at after a hint.
 */
import type { IncomingMessage } from 'node:http';
import type { CallOptions, EngineEvent, EngineEventSink } from '../../controller/ports.js';
import type { DockerConnection } from './connection.js';
import { adapterError } from './errors.js';
import { recordOf, textOf } from './json.js';
import { createJsonLines } from './json-lines.js';

const TYPES: readonly EngineEvent['type'][] = ['container', 'network', 'volume', 'image'];

/** Actions that change nothing that is observed. `exec_*` is left out too. */
const NOISE: ReadonlySet<string> = new Set([
  'top',
  'attach',
  'detach',
  'resize',
  'copy',
  'archive-path',
  'extract-to-dir',
  'export',
  'commit',
  'mount',
  'unmount',
]);

/** Detects a dead peer on a connection that may be silent for days. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Subscribes from the engine's own present moment on: `/events` answers before it listens, and only with `since` does it
 * make up for the gap. Filtered by type, since a filter by label would drop networks and volumes.
 */
export async function subscribe(
  connection: DockerConnection,
  sink: EngineEventSink,
  options: CallOptions,
): Promise<{ close(): void }> {
  const stream = await connection.call({ kind: 'subscribe', ...options }, async (session, abortSignal) => {
    const since = sinceOf(recordOf(await session.docker.info({ abortSignal })).SystemTime);
    const answer = await session.events.getEvents({ since, filters: { type: TYPES }, abortSignal });
    return answer as IncomingMessage;
  });
  return follow(stream, sink);
}

/** Docker's time as `seconds.nanoseconds`. */
export function sinceOf(systemTime: unknown): string {
  const text = textOf(systemTime);
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw adapterError('engine', 'Docker does not tell its time', 200);
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? '0';
  return `${Math.floor(ms / 1000)}.${fraction.padEnd(9, '0')}`;
}

/** One event of the stream; null when it says nothing. */
export function eventOf(value: unknown): EngineEvent | null {
  const raw = recordOf(value);
  const type = TYPES.find((known) => known === raw.Type);
  // Data follows a colon: `health_status: healthy`, `exec_start: ls`.
  const action = (textOf(raw.Action).split(':')[0] ?? '').trim();
  const actor = recordOf(raw.Actor);
  if (type === undefined || action === '' || NOISE.has(action) || action.startsWith('exec_')) return null;
  // Who joins or leaves a network is what has changed, not the network.
  const member = type === 'network' ? textOf(recordOf(actor.Attributes).container) : '';
  if (member !== '') return { type: 'container', action, id: member };
  return { type, action, id: textOf(actor.ID) };
}

function follow(stream: IncomingMessage, sink: EngineEventSink): { close(): void } {
  let open = true;
  const lines = createJsonLines((value) => {
    const event = open ? eventOf(value) : null;
    if (event !== null) sink.onEvent(event);
  });
  const end = (reason: string): void => {
    if (!open) return;
    open = false;
    stream.destroy();
    sink.onEnd(reason);
  };
  stream.on('data', (chunk: Buffer) => lines.push(chunk));
  stream.on('error', (error: Error) => end(`the event stream broke: ${error.message}`));
  stream.on('end', () => end('Docker ended the event stream'));
  stream.on('close', () => end('the event stream was closed'));
  stream.socket?.setKeepAlive?.(true, KEEP_ALIVE_MS);
  // It may have closed before anyone listened.
  if (stream.destroyed) queueMicrotask(() => end('the event stream was closed'));
  return {
    close() {
      open = false;
      stream.destroy();
    },
  };
}
