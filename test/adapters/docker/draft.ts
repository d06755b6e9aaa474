/**
 * Drafts of containers for tests of the adapter that need no engine.
 * Owns: a plain draft. Must not know: what a test changes in it.
 */
import type { ContainerSpec } from '../../../src/model/desired.js';
import { serviceName, specHash } from '../../../src/model/ids.js';
import type { ContainerDraft } from '../../../src/model/step.js';
import { NO_LIMITS } from '../../support/no-limits.js';

/** A draft of `demo-<service>` with nothing but an image, and what a test wants otherwise. */
export function draftFor(service: string, changes: Partial<ContainerSpec> = {}): ContainerDraft {
  return {
    name: `demo-${service}`,
    extraLabels: {},
    carried: [],
    networkOf: null,
    owned: {
      project: 'demo',
      service: serviceName(service),
      slot: 1,
      hash: specHash('v1:aa'),
      image: 'sha256:1',
      dependsOn: [serviceName('bus')],
      revision: 'r1',
      stack: null,
      prune: true,
      anonymous: [],
    },
    spec: {
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
      healthcheck: null,
      restart: { name: 'unless-stopped', maximumRetryCount: 0 },
      stopSignal: null,
      stopGraceMs: null,
      ...changes,
    },
  };
}
