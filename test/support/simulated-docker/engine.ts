/**
 * A Docker Engine of virtual time behind the controller's port.
 * Owns: putting its calls together over one truth. Must not know: the controller, any rule.
 */
import type { Clock, Engine, EngineEvent } from '../../../src/controller/ports.js';
import type { ContainerSpec } from '../../../src/model/desired.js';
import type { Random } from '../simulation/random.js';
import type { Behaviour } from './behaviour.js';
import { behaviourOf as behaviourOfImage } from './behaviours.js';
import { containerCalls } from './calls-containers.js';
import { endpointCalls } from './calls-endpoints.js';
import { lookingCalls } from './calls-looking.js';
import { objectCalls } from './calls-objects.js';
import { type PeopleCalls, peopleCalls } from './calls-people.js';
import { createEventStream } from './events.js';
import { carried, type DaemonState, type Inside, latencyFrom, type Write, workOf } from './inside.js';
import { createOutsider, type SimulatedOutsider } from './outsider.js';
import { createTruth, ownedBy, type SimulatedContainer, type Truth } from './truth.js';

export type { Write } from './inside.js';
export type { SimulatedOutsider } from './outsider.js';

/** The port, the truth behind it, and what is not the controller's. */
export interface SimulatedEngine {
  readonly port: Engine;
  readonly truth: Truth;
  readonly outsider: SimulatedOutsider;
  /** Calls that people make and the controller does not, with the failures that Docker has for them. */
  readonly people: PeopleCalls;
  /** Every write through the port that reached the engine, in order. */
  readonly writes: readonly Write[];
  /** Called just before a write takes effect. */
  onWrite(listener: (write: Write) => void): void;
  /** Called with every event at the moment in which it happens. */
  onChange(listener: (event: EngineEvent) => void): void;
  /** Tells every subscriber, as Docker would. */
  emit(event: EngineEvent): void;
  /**
   * No subscriber reads its stream for so long. Each has room for 256 events; beyond that the oldest are lost.
   */
  stallReaders(forMs: number): void;
  /** Events that a subscriber should have heard and never will. */
  lostEvents(): number;
}

/** What an engine is made of. */
export interface SimulatedEngineOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly project: string;
  /** Default: as the image's name says. */
  readonly behaviourOf?: (spec: ContainerSpec) => Behaviour;
  /** How old the membership of a list is that is made now: who is younger is not in it. Default: 0 always. */
  readonly listLagMs?: () => number;
}

/** Makes an engine that holds nothing; images of the simulation are there. */
export function createSimulatedEngine(options: SimulatedEngineOptions): SimulatedEngine {
  const { clock, random } = options;
  const truth = createTruth();
  const writes: Write[] = [];
  const listeners: ((write: Write) => void)[] = [];
  const latency = latencyFrom(random);
  const events = createEventStream(clock, latency);
  const changeListeners: ((event: EngineEvent) => void)[] = [];
  const emit = (event: EngineEvent): void => {
    for (const listener of changeListeners) listener(event);
    events.emit(event);
  };
  const daemon: DaemonState = { isDown: false, downs: 0 };
  const inside: Inside = {
    behaviourOf: ({ image }) => behaviourOfImage(image),
    listLagMs: () => 0,
    ...options,
    truth,
    events,
    emit,
    work: workOf({ clock, random, daemon }),
    call: (effect, { deadlineMs }) => carried(effect, { clock, latency, deadlineMs, daemon }),
    note(verb, { container = null, name }) {
      const write: Write = {
        verb,
        container: container === null ? null : { ...container },
        name,
        atMs: clock.now().monotonicMs,
      };
      writes.push(write);
      for (const listener of listeners) listener(write);
    },
  };
  return {
    truth,
    writes,
    emit: events.emit,
    stallReaders: events.stallReaders,
    lostEvents: events.lost,
    onWrite: (listener) => void listeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
    outsider: createOutsider(inside, daemon),
    people: peopleCalls(inside),
    port: {
      ...lookingCalls(inside),
      ...objectCalls(inside),
      ...endpointCalls(inside),
      ...containerCalls(inside),
    },
  };
}

/** Whether a container is of the project of the engine's user. */
export const isOurs = (container: SimulatedContainer, project: string): boolean =>
  ownedBy(container, project) !== null;
