/**
 * The line on which a controller's life hangs: once it is cut, nothing that the controller does has any effect.
 * Owns: cutting off calls, timers, messages. Must not know: the controller.
 */
import type { Clock, Engine, ManifestFiles, Publisher } from '../../../src/controller/ports.js';

/** When, around a call, something may happen to the caller. `sent`: on its way, not yet arrived. */
export type CallMoment = 'before' | 'sent' | 'after';

/** The outside world as one controller sees it. */
export interface Outside {
  readonly engine: Engine;
  readonly files: ManifestFiles;
  readonly clock: Clock;
  readonly publisher: Publisher;
}

/** An outside that can be cut off. */
export interface Lifeline {
  readonly outside: Outside;
  isAlive(): boolean;
  /** From now on calls never settle, timers never fire, nothing is published. What was sent may still take effect. */
  cut(): void;
  /** Calls made so far. */
  calls(): number;
}

/** Hangs a controller's life on a line. `onCall` is told of every moment of every call, counted from 1. */
export function createLifeline(
  outside: Outside,
  onCall: (number: number, moment: CallMoment, name: string, line: Lifeline) => void = () => undefined,
): Lifeline {
  let alive = true;
  let calls = 0;
  const around = (name: string, make: () => unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!alive) return;
      calls += 1;
      const number = calls;
      onCall(number, 'before', name, line);
      if (!alive) return;
      const answer = Promise.resolve(make());
      onCall(number, 'sent', name, line);
      answer.then(
        (value) => {
          if (alive) onCall(number, 'after', name, line);
          if (alive) resolve(value);
        },
        (error: unknown) => {
          if (alive) onCall(number, 'after', name, line);
          if (alive) reject(error);
        },
      );
    });
  const line: Lifeline = {
    isAlive: () => alive,
    cut: () => {
      alive = false;
    },
    calls: () => calls,
    outside: {
      engine: guarded(outside.engine, around, () => alive),
      files: {
        scan: () => unlessCut(outside.files.scan(), () => alive),
        watch: (onHint, onWarning) =>
          outside.files.watch(
            () => alive && onHint(),
            (message) => alive && onWarning(message),
          ),
        stop: () => outside.files.stop(),
      },
      clock: {
        now: () => outside.clock.now(),
        after: (delayMs, action) => outside.clock.after(delayMs, () => alive && action()),
      },
      publisher: {
        publishEvent: (event) => alive && outside.publisher.publishEvent(event),
        publishStatus: (service, status) => alive && outside.publisher.publishStatus(service, status),
      },
    },
  };
  return line;
}

function unlessCut<T>(answer: Promise<T>, isAlive: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    answer.then(
      (value) => isAlive() && resolve(value),
      (error: unknown) => isAlive() && reject(error),
    );
  });
}

/** Every call goes through `around`; what is subscribed falls silent with the line. */
function guarded(
  engine: Engine,
  around: (name: string, make: () => unknown) => Promise<unknown>,
  isAlive: () => boolean,
): Engine {
  const silenced: Engine = {
    ...engine,
    subscribe: (sink, options) =>
      engine.subscribe(
        {
          onEvent: (event) => isAlive() && sink.onEvent(event),
          onEnd: (reason) => isAlive() && sink.onEnd(reason),
        },
        options,
      ),
  };
  return new Proxy(silenced, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => around(String(key), () => Reflect.apply(member, target, args));
    },
  });
}
