/**
 * What a story has really gone through: situations that must occur now and then, and states that were seen.
 * Owns: noticing them. Must not know: what is right in them.
 */
import { decodeLabels } from '../../../src/model/labels.js';
import type { Truth } from '../simulated-docker/truth.js';
import type { SimulatedWorld } from './world.js';

/** Notes, among the faults that happened, the situations that only the truth shows. */
export function countSituations(world: SimulatedWorld): void {
  const { engine, faults } = world;
  engine.onWrite(({ verb, container }) => {
    if (verb !== 'startContainer' || container === null || container.startedAt !== null) return;
    if (faults.unansweredCreations.has(container.name)) faults.note('own create found after a lost reply');
  });
}

/** Notes every event that was told, by its type, and what only its words tell. */
export function countEvents({ engine, events, faults }: SimulatedWorld): void {
  if (engine.lostEvents() > 0) faults.note('events lost by a slow reader');
  for (const { event_type, event_data } of events) {
    faults.note(event_type);
    const isGuard = event_type === 'prune_blocked' && String(event_data.message).includes('more than half');
    if (isGuard) faults.note('mass-prune guard');
  }
}

/** Fingerprints of the engine's states at each write: two are the same where all containers are in the same state. */
export function countStates({ engine }: SimulatedWorld): ReadonlySet<number> {
  const states = new Set<number>();
  engine.onWrite(() => void states.add(fingerprintOf(engine.truth)));
  return states;
}

function fingerprintOf(truth: Truth): number {
  const lines = [...truth.containers.values()].map((container) => {
    const { name, status, health, spec, restartPolicy, isEnding, labels, endpoints } = container;
    const slot = decodeLabels(labels)?.slot ?? 0;
    const ends = endpoints.map(({ network }) => network).join(' ');
    return `${name} ${slot} ${status} ${health.status} ${isEnding} ${spec.image} ${restartPolicy.name} ${ends}`;
  });
  const objects = [...truth.networks.keys(), ...truth.volumes.keys()].filter((name) => name.length < 64);
  return hashOf([...lines.sort(), ...objects.sort()].join('\n'));
}

/** 53 bits of a text, in two halves of FNV-1a with different beginnings. */
function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  return (low >>> 0) + (high >>> 11) * 2 ** 32;
}
