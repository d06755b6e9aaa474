/**
 * Pulls an image and tells how far it is.
 * Owns: when a pull has succeeded, failed or fallen silent, and the wording of its progress. Must not know: when to pull.
 */
import type { IncomingMessage } from 'node:http';
import type { CallOptions, Clock } from '../../controller/ports.js';
import type { DockerConnection } from './connection.js';
import { adapterError, deadlineError } from './errors.js';
import { type JsonRecord, numberOf, recordOf, textOf } from './json.js';
import { createJsonLines } from './json-lines.js';
import { findLogin, splitReference } from './registry-login.js';

/** Shortest time between two lines of progress. */
const PROGRESS_EVERY_MS = 500;

/** A pull to make. */
export interface Pull {
  readonly reference: string;
  readonly onProgress: (line: string) => void;
}

/**
 * Pulls. A pull may take long, so its deadline is one of silence: `deadlineMs` without a word is `unknownOutcome`, and so
 * is a stream that was cut. An error that the stream tells is `pullFailed`.
 */
export async function pullImage(
  connection: DockerConnection,
  pull: Pull,
  options: CallOptions,
): Promise<void> {
  const { name, tag } = splitReference(pull.reference);
  const login = await findLogin(pull.reference);
  const answer = await connection.call({ kind: 'pullImage', ...options }, ({ docker }, abortSignal) =>
    docker.createImage(login ?? undefined, { _query: { fromImage: name, tag }, _body: {}, abortSignal }),
  );
  await followPull(answer as IncomingMessage, connection.clock, pull.onProgress, options);
}

function followPull(
  stream: IncomingMessage,
  clock: Clock,
  onProgress: (line: string) => void,
  { deadlineMs }: CallOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure = '';
    let told = '';
    let toldAt = Number.NEGATIVE_INFINITY;
    const progress = createPullProgress();
    let cancel = armSilence();

    function armSilence(): () => void {
      return clock.after(deadlineMs, () => settle(() => reject(deadlineError('pullImage', deadlineMs))));
    }
    function settle(how: () => void): void {
      cancel();
      how();
      stream.destroy();
    }
    function end(): void {
      if (failure !== '') settle(() => reject(adapterError('pullFailed', failure, 200)));
      else if (stream.complete) settle(resolve);
      else settle(() => reject(adapterError('unknownOutcome', 'the progress of the pull was cut off')));
    }
    const lines = createJsonLines((value) => {
      const message = recordOf(value);
      failure ||= textOf(recordOf(message.errorDetail).message) || textOf(message.error);
      const line = progress(message);
      const { monotonicMs } = clock.now();
      if (line === '' || line === told || monotonicMs - toldAt < PROGRESS_EVERY_MS) return;
      told = line;
      toldAt = monotonicMs;
      onProgress(line);
    });
    stream.on('data', (chunk: Buffer) => {
      cancel();
      cancel = armSilence();
      lines.push(chunk);
    });
    stream.on('end', end);
    stream.on('error', end);
    stream.on('close', end);
    if (stream.destroyed) end();
  });
}

interface Layer {
  current: number;
  total: number;
  isDone: boolean;
}

/** Creates a reader of progress messages that says after each how far the whole is: `layer 3/5 40 %`; empty while unknown. */
export function createPullProgress(): (message: JsonRecord) => string {
  const layers = new Map<string, Layer>();
  return (message) => {
    const id = textOf(message.id);
    const status = textOf(message.status);
    if (id === '' || status.startsWith('Pulling from')) return '';
    const layer = layers.get(id) ?? { current: 0, total: 0, isDone: false };
    layers.set(id, layer);
    const detail = recordOf(message.progressDetail);
    if (status === 'Downloading') {
      layer.current = numberOf(detail.current);
      layer.total = Math.max(numberOf(detail.total), layer.current);
    } else if (status === 'Download complete') {
      layer.current = layer.total;
    } else if (status === 'Pull complete' || status === 'Already exists') {
      layer.current = layer.total;
      layer.isDone = true;
    }
    return progressLine([...layers.values()]);
  };
}

function progressLine(layers: readonly Layer[]): string {
  const done = layers.filter((layer) => layer.isDone).length;
  const total = layers.reduce((sum, layer) => sum + layer.total, 0);
  const current = layers.reduce((sum, layer) => sum + layer.current, 0);
  const share = total === 0 ? '' : ` ${Math.floor((100 * current) / total)} %`;
  return `layer ${done}/${layers.length}${share}`;
}
