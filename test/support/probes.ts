/**
 * Probes and containers for tests of probing.
 */

import { containerId, serviceName, specHash } from '../../src/model/ids.js';
import { NO_RESOURCES, type ObservedContainer, type ObservedEndpoint } from '../../src/model/observed.js';
import type { Probe, ProbeAction } from '../../src/model/probe.js';

/** A probe with the defaults of the manifest. */
export const probeOf = (action: ProbeAction, change: Partial<Omit<Probe, 'action'>> = {}): Probe => ({
  action,
  ...{ periodMs: 10_000, timeoutMs: 1_000, retries: 3, successes: 1, startPeriodMs: 0 },
  ...change,
});

/** `http :9000/health`. */
export const HTTP: ProbeAction = { kind: 'http', port: 9000, path: '/health' };
/** `tcp :5432`. */
export const TCP: ProbeAction = { kind: 'tcp', port: 5432 };
/** `exec /bin/ready`. */
export const EXEC: ProbeAction = { kind: 'exec', command: ['/bin/ready', '--password=hunter2'] };
/** A heartbeat of the service `web`, asked for each period. */
export const MQTT: Extract<ProbeAction, { kind: 'mqtt' }> = {
  ...{ kind: 'mqtt', topic: 'alicia/system/health/web', request: 'alicia/system/health/check' },
  ...{ maxAgeMs: 30_000, payload: null },
};

/** One end in a network. */
export const endpointOf = (network: string, ipAddress: string): ObservedEndpoint => ({
  ...{ network, ipAddress, networkId: network, aliases: [], fixedIpv4: null, fixedIpv6: null },
});

/** A running container of slot 1 of a service; its id repeats a letter. */
export function containerOf(
  service: string,
  letter: string,
  change: Partial<ObservedContainer> = {},
): ObservedContainer {
  const owned = {
    ...{
      project: 'alicia',
      service: serviceName(service),
      slot: 1,
      hash: specHash('v1:0'),
      image: 'sha256:1',
    },
    ...{ dependsOn: [], revision: 'r0', stack: null, prune: true, anonymous: [], source: null },
  };
  return {
    ...{ id: containerId(letter.repeat(64)), name: `alicia-${service}-1-${letter.repeat(8)}`, owned },
    ...{ status: 'running', exitCode: 0, oomKilled: false, error: '', pid: 42 },
    ...{ createdAt: 0, startedAt: 0, finishedAt: null, restartCount: 0 },
    restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 },
    resources: NO_RESOURCES,
    health: { status: 'none', failingStreak: 0, lastOutput: '' },
    ...{
      probed: null,
      stopGraceMs: null,
      check: null,
      imageId: 'sha256:1',
      image: 'web:1',
      imageVersion: null,
    },
    networkMode: 'bus',
    endpoints: [endpointOf('bus', '172.18.0.2')],
    ports: {},
    hostPorts: [],
    mounts: [],
    isSilent: false,
    ...change,
  };
}
