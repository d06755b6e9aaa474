/**
 * The inputs of a decision that is made once, without a controller.
 * Owns: putting them together as the controller would after its start. Must not know: what is decided.
 */
import type { Config } from '../config.js';
import type { DecisionContext } from '../core/context.js';
import { emptyMemory } from '../core/memory.js';
import { topologyOf } from '../core/topology.js';
import type { DesiredState } from '../model/desired.js';
import type { ObservedState } from '../model/observed.js';
import type { Scan } from '../model/scan.js';
import type { Self } from './open-engine.js';
import type { Terminal } from './terminal.js';

/** The context of a first pass. */
export function contextOf(parts: {
  readonly config: Pick<Config, 'project' | 'instance' | 'allowMassPrune'>;
  readonly terminal: { readonly clock: Pick<Terminal['clock'], 'now'> };
  readonly self: Pick<Self, 'containerId'>;
  readonly desired: DesiredState;
  readonly scan: Scan;
  readonly observed: ObservedState;
}): DecisionContext {
  const { config, terminal, self, desired, scan, observed } = parts;
  return {
    settings: {
      project: config.project,
      instance: config.instance,
      ownContainerId: self.containerId,
      allowMassPrune: config.allowMassPrune,
      mayBePruned: scan.roots.flatMap((root) => root.mayBePruned),
      takeDown: false,
      removeVolumes: false,
    },
    desired,
    topology: topologyOf(desired),
    observed,
    inFlight: new Map(),
    memory: emptyMemory,
    now: terminal.clock.now(),
  };
}
