/**
 * The engine of a controller: waited for, and asked who else is there.
 * Owns: patience with an engine that is away. Must not know: what the controller does on it.
 */
import { askController } from '../adapters/http/control-socket.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import { type Clock, type Engine, EngineError, type Log } from '../controller/ports.js';
import type { EngineInfo } from '../model/observed.js';
import { CommandError, sentenceOf } from './command-error.js';
import type { OpenEngine } from './open-engine.js';
import type { Signals } from './signals.js';
import { pause } from './wait-for.js';

/** How to wait for an engine. */
export interface Patience {
  readonly log: Log;
  readonly clock: Clock;
  readonly signals: Signals;
  readonly onFirstFailure: () => Promise<void>;
}

/** Connects, as often as it takes. Null: a signal came first. */
export async function connectPatiently(
  engine: Pick<Engine, 'connect'>,
  patience: Patience,
): Promise<EngineInfo | null> {
  const call = { deadlineMs: LIMITS.deadlines.connectMs };
  const connected = await askPatiently(() => engine.connect(call), patience);
  return connected?.value ?? null;
}

/** Asks the engine something, as often as it takes for an answer. Null: a signal came first. */
export async function askPatiently<Value>(
  ask: () => Promise<Value>,
  { log, clock, signals, onFirstFailure }: Patience,
): Promise<{ readonly value: Value } | null> {
  const { firstMs, mostMs } = LIMITS.engineRetry;
  for (let delayMs: number = firstMs; signals.first === null; delayMs = Math.min(mostMs, delayMs * 2)) {
    try {
      return { value: await ask() };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // An engine that is too old, or an address that is none, does not get better by waiting.
      if (error.failure.code === 'rejected') throw new CommandError(error.message);
      if (delayMs === firstMs) {
        log.warn({ reason: error.message }, 'No Docker Engine answers; it is tried again until one does');
        await onFirstFailure();
      }
    }
    await pause(clock, delayMs, signals);
  }
  return null;
}

/** `pid 4711 (/srv/manifests)`. */
export async function nameOfHolder({ project }: Config, { info }: OpenEngine): Promise<string> {
  try {
    const report = await askController({ engineId: info.id, project, limits: LIMITS.http });
    if (report !== null) return `pid ${report.pid} (${report.manifests.join(', ') || 'no manifests'})`;
    return 'one that is just ending';
  } catch (error) {
    return `one that does not answer (${sentenceOf(error)})`;
  }
}
