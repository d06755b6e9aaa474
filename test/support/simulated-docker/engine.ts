/**
 * A Docker Engine of virtual time behind the controller's port.
 * Owns: putting its calls together over one truth. Must not know: the controller, any rule.
 */
import type { Clock, Engine, EngineEvent, EngineEventSink } from '../../../src/controller/ports.js';
import type { ContainerSpec } from '../../../src/model/desired.js';
import type { Random } from '../simulation/random.js';
import { behaviourOf as behaviourOfImage } from './behaviours.js';
import { containerCalls } from './calls-containers.js';
import { lookingCalls } from './calls-looking.js';
import { objectCalls } from './calls-objects.js';
import { carried, createEmit, type DaemonState, type Inside, latencyFrom, type Write } from './inside.js';
import { createOutsider, type SimulatedOutsider } from './outsider.js';
import { type Behaviour, createTruth, ownedBy, type SimulatedContainer, type Truth } from './truth.js';

export type { Write } from './inside.js';
export type { SimulatedOutsider } from './outsider.js';

/** The port, the truth behind it, and what is not the controller's. */
export interface SimulatedEngine {
  readonly port: Engine;
  readonly truth: Truth;
  readonly outsider: SimulatedOutsider;
  /** Every write through the port that reached the engine, in order. */
  readonly writes: readonly Write[];
  /** Called just before a write takes effect. */
  onWrite(listener: (write: Write) => void): void;
  /** Called with every event at the moment in which it happens. */
  onChange(listener: (event: EngineEvent) => void): void;
  /** How old the list is that is shown next; 0 by default. */
  listLagMs: () => number;
  /** Whoever hears events reads none for so long; what does not fit meanwhile is lost. */
  stallReaders(forMs: number): void;
  /** Tells every subscriber, as Docker would. */
  emit(event: EngineEvent): void;
}

/** What an engine is made of. */
export interface SimulatedEngineOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly project: string;
  /** Default: as the image's name says. */
  readonly behaviourOf?: (spec: ContainerSpec) => Behaviour;
}

/** Makes an engine that holds nothing; images of the simulation are there. */
export function createSimulatedEngine(options: SimulatedEngineOptions): SimulatedEngine {
  const { clock, random } = options;
  const truth = createTruth();
  const writes: Write[] = [];
  const listeners: ((write: Write) => void)[] = [];
  const sinks = new Set<EngineEventSink>();
  const latency = latencyFrom(random);
  const changeListeners: ((event: EngineEvent) => void)[] = [];
  const emitToSinks = createEmit(clock, latency, sinks);
  const emit = (event: EngineEvent): void => {
    for (const listener of changeListeners) listener(event);
    emitToSinks(event);
  };
  const daemon: DaemonState = { isDown: false, downs: 0 };
  const inside: Inside = {
    behaviourOf: ({ image }) => behaviourOfImage(image),
    ...options,
    truth,
    emit,
    sinks,
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
    emit,
    listLagMs: () => 0,
    stallReaders: () => undefined,
    onWrite: (listener) => void listeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
    outsider: createOutsider(inside, daemon),
    port: { ...lookingCalls(inside), ...objectCalls(inside), ...containerCalls(inside) },
  };
}

/** Whether a container is of the project of the engine's user. */
export const isOurs = (container: SimulatedContainer, project: string): boolean =>
  ownedBy(container, project) !== null;
