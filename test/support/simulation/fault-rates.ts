/**
 * How often a story is spoilt, and by what.
 * Owns: the classes of faults, and drawing which of them a seed has. Must not know: what a fault does.
 */
import type { Random } from './random.js';

/** Classes of faults that befall single calls and events: the chance of each, from 0 to 1. */
export interface FaultRates {
  /** The request never arrives. */
  readonly requestLost: number;
  /** It was carried out, and nobody hears of it. */
  readonly replyLost: number;
  /** It was carried out; the answer breaks off, which is noticed only some time later. */
  readonly replyCut: number;
  /** The caller hears nothing in time; the effect comes afterwards. */
  readonly lateEffect: number;
  /** No answer before the deadline, no effect. */
  readonly hangs: number;
  /** An error although nothing is wrong with what was asked. */
  readonly refused: number;
  readonly eventDropped: number;
  readonly eventDoubled: number;
  /** Late, and so out of order. */
  readonly eventDelayed: number;
  /** A list that shows who was there some time ago. */
  readonly listLags: number;
  /** The controller dies before, in or after the call. */
  readonly crashInCall: number;
}

/** Classes of what happens now and then to the world as a whole. */
export const ACT_KINDS = [
  'outage',
  'crash',
  'daemonRestart',
  'hungContainer',
  'slowReader',
  'clockJump',
  'rival',
  'disrepair',
  'outsider',
  'processEnds',
  'edit',
] as const;
/** One of {@link ACT_KINDS}. */
export type ActKind = (typeof ACT_KINDS)[number];

/** What a seed is spoilt by. */
export interface FaultMix {
  readonly rates: FaultRates;
  readonly acts: ReadonlySet<ActKind>;
}

/** The highest chance that a seed draws of each class. */
const HIGHEST: FaultRates = {
  requestLost: 0.1,
  replyLost: 0.15,
  replyCut: 0.1,
  lateEffect: 0.1,
  hangs: 0.02,
  refused: 0.15,
  eventDropped: 0.5,
  eventDoubled: 0.3,
  eventDelayed: 0.3,
  listLags: 0.5,
  crashInCall: 0.02,
};

/** Nothing is spoilt. */
export const NO_FAULTS: FaultRates = Object.freeze({
  requestLost: 0,
  replyLost: 0,
  replyCut: 0,
  lateEffect: 0,
  hangs: 0,
  refused: 0,
  eventDropped: 0,
  eventDoubled: 0,
  eventDelayed: 0,
  listLags: 0,
  crashInCall: 0,
});

/** Draws a mix: each class is off in half of all seeds, and of any strength in the others. */
export function drawFaults(random: Random): FaultMix {
  const rate = (highest: number): number => (random() < 0.5 ? 0 : random() * highest);
  const rates: FaultRates = {
    requestLost: rate(HIGHEST.requestLost),
    replyLost: rate(HIGHEST.replyLost),
    replyCut: rate(HIGHEST.replyCut),
    lateEffect: rate(HIGHEST.lateEffect),
    hangs: rate(HIGHEST.hangs),
    refused: rate(HIGHEST.refused),
    eventDropped: rate(HIGHEST.eventDropped),
    eventDoubled: rate(HIGHEST.eventDoubled),
    eventDelayed: rate(HIGHEST.eventDelayed),
    listLags: rate(HIGHEST.listLags),
    crashInCall: rate(HIGHEST.crashInCall),
  };
  return { rates, acts: new Set(ACT_KINDS.filter(() => random() < 0.5)) };
}
