/**
 * Drafts of containers for tests of the adapter that need no engine.
 * Owns: a plain draft. Must not know: what a test changes in it.
 */
import type { ContainerSpec } from '../../../src/model/desired.js';
import { serviceName, specHash } from '../../../src/model/ids.js';
import type { ContainerDraft } from '../../../src/model/step.js';
import { plainDraft, plainSpec } from '../../support/plain-draft.js';

/** A draft of `demo-<service>` with nothing but an image, and what a test wants otherwise. */
export const draftFor = (service: string, changes: Partial<ContainerSpec> = {}): ContainerDraft =>
  plainDraft(
    `demo-${service}`,
    { project: 'demo', service },
    {
      spec: plainSpec(changes),
      owned: {
        hash: specHash('v1:aa'),
        image: 'sha256:1',
        dependsOn: [serviceName('bus')],
        revision: 'r1',
      },
    },
  );
