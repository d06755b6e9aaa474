/**
 * Limits of a container against the declared ones.
 * Owns: which difference `docker update` mends, and which it cannot. Must not know: when it is called.
 */
import type { Resources } from '../model/desired.js';
import type { ObservedResources } from '../model/observed.js';

/** How the limits differ. */
export type LimitChange =
  | 'same'
  /** A value changed: updated in place. */
  | 'changed'
  /** A limit was taken away, or `cpus` and `cpu_quota` swapped: `docker update` answers 200 and changes nothing. */
  | 'removed';

const FIELDS = ['nanoCpus', 'cpuQuotaUs', 'memoryBytes', 'memoryReservationBytes', 'pidsLimit'] as const;

/** Compares limits, undeclared ones too: somebody may have set one by hand. */
export function limitChange(observed: ObservedResources, declared: Resources): LimitChange {
  const isRemoved = FIELDS.some((field) => declared[field] === null && observed[field] !== 0);
  if (isRemoved) return 'removed';
  const isChanged = FIELDS.some((field) => (declared[field] ?? 0) !== observed[field]);
  return isChanged || differsInSwap(observed, declared) || differsInPeriod(observed, declared)
    ? 'changed'
    : 'same';
}

/** Undeclared swap follows the memory limit, and engines without swap accounting show what they like: not compared. */
const differsInSwap = (observed: ObservedResources, { memorySwapBytes }: Resources): boolean =>
  memorySwapBytes !== null && memorySwapBytes !== observed.memorySwapBytes;

/** A period means something beside a quota only. */
const differsInPeriod = (observed: ObservedResources, { cpuQuotaUs, cpuPeriodUs }: Resources): boolean =>
  cpuQuotaUs !== null && cpuPeriodUs !== null && cpuPeriodUs !== observed.cpuPeriodUs;

/**
 * Whether a container was made for other limits than the declared ones. A limit that Docker shows as none may have been
 * discarded by a kernel without that cgroup: it tells nothing.
 */
export const hasOtherLimits = (observed: ObservedResources, declared: Resources): boolean =>
  FIELDS.some((field) => observed[field] !== 0 && observed[field] !== (declared[field] ?? 0));
