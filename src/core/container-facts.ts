/**
 * Small facts about one container against its service's spec.
 * Owns: comparisons that several rules share. Must not know: what follows from them.
 */
import type { DesiredService, NetworkAttachment, RestartPolicy } from '../model/desired.js';
import type { ObservedContainer } from '../model/observed.js';

/** The first network of the spec that the container is not attached to; null when all are there. */
export function missingAttachment(
  container: ObservedContainer,
  service: DesiredService,
): NetworkAttachment | null {
  const attached = new Set(container.endpoints.map((endpoint) => endpoint.network));
  return service.container.networks.find((attachment) => !attached.has(attachment.network)) ?? null;
}

/** Whether two restart policies do the same. */
export const samePolicy = (a: RestartPolicy, b: RestartPolicy): boolean =>
  a.name === b.name && (a.name !== 'on-failure' || a.maximumRetryCount === b.maximumRetryCount);

/** How a container ended, for people. */
export function endOf(container: ObservedContainer): string {
  return container.oomKilled ? `exited ${container.exitCode}, out of memory` : `exited ${container.exitCode}`;
}
