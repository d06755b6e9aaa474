/**
 * A simulated world as a command beside it finds it: the very path of `alicia status` and `alicia plan` without a controller.
 * Owns: one look at files and engine at one instant. Must not know: any rule.
 */
import { contextOf } from '../../../src/cli/decision-context.js';
import { observeOnce } from '../../../src/cli/observe-once.js';
import { desiredOf } from '../../../src/cli/read-manifests.js';
import { statusesIn } from '../../../src/cli/statuses-once.js';
import type { Engine } from '../../../src/controller/ports.js';
import type { DecisionContext } from '../../../src/core/context.js';
import type { ServiceStatus } from '../../../src/model/status.js';
import { PREDEFINED_NETWORKS, sightingOf, type Truth } from '../simulated-docker/truth.js';
import { INTAKE, PROJECT } from './settings.js';
import type { SimulatedWorld } from './world.js';

/** What a command decides from. */
export async function contextBeside(
  world: Pick<SimulatedWorld, 'files' | 'engine' | 'clock'>,
): Promise<DecisionContext> {
  const scan = await world.files.scan();
  const desired = desiredOf(scan, INTAKE);
  const info = { id: 'simulated', version: '20.10.24', apiVersion: '1.41' };
  const observed = await observeOnce(atOnce(world.engine.truth), { info, desired });
  const config = { project: PROJECT, instance: 'box', allowMassPrune: false };
  return contextOf({ config, terminal: world, self: { containerId: null }, desired, scan, observed });
}

/** What `alicia status` says when no controller runs. */
export const statusBeside = async (
  world: Pick<SimulatedWorld, 'files' | 'engine' | 'clock'>,
): Promise<readonly ServiceStatus[]> => statusesIn(await contextBeside(world));

/** The engine without latency: its calls of the simulation take time, in which what is compared would move on. */
function atOnce(truth: Truth): Pick<Engine, 'list' | 'inspectImage'> {
  return {
    list: () =>
      Promise.resolve({
        containers: [...truth.containers.values()].map((container) => sightingOf(container, PROJECT, truth)),
        networks: [...truth.networks.values(), ...PREDEFINED_NETWORKS],
        volumes: [...truth.volumes.values()],
      }),
    inspectImage(reference) {
      const image = truth.images.get(reference);
      return Promise.resolve(image === undefined || !image.isHere ? null : image);
    },
  };
}
