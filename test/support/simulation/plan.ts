/**
 * The plan for a simulated world as it is now, made as `alicia plan` makes it: without a controller.
 * Owns: bringing files and engine together for the forecast. Must not know: any rule.
 */
import { applyListing, createObservedStore } from '../../../src/controller/observed-store.js';
import { forecast } from '../../../src/core/forecast.js';
import { emptyMemory } from '../../../src/core/memory.js';
import { topologyOf } from '../../../src/core/topology.js';
import { emptyIntake, takeIn } from '../../../src/manifest/intake.js';
import type { Plan } from '../../../src/model/plan.js';
import { sightingOf } from '../simulated-docker/truth.js';
import { INTAKE, PROJECT } from './settings.js';
import type { SimulatedWorld } from './world.js';

/** What would be done. */
export async function planFor({ files, engine: { truth }, clock }: SimulatedWorld): Promise<Plan> {
  const scan = await files.scan();
  const now = clock.now();
  const first = takeIn(emptyIntake, scan, now, INTAKE);
  const { desired } = takeIn(first.intake, scan, { monotonicMs: now.monotonicMs + 2_000 }, INTAKE);
  const observed = createObservedStore();
  applyListing(observed, {
    containers: [...truth.containers.values()].map((container) => sightingOf(container, PROJECT, truth)),
    networks: [...truth.networks.values()],
    volumes: [...truth.volumes.values()],
  });
  for (const [reference, image] of truth.images) observed.images.set(reference, image.isHere ? image : null);
  return forecast({
    settings: {
      project: PROJECT,
      instance: 'box',
      ownContainerId: null,
      allowMassPrune: false,
      mayBePruned: [],
      takeDown: false,
      removeVolumes: false,
    },
    desired,
    topology: topologyOf(desired),
    observed,
    inFlight: new Map(),
    memory: emptyMemory,
    now,
  });
}
