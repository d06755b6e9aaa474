/**
 * In which order a new container and the old one of its slot change places, where the manifest does not say.
 * Owns: the ordered table of what cannot, or should not, run twice. Must not know: how a slot is replaced.
 */
import type { DesiredService } from '../model/desired.js';
import { isFixed } from '../model/host-ports.js';
import type { ObservedContainer } from '../model/observed.js';
import { anonymousVolumes } from './anonymous.js';

/** Compose's words. */
export type Order = 'start-first' | 'stop-first';

interface Row {
  readonly when: (service: DesiredService, old: ObservedContainer) => boolean;
  readonly why: string;
}

/** The order for a slot that holds `old`: as declared, else stop-first where two cannot be side by side. */
export function orderFor(service: DesiredService, old: ObservedContainer): Order {
  if (service.updatePolicy.order !== null) return service.updatePolicy.order;
  return stopFirstBecause(service, old) === null ? 'start-first' : 'stop-first';
}

/** Why the old one has to go first; null: both can be there at once. */
function stopFirstBecause(service: DesiredService, old: ObservedContainer): string | null {
  return ROWS.find(({ when }) => when(service, old))?.why ?? null;
}

const ROWS: readonly Row[] = [
  { when: ({ container }) => container.ports.some(isFixed), why: 'a fixed host port' },
  { when: hasNarrowRange, why: 'fewer host ports than replicas and those that come beside them' },
  { when: ({ containerName, replicas }) => containerName !== null && replicas <= 1, why: 'a literal name' },
  { when: ({ container }) => container.networks.some(hasFixedAddress), why: 'a fixed address' },
  { when: ({ container }) => container.networkMode.kind === 'host', why: "the host's own network" },
  { when: ({ container }) => container.networkMode.kind === 'service', why: "another service's network" },
  { when: ({ container }) => container.isolation.devices.length > 0, why: 'a device' },
  { when: (_, old) => anonymousVolumes(old).length > 0, why: 'an anonymous volume that is carried over' },
  {
    when: ({ container, replicas }) => replicas === 1 && container.mounts.some(({ readOnly }) => !readOnly),
    why: 'data that one replica writes',
  },
];

const hasFixedAddress = (attachment: DesiredService['container']['networks'][number]): boolean =>
  attachment.ipv4Address !== null || attachment.ipv6Address !== null;

function hasNarrowRange(service: DesiredService): boolean {
  const needed = service.replicas + parallelismOf(service);
  return service.container.ports.some(
    ({ hostPorts }) => hostPorts !== null && hostPorts.last - hostPorts.first + 1 < needed,
  );
}

/** How many replicas are replaced at a time; a declared 0 means all. */
export function parallelismOf({ updatePolicy, replicas }: DesiredService): number {
  return updatePolicy.parallelism === 0 ? Math.max(1, replicas) : updatePolicy.parallelism;
}
