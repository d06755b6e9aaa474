/**
 * Faults between a controller and its engine: what is lost, late, refused, doubled, unheard.
 * Owns: which calls and events are spoilt, by chance and by rates. Must not know: the controller, what is asked for.
 */
import {
  type CallOptions,
  type Clock,
  type Engine,
  EngineError,
  type EngineEvent,
  type EngineEventSink,
} from '../../../src/controller/ports.js';
import type { FailureCode } from '../../../src/model/failure.js';
import type { Random } from './random.js';

/** Chances from 0 to 1, each of one call or one event. */
export interface FaultRates {
  readonly requestLost: number;
  readonly replyLost: number;
  /** The caller hears nothing in time; the effect comes afterwards. */
  readonly lateEffect: number;
  /** No answer before the deadline, no effect. */
  readonly hangs: number;
  readonly refused: number;
  readonly eventDropped: number;
  readonly eventDoubled: number;
  readonly eventDelayed: number;
}

/** The faults of one world. */
export interface Faults {
  readonly engine: Engine;
  /** What happened, by its name. */
  readonly counts: ReadonlyMap<string, number>;
  /** Counts something else that happened. */
  note(what: string): void;
  /** Nobody answers, and every stream ends, until `up`. */
  down(): void;
  up(): void;
  /** From now on the call is spoilt whenever the condition holds. */
  breakCalls(fault: CallFault): void;
  /** No fault any more. What was sent late may still arrive. */
  heal(): void;
}

/** Decides about one call: null leaves it alone. `hang`: no answer before its deadline. */
export type CallFault = (call: string, args: readonly unknown[]) => 'hang' | FailureCode | null;

const READS: ReadonlySet<string> = new Set([
  'connect',
  'subscribe',
  'list',
  'inspectContainer',
  'inspectNetwork',
  'inspectVolume',
  'inspectImage',
]);

/** What an engine may answer to each write although nothing is wrong with what was asked. */
const REFUSALS: Readonly<Record<string, readonly FailureCode[]>> = {
  pullImage: ['pullFailed', 'engine'],
  createNetwork: ['noAddressPool', 'engine'],
  removeNetwork: ['inUse', 'engine'],
  createVolume: ['engine'],
  removeVolume: ['inUse'],
  createContainer: ['nameInUse', 'noSuchImage', 'noSuchNetwork', 'rejected', 'engine'],
  startContainer: ['portInUse', 'attachmentGone', 'engine'],
  stopContainer: ['stuck', 'engine'],
  restartContainer: ['engine'],
  unpauseContainer: ['engine'],
  removeContainer: ['removalInProgress', 'inUse', 'engine'],
  renameContainer: ['nameInUse', 'engine'],
  updateContainer: ['rejected', 'engine'],
  exec: ['noSuchContainer', 'engine'],
  connectNetwork: ['noSuchNetwork', 'engine'],
  disconnectNetwork: ['engine'],
};
const MAX_LATE_MS = 4_000;
const MAX_DELAY_MS = 3_000;

interface Inside {
  readonly clock: Clock;
  readonly random: Random;
  readonly counts: Map<string, number>;
  readonly sinks: Set<EngineEventSink>;
  rates: FaultRates | null;
  isDown: boolean;
  broken: CallFault;
}

/** Puts faults before an engine. Without rates nothing is spoilt by chance. */
export function createFaults(
  engine: Engine,
  options: { readonly clock: Clock; readonly random: Random; readonly rates: FaultRates | null },
): Faults {
  const inside: Inside = {
    ...options,
    counts: new Map(),
    sinks: new Set(),
    isDown: false,
    broken: () => null,
  };
  const spoilt: Engine = { ...engine, subscribe: spoiltSubscribe(engine, inside) };
  return {
    counts: inside.counts,
    note: (what) => count(inside, what),
    engine: new Proxy(spoilt, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        const name = String(key);
        // A test may put something else in the engine's place later.
        const present = (): typeof member => (name === 'subscribe' ? member : Reflect.get(engine, key));
        return (...args: unknown[]) =>
          spoil(inside, { name, args, make: async () => Reflect.apply(present(), engine, args) });
      },
    }),
    down() {
      inside.isDown = true;
      count(inside, 'outage');
      for (const sink of [...inside.sinks]) sink.onEnd('connection reset');
    },
    up: () => {
      inside.isDown = false;
    },
    breakCalls: (fault) => {
      inside.broken = fault;
    },
    heal() {
      inside.isDown = false;
      inside.rates = null;
      inside.broken = () => null;
    },
  };
}

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly make: () => Promise<unknown>;
}

function spoil(inside: Inside, call: Call): Promise<unknown> {
  const { rates, random } = inside;
  if (inside.isDown) return soon(inside, () => reject('unreachable'));
  const broken = inside.broken(call.name, call.args);
  if (broken === 'hang') return hang(inside, call);
  if (broken !== null) return soon(inside, () => reject(broken));
  if (rates === null) return call.make();
  const chance = random();
  const kinds = Object.entries(faultsOf(call.name, rates));
  let sum = 0;
  for (const [kind, rate] of kinds) {
    sum += rate;
    if (chance >= sum) continue;
    count(inside, kind);
    return FAULTS[kind]?.(inside, call) ?? call.make();
  }
  return call.make();
}

function faultsOf(name: string, rates: FaultRates): Readonly<Record<string, number>> {
  const { requestLost, replyLost, hangs, lateEffect, refused } = rates;
  return READS.has(name) ? { requestLost, hangs } : { requestLost, replyLost, hangs, lateEffect, refused };
}

const FAULTS: Readonly<Record<string, (inside: Inside, call: Call) => Promise<unknown>>> = {
  requestLost: (inside) =>
    soon(inside, () => reject(inside.random() < 0.5 ? 'unreachable' : 'unknownOutcome')),
  replyLost: (inside, call) => after(call.make(), () => soon(inside, () => reject('unknownOutcome'))),
  hangs: hang,
  lateEffect(inside, { make }) {
    inside.clock.after(1 + inside.random() * MAX_LATE_MS, () => void make().catch(() => undefined));
    return soon(inside, () => reject('unknownOutcome'));
  },
  refused(inside, { name }) {
    const codes = REFUSALS[name] ?? ['engine'];
    return soon(inside, () => reject(codes[Math.floor(inside.random() * codes.length)] ?? 'engine'));
  },
};

const reject = (code: FailureCode): Promise<never> => {
  const status = code === 'unreachable' || code === 'unknownOutcome' ? null : 500;
  return Promise.reject(new EngineError({ code, message: `spoilt: ${code}`, status }));
};

const after = (made: Promise<unknown>, then: () => Promise<unknown>): Promise<unknown> =>
  made.then(then, then);

function soon(inside: Inside, then: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, fail) => {
    inside.clock.after(2, () => void then().then(resolve, fail));
  });
}

function hang({ clock }: Inside, { args }: Call): Promise<unknown> {
  const { deadlineMs } = args[args.length - 1] as CallOptions;
  return new Promise((resolve, fail) => {
    clock.after(deadlineMs, () => void reject('unknownOutcome').then(resolve, fail));
  });
}

function count({ counts }: Inside, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function spoiltSubscribe(engine: Engine, inside: Inside): Engine['subscribe'] {
  return async (sink, options) => {
    const own: EngineEventSink = { ...sink };
    let isOver = false;
    const opened = await engine.subscribe(
      {
        onEvent: (event) => deliver(inside, own, event),
        onEnd(reason) {
          isOver = true;
          inside.sinks.delete(own);
          sink.onEnd(reason);
        },
      },
      options,
    );
    if (!isOver) inside.sinks.add(own);
    return {
      close() {
        inside.sinks.delete(own);
        opened.close();
      },
    };
  };
}

function deliver(inside: Inside, sink: EngineEventSink, event: EngineEvent): void {
  const { rates, random, clock, sinks } = inside;
  if (inside.isDown) return;
  const chance = rates === null ? 1 : random();
  const { eventDropped = 0, eventDoubled = 0, eventDelayed = 0 } = rates ?? {};
  if (chance < eventDropped) {
    count(inside, 'eventDropped');
    return;
  }
  const later = (): void => {
    clock.after(random() * MAX_DELAY_MS, () => sinks.has(sink) && sink.onEvent(event));
  };
  if (chance < eventDropped + eventDelayed) {
    count(inside, 'eventDelayed');
    later();
    return;
  }
  if (chance < eventDropped + eventDelayed + eventDoubled) {
    count(inside, 'eventDoubled');
    later();
  }
  sink.onEvent(event);
}
