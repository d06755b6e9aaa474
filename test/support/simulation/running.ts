/**
 * A simulated world as most tests want it: its services asked for, made and quiet.
 * Owns: bringing one up, and finding a service's only container in it. Must not know: what is tested.
 */

import type { SimulatedContainer } from '../simulated-docker/truth.js';
import { containersOf, type SimulatedServices } from './services.js';
import { PROJECT } from './settings.js';
import { createWorld, type SimulatedWorld } from './world.js';

/** A world (seed 1 unless told) whose controller has made the services and has nothing left to do. */
export async function running(services: SimulatedServices, seed = 1): Promise<SimulatedWorld> {
  const world = createWorld(seed);
  world.ask(services);
  world.start();
  await world.runUntilStable();
  return world;
}

/** The service's container in the engine's truth; throws with the world's report unless there is exactly one. */
export function onlyContainer(world: SimulatedWorld, service: string): SimulatedContainer {
  const [container, ...rest] = containersOf(world.engine.truth, PROJECT, service);
  if (container === undefined || rest.length > 0) throw new Error(world.report(`${service} is not one`));
  return container;
}
