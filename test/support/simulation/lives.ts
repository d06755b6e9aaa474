/**
 * Controllers of a simulated world, one life each.
 * Owns: starting one on what it may touch, and what it says of itself. Must not know: what it is for.
 */
import type { Controller } from '../../../src/controller/api.js';
import { createController } from '../../../src/controller/controller.js';
import type { Log } from '../../../src/controller/ports.js';
import { type CallMoment, createLifeline, type Lifeline, type Outside } from './lifeline.js';
import { OPTIONS } from './settings.js';
import { type Trace, timed, tracedEngine, tracedPublisher } from './trace.js';

/** Told of every moment of every call of a controller, counted from 1. */
export type OnCall = (number: number, moment: CallMoment, name: string, line: Lifeline) => void;

/** One life of a controller. */
export interface Life {
  readonly controller: Controller;
  readonly line: Lifeline;
}

/** What a life is begun with. */
export interface Beginning {
  /** In the trace. */
  readonly who: string;
  readonly outside: Outside;
  readonly resyncMs: number;
  readonly createId: () => string;
  /** Told of what the controller logs as an error: a bug of ours. */
  readonly onBug: (sentence: string) => void;
  readonly onCall?: OnCall | undefined;
  readonly trace?: Trace | undefined;
}

/** Starts a controller. */
export function beginLife({ who, outside, resyncMs, createId, onBug, onCall, trace }: Beginning): Life {
  const line = createLifeline(trace === undefined ? outside : traced(outside, who, trace), onCall);
  const limits = { ...OPTIONS.limits, resyncMs };
  const log = logThat((sentence) => onBug(`${who} says: ${sentence}`));
  const controller = createController({ ...line.outside, ...OPTIONS, limits, log, createId });
  void controller.start();
  return { controller, line };
}

function traced(outside: Outside, who: string, trace: Trace): Outside {
  const tell = timed(trace, outside.clock);
  tell(`${who} starts`);
  return {
    ...outside,
    engine: tracedEngine(outside.engine, who, tell),
    publisher: tracedPublisher(outside.publisher, who, tell),
  };
}

/** A log of which only errors matter: they tell of a bug of ours. */
function logThat(onError: (sentence: string) => void): Log {
  return {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (facts, message) => onError(`${message} ${JSON.stringify(facts)}`),
  };
}

function ignore(): void {}
