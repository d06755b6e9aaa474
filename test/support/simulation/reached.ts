/**
 * Bringing a simulated world into a state that has a name.
 * Owns: what a state consists of, and how it is reached. Must not know: any particular state.
 */
import type { SimulatedServices } from './services.js';
import { createWorld, type SimulatedWorld } from './world.js';

/** Fields that a spec has beside those of the simulation, by service. */
export type Amendments = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A state: what is asked for, what happens, and how it is known that it is there. */
export interface NamedState {
  /** What is asked for and made before anything else; absent: nothing. */
  readonly before?: SimulatedServices;
  readonly asked: SimulatedServices;
  readonly amended?: Amendments;
  /** What else happens: `first` before the controller starts, `act` once it is made. */
  readonly first?: (world: SimulatedWorld) => void;
  readonly act?: (world: SimulatedWorld) => void;
  /** Absent: the controller is at rest. */
  readonly until?: (world: SimulatedWorld) => boolean;
}

/** Brings a world into a state. */
export async function reached({
  before,
  asked,
  amended,
  first,
  act,
  until,
}: NamedState): Promise<SimulatedWorld> {
  const world = createWorld(1);
  first?.(world);
  if (before !== undefined) {
    world.ask(before);
    world.start();
    await world.runUntilStable();
  }
  ask(world, asked, amended);
  if (before === undefined) world.start();
  if (act !== undefined) {
    if (before === undefined) await world.runUntil('what is asked for is made', () => isResting(world));
    act(world);
  }
  await world.runUntil('the state is reached', () => isResting(world) && (until?.(world) ?? true));
  return world;
}

/** Asks for services, with what their specs have beside the fields of the simulation. */
export function ask(world: SimulatedWorld, services: SimulatedServices, amended: Amendments = {}): void {
  world.ask(services);
  for (const [name, fields] of Object.entries(amended)) {
    const manifest = JSON.parse(world.files.read(`${name}.yaml`) ?? '');
    const spec = { ...manifest.spec, ...fields };
    world.files.write(`${name}.yaml`, JSON.stringify({ ...manifest, spec }));
  }
}

/** No step is under way or due; what waits, waits for somebody else, or for time to pass. */
const isResting = (world: SimulatedWorld): boolean => world.controller().isAtFixedPoint();
