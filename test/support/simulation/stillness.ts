/**
 * The fixed point: nothing is done, whatever is heard.
 * Owns: spurious events, and that none leads to a write or a word. Must not know: how the fixed point was reached.
 */
import type { EngineEvent } from '../../../src/controller/ports.js';
import type { SimulatedWorld } from './world.js';

const RESYNC_MS = 30_000;
const RESYNCS_MS = 3 * RESYNC_MS + 1_000;
const SPURIOUS_EVENTS = 100;
/** They come in bursts, as from somebody's script. */
const BURST = 5;

/** Throws when anything is written or told in three resyncs and a hundred events about nothing. */
export async function checkStillness(world: SimulatedWorld): Promise<void> {
  const { engine, clock, events } = world;
  const before = { writes: engine.writes.length, events: events.length };
  const { steps } = world.controller().plan();
  if (steps.length > 0) throw new Error(`a plan at the fixed point: ${JSON.stringify(steps)}`);
  for (let count = 0; count < SPURIOUS_EVENTS; count += 1) {
    engine.emit(spuriousEvent(world));
    if ((count + 1) % BURST === 0) await clock.advance((RESYNCS_MS / SPURIOUS_EVENTS) * BURST);
  }
  const writes = engine.writes.slice(before.writes).map(({ atMs, verb, name }) => `${atMs} ${verb} ${name}`);
  const told = events.slice(before.events).map(({ time, event_type }) => `${time} ${event_type}`);
  if (writes.length + told.length > 0)
    throw new Error(`at the fixed point there was:\n${[...writes, ...told].join('\n')}`);
}

/** Throws when anything is written in the two resyncs to come: where the whole stillness is looked at elsewhere. */
export async function checkQuiet({ engine, clock }: SimulatedWorld): Promise<void> {
  const before = engine.writes.length;
  await clock.advance(RESYNC_MS * 2 + 1_000);
  const writes = engine.writes.slice(before).map(({ atMs, verb, name }) => `${atMs} ${verb} ${name}`);
  if (writes.length > 0) throw new Error(`at the fixed point there was:\n${writes.join('\n')}`);
}

const ACTIONS = [
  'start',
  'die',
  'destroy',
  'create',
  'health_status',
  'oom',
  'rename',
  'exec_start',
] as const;

function spuriousEvent({ engine: { truth }, random }: SimulatedWorld): EngineEvent {
  const pick = <T extends string>(list: readonly T[], otherwise: T): T =>
    list[Math.floor(random() * list.length)] ?? otherwise;
  const action = pick(ACTIONS, 'start');
  const kind = pick(['container', 'unknown', 'network', 'volume', 'image'] as const, 'container');
  const networks = [...truth.networks.values()].map(({ id }) => id);
  const ids: Readonly<Record<typeof kind, readonly string[]>> = {
    container: [...truth.containers.keys()],
    unknown: ['e'.repeat(64)],
    network: networks,
    volume: [...truth.volumes.keys()],
    image: [...truth.images.keys()],
  };
  return { type: kind === 'unknown' ? 'container' : kind, action, id: pick(ids[kind], 'nothing') };
}
