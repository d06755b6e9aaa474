/**
 * What the calls of the simulated engine share.
 * Owns: the way of a call there and back, finding containers, noting writes. Must not know: what any call does.
 */
import type { CallOptions, Clock } from '../../../src/controller/ports.js';
import type { ContainerSpec } from '../../../src/model/desired.js';
import { containerId } from '../../../src/model/ids.js';
import type { Random } from '../simulation/random.js';
import type { Behaviour } from './behaviour.js';
import type { EventStream } from './events.js';
import { failure } from './failures.js';
import type { LifeContext } from './life.js';
import type { SimulatedContainer } from './truth.js';

/** A write as it took effect, or was about to. */
export interface Write {
  readonly verb: string;
  /** As it was just before; null: it is about none, or none is there. */
  readonly container: SimulatedContainer | null;
  /** Name of what is written: of a container, network, volume, image. */
  readonly name: string;
  readonly atMs: number;
}

/** What all calls work with. */
export interface Inside extends LifeContext {
  readonly project: string;
  readonly random: Random;
  readonly behaviourOf: (spec: ContainerSpec) => Behaviour;
  readonly events: EventStream;
  /** How far behind the lists are at this moment. */
  readonly listLagMs: () => number;
  /** Work of the daemon that takes between so long and so long; it fails when the daemon goes down over it. */
  work(minMs: number, maxMs: number): Promise<void>;
  /** Carries a call there and its answer back. */
  call<T>(effect: () => T | Promise<T>, options: CallOptions): Promise<T>;
  note(verb: string, about: { readonly container?: SimulatedContainer | null; readonly name: string }): void;
}

/** Whether the daemon answers, and how often it went down so far. */
export interface DaemonState {
  isDown: boolean;
  downs: number;
}

/** Longest way of a call to the engine and of its answer back. */
const MAX_LATENCY_MS = 5;

/** How long one way takes. */
export const latencyFrom = (random: Random) => (): number => 1 + Math.floor(random() * MAX_LATENCY_MS);

/** Work of a daemon: done after a while drawn at random, or never when it goes down meanwhile. */
export const workOf =
  ({
    clock,
    random,
    daemon,
  }: {
    readonly clock: Clock;
    readonly random: Random;
    readonly daemon: DaemonState;
  }) =>
  (minMs: number, maxMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const { downs } = daemon;
      clock.after(minMs + Math.floor(random() * (maxMs - minMs + 1)), () => {
        if (daemon.downs === downs) resolve();
        else reject(failure('unknownOutcome', 'connection reset'));
      });
    });

/**
 * There, effect, and back. A deadline that passes first leaves the outcome unknown; so does a daemon that goes down before
 * it has answered. One that is down is not reached.
 */
export function carried<T>(
  effect: () => T | Promise<T>,
  way: {
    readonly clock: Clock;
    readonly latency: () => number;
    readonly deadlineMs: number;
    readonly daemon: DaemonState;
  },
): Promise<T> {
  const { clock, latency, deadlineMs, daemon } = way;
  return new Promise((resolve, reject) => {
    const giveUp = clock.after(deadlineMs, () => reject(failure('unknownOutcome', 'no answer in time')));
    const answer = (deliver: () => void): void => {
      clock.after(latency(), () => {
        giveUp();
        deliver();
      });
    };
    clock.after(latency(), () => {
      if (daemon.isDown) return answer(() => reject(failure('unreachable', 'connection refused')));
      const { downs } = daemon;
      const unlessCut = (deliver: () => void) => () =>
        daemon.downs === downs ? deliver() : reject(failure('unknownOutcome', 'connection reset'));
      new Promise<T>((done) => done(effect())).then(
        (value) => answer(unlessCut(() => resolve(value))),
        (error: unknown) => answer(unlessCut(() => reject(error))),
      );
    });
  });
}

/** By its whole id or its exact name. */
export function find({ truth }: Inside, idOrName: string): SimulatedContainer | null {
  const byId = truth.containers.get(containerId(idOrName));
  return byId ?? [...truth.containers.values()].find(({ name }) => name === idOrName) ?? null;
}

/** The container, which must be there. */
export function there(inside: Inside, id: string): SimulatedContainer {
  const container = find(inside, id);
  if (container === null) throw failure('noSuchContainer', `No such container: ${id}`);
  return container;
}

/** The container, which must not be on its way out: Docker takes a change of one for an error of its own. */
export function notLeaving(container: SimulatedContainer): SimulatedContainer {
  const { id, status } = container;
  if (status === 'removing' || status === 'dead')
    throw failure('removalInProgress', `Container ${id} is marked for removal`, 500);
  return container;
}
