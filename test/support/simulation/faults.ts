/**
 * Faults between a controller and its engine: what is lost, cut, late, refused, unheard.
 * Owns: which calls are spoilt, by chance and on demand. Must not know: the controller, what is asked for.
 */
import {
  type CallOptions,
  type Clock,
  type Engine,
  EngineError,
  type EngineEventSink,
} from '../../../src/controller/ports.js';
import type { FailureCode } from '../../../src/model/failure.js';
import { READS, REFUSALS, spoiltWith } from './fault-codes.js';
import { type EventFault, spoiltSubscribe } from './fault-events.js';
import { type FaultRates, NO_FAULTS } from './fault-rates.js';
import type { Random } from './random.js';

/** What may befall one call: a code that is answered instead, or one of the ways to go astray. */
export type CallSpoilt =
  | FailureCode
  /** No answer before the deadline, no effect. */
  | 'hang'
  /** Carried out, and not answered. */
  | 'replyLost'
  /** Carried out; that the answer breaks off is noticed only at half of the deadline. */
  | 'replyCut'
  /** Not answered, and carried out some time later. */
  | 'lateEffect';

/** Decides about one call: null leaves it alone. */
export type CallFault = (call: string, args: readonly unknown[]) => CallSpoilt | null;

/** The faults of one world. */
export interface Faults {
  readonly engine: Engine;
  /** What happened, by its name. */
  readonly counts: ReadonlyMap<string, number>;
  /** Names of containers that were made without their maker's knowing. */
  readonly unansweredCreations: ReadonlySet<string>;
  /** Counts something else that happened. */
  note(what: string): void;
  /** Nobody answers, and every stream ends, until `up`. */
  down(): void;
  up(): void;
  /** From now on the call is spoilt whenever the condition holds. */
  breakCalls(fault: CallFault): void;
  /** From now on the event is spoilt whenever the condition holds. */
  breakEvents(fault: EventFault): void;
  /** Events that have come to a subscriber so far. */
  eventCount(): number;
  /** As they are now. */
  rates(): FaultRates;
  /** How old the list is that is made now. */
  listLagMs(): number;
  /** No fault any more. What was sent late may still arrive. */
  heal(): void;
}

interface Inside {
  readonly clock: Clock;
  readonly random: Random;
  readonly counts: Map<string, number>;
  readonly sinks: Set<EngineEventSink>;
  readonly unheard: Set<string>;
  readonly unanswered: Set<string>;
  rates: FaultRates;
  isDown: boolean;
  broken: CallFault;
  spoilEvent: EventFault;
  events: number;
  count(what: string): void;
}

const MAX_LATE_MS = 4_000;
const MAX_LAG_MS = 2_000;

/** Puts faults before an engine. Without rates nothing is spoilt by chance. */
export function createFaults(
  engine: Engine,
  options: { readonly clock: Clock; readonly random: Random; readonly rates: FaultRates | null },
): Faults {
  const { random } = options;
  const counts = new Map<string, number>();
  const inside: Inside = {
    ...options,
    rates: options.rates ?? NO_FAULTS,
    counts,
    sinks: new Set(),
    unheard: new Set(),
    unanswered: new Set(),
    isDown: false,
    broken: () => null,
    spoilEvent: () => null,
    events: 0,
    count: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
  };
  return {
    counts,
    unansweredCreations: inside.unanswered,
    note: inside.count,
    engine: spoiltEngine(engine, inside),
    eventCount: () => inside.events,
    down() {
      inside.isDown = true;
      inside.count('outage');
      for (const sink of [...inside.sinks]) sink.onEnd('connection reset');
    },
    up: () => {
      inside.isDown = false;
    },
    breakCalls: (fault) => {
      inside.broken = fault;
    },
    breakEvents: (fault) => {
      inside.spoilEvent = fault;
    },
    rates: () => inside.rates,
    listLagMs() {
      const { rates } = inside;
      if (rates.listLags === 0 || random() >= rates.listLags) return 0;
      inside.count('listLags');
      return random() * MAX_LAG_MS;
    },
    heal() {
      inside.isDown = false;
      inside.rates = NO_FAULTS;
      inside.broken = () => null;
      inside.spoilEvent = () => null;
    },
  };
}

function spoiltEngine(engine: Engine, inside: Inside): Engine {
  const spoilt: Engine = { ...engine, subscribe: spoiltSubscribe(engine, inside) };
  return new Proxy(spoilt, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      const name = String(key);
      // A test may put something else in the engine's place later.
      const present = (): typeof member => (name === 'subscribe' ? member : Reflect.get(engine, key));
      return (...args: unknown[]) => {
        inside.count('calls');
        return spoil(inside, {
          name,
          args,
          make: () => arrived(inside, () => Reflect.apply(present(), engine, args)),
        });
      };
    },
  });
}

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly make: () => Promise<unknown>;
}

/** A call that has arrived; with what it was refused is counted. */
async function arrived(inside: Inside, make: () => unknown): Promise<unknown> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof EngineError) inside.count(`answer ${error.failure.code}`);
    throw error;
  }
}

function spoil(inside: Inside, call: Call): Promise<unknown> {
  if (inside.isDown) return soon(inside, () => reject('unreachable'));
  const broken = inside.broken(call.name, call.args) ?? drawn(inside, call);
  if (broken === null) return made(inside, call);
  return isWay(broken) ? WAYS[broken](inside, call) : soon(inside, () => reject(broken));
}

function made(inside: Inside, { name, make }: Call): Promise<unknown> {
  if (name !== 'list') return make();
  return make().then((listing) => {
    if (inside.unheard.size > 0) inside.count('relist found a change');
    inside.unheard.clear();
    return listing;
  });
}

/** What chance does to a call; null: nothing. */
function drawn(inside: Inside, { name }: Call): CallSpoilt | null {
  const { rates, random } = inside;
  if (rates === NO_FAULTS) return null;
  const isRead = READS.has(name);
  const chance = random();
  let sum = 0;
  for (const kind of SPOILERS) {
    sum += isRead && kind !== 'requestLost' && kind !== 'hangs' && kind !== 'replyCut' ? 0 : rates[kind];
    if (chance >= sum) continue;
    inside.count(kind);
    return spoiltBy(kind, name, random);
  }
  return null;
}

const SPOILERS = ['requestLost', 'replyLost', 'replyCut', 'lateEffect', 'hangs', 'refused'] as const;

function spoiltBy(kind: (typeof SPOILERS)[number], name: string, random: Random): CallSpoilt {
  switch (kind) {
    case 'requestLost':
      return random() < 0.5 ? 'unreachable' : 'unknownOutcome';
    case 'hangs':
      return 'hang';
    case 'refused': {
      const codes: readonly FailureCode[] =
        Object.entries(REFUSALS).find(([call]) => call === name)?.[1] ?? [];
      return codes[Math.floor(random() * codes.length)] ?? 'engine';
    }
    default:
      return kind;
  }
}

type Way = 'hang' | 'replyLost' | 'replyCut' | 'lateEffect';

const WAYS: Readonly<Record<Way, (inside: Inside, call: Call) => Promise<unknown>>> = {
  hang: ({ clock }, call) =>
    new Promise((resolve, fail) => {
      clock.after(deadlineOf(call), () => void reject('unknownOutcome').then(resolve, fail));
    }),
  replyLost: (inside, call) => unanswered(inside, call, () => soon(inside, () => reject('unknownOutcome'))),
  replyCut: (inside, call) =>
    unanswered(
      inside,
      call,
      () =>
        new Promise((resolve, fail) => {
          inside.clock.after(deadlineOf(call) / 2, () => void reject('unknownOutcome').then(resolve, fail));
        }),
    ),
  lateEffect(inside, { make }) {
    inside.clock.after(1 + inside.random() * MAX_LATE_MS, () => void make().catch(() => undefined));
    return soon(inside, () => reject('unknownOutcome'));
  },
};

const isWay = (spoilt: CallSpoilt): spoilt is Way => spoilt in WAYS;

/** Carried out; whatever came of it, the caller hears something else. */
function unanswered(inside: Inside, call: Call, then: () => Promise<unknown>): Promise<unknown> {
  return call.make().then(() => {
    const [draft] = call.args as readonly { readonly name?: string }[];
    if (call.name === 'createContainer' && draft?.name !== undefined) inside.unanswered.add(draft.name);
    return then();
  }, then);
}

const reject = (code: FailureCode): Promise<never> => Promise.reject(spoiltWith(code));

function soon(inside: Inside, then: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, fail) => {
    inside.clock.after(2, () => void then().then(resolve, fail));
  });
}

const deadlineOf = ({ args }: Call): number => (args[args.length - 1] as CallOptions).deadlineMs;
