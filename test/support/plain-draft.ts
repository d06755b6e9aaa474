/**
 * Containers for tests that are about something else.
 * Owns: the plainest spec and draft. Must not know: what a test changes in them.
 */

import type { ContainerSpec } from '../../src/model/desired.js';
import { serviceName, specHash } from '../../src/model/ids.js';
import { USUAL_ISOLATION } from '../../src/model/isolation.js';
import type { OwnedLabels } from '../../src/model/labels.js';
import type { ContainerDraft } from '../../src/model/step.js';
import { NO_LIMITS } from './no-limits.js';

/** An image with nothing of its own: no networks but the default, no ports, no mounts, no check. */
export const plainSpec = (changes: Partial<ContainerSpec> = {}): ContainerSpec => ({
  image: 'redis:7.4',
  command: null,
  entrypoint: null,
  environment: {},
  labels: {},
  ports: [],
  mounts: [],
  networkMode: { kind: 'networks' },
  networks: [],
  resources: NO_LIMITS,
  isolation: USUAL_ISOLATION,
  healthcheck: null,
  restart: { name: 'unless-stopped', maximumRetryCount: 0 },
  stopSignal: null,
  stopGraceMs: null,
  ...changes,
});

/** The hash of every {@link plainDraft}. */
export const PLAIN_HASH = specHash(`v1:${'a'.repeat(64)}`);

/** The first replica of a service that needs nobody. */
export const plainDraft = (
  name: string,
  owner: { readonly project: string; readonly service: string },
  { spec, owned = {} }: { readonly spec: ContainerSpec; readonly owned?: Partial<OwnedLabels> },
): ContainerDraft => ({
  name,
  extraLabels: {},
  carried: [],
  networkOf: null,
  owned: {
    project: owner.project,
    service: serviceName(owner.service),
    slot: 1,
    hash: PLAIN_HASH,
    image: '',
    dependsOn: [],
    revision: 'sha256:0',
    stack: null,
    prune: true,
    anonymous: [],
    source: null,
    ...owned,
  },
  spec,
});
