/**
 * How every simulated controller is set up.
 * Owns: its options beside the world that it lives in. Must not know: that world.
 */
import type { ControllerOptions } from '../../../src/controller/api.js';
import type { IntakeOptions } from '../../../src/manifest/intake.js';
import { LIMITS } from '../controller-limits.js';
import { sha256 } from '../decision-desired.js';

/** The project of every simulated world. */
export const PROJECT = 'alicia';

/** How every simulated world takes its manifests in. */
export const INTAKE: IntakeOptions = {
  project: PROJECT,
  networkName: 'alicia_bus_network',
  environment: {},
  hash: sha256,
  hostPaths: null,
  allow: [{ kind: 'all', value: null }],
  allowEmpty: false,
};

/** All but what is the world's, with the defaults of `config.ts`. */
export const OPTIONS: Omit<
  ControllerOptions,
  'engine' | 'files' | 'publisher' | 'clock' | 'log' | 'createId'
> = {
  project: PROJECT,
  instance: 'box',
  version: '0.0.0',
  pid: 1,
  manifests: ['/manifests'],
  ownContainerId: null,
  allowMassPrune: false,
  takeDown: false,
  removeVolumes: false,
  intake: INTAKE,
  limits: LIMITS,
  mode: 'run',
};
