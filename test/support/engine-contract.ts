/**
 * What every engine behind the port must do: the one suite for real Docker and for the simulated one.
 * Owns: declaring all obligations. Must not know: which engine it is run on.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { declareFailureObligations } from './engine-contract/failures.js';
import { declareLifeObligations } from './engine-contract/life.js';
import { declareLimitObligations, declareRestartObligations } from './engine-contract/limits.js';
import { declareLookingObligations } from './engine-contract/looking.js';
import { declareNamespaceObligations } from './engine-contract/namespaces.js';
import { declareEventObligations, declareNetworkObligations } from './engine-contract/objects.js';
import { declareProgramObligations } from './engine-contract/programs.js';
import { declareRefusalObligations } from './engine-contract/refusals.js';
import { declareAnonymousVolumeObligations, declareVolumeObligations } from './engine-contract/volumes.js';
import { type EngineWorld, WITHIN } from './engine-contract/world.js';

/** Declares the suite. `makeWorld` is called once, before the first test. */
export function engineContract(label: string, makeWorld: () => Promise<EngineWorld>): void {
  describe(`the engine port: ${label}`, () => {
    let world: EngineWorld | null = null;
    const get = (): EngineWorld => {
      if (world === null) throw new Error('the world was not made');
      return world;
    };
    beforeAll(async () => {
      world = await makeWorld();
      await world.engine.connect(WITHIN);
    });
    afterAll(async () => world?.close());

    declareLookingObligations(get);
    declareLifeObligations(get);
    declareRestartObligations(get);
    declareLimitObligations(get);
    declareFailureObligations(get);
    declareRefusalObligations(get);
    declareNetworkObligations(get);
    declareNamespaceObligations(get);
    declareVolumeObligations(get);
    declareAnonymousVolumeObligations(get);
    declareProgramObligations(get);
    declareEventObligations(get);
  });
}
