/**
 * Limits of a container.
 * Owns: their two places, their units, and which of them exclude each other. Must not know: how Docker keeps them.
 */
import type { Resources } from '../model/desired.js';
import type { ServiceSpec } from './generated/manifest-types.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import { parseSize } from './sizes.js';
import { findTree, type Path } from './tree.js';

type Amount = number | string;
/** What an amount comes to; null: without limit. Says itself what is wrong. */
type Read = (scope: Scope, path: Path, amount: Amount) => number | null;

const LIMITS: Path = ['spec', 'deploy', 'resources', 'limits'];
const RESERVATIONS: Path = ['spec', 'deploy', 'resources', 'reservations'];

/** All limits of a service. */
export function resolveResources(scope: Scope, spec: ServiceSpec): Resources {
  const { limits, reservations } = spec.deploy?.resources ?? {};
  const read = (field: keyof ServiceSpec, amount: Amount | undefined, by: Read): number | null =>
    amount === undefined ? null : by(scope, ['spec', field], amount);
  /** An amount that may stand in one place or in another, but not with two meanings. */
  const either = (
    field: 'cpus' | 'mem_limit' | 'mem_reservation' | 'pids_limit',
    other: { readonly path: Path; readonly amount: Amount | undefined },
    by: Read,
  ): number | null => {
    const first = read(field, spec[field], by);
    if (other.amount === undefined) return first;
    const second = by(scope, other.path, other.amount);
    if (spec[field] !== undefined && first !== second)
      scope.error(other.path, 'BAD_VALUE', `says another thing than spec.${field} — keep one of them`);
    return first ?? second;
  };
  const resources: Resources = {
    nanoCpus: either('cpus', { path: [...LIMITS, 'cpus'], amount: limits?.cpus }, readCpus),
    cpuQuotaUs: read('cpu_quota', spec.cpu_quota, readQuota),
    cpuPeriodUs: read('cpu_period', spec.cpu_period, readPeriod),
    memoryBytes: either('mem_limit', { path: [...LIMITS, 'memory'], amount: limits?.memory }, readBytes),
    memorySwapBytes: read('memswap_limit', spec.memswap_limit, readSwap),
    memoryReservationBytes: either(
      'mem_reservation',
      { path: [...RESERVATIONS, 'memory'], amount: reservations?.memory },
      readBytes,
    ),
    pidsLimit: either('pids_limit', { path: [...LIMITS, 'pids'], amount: limits?.pids }, readCount),
  };
  checkTogether(scope, resources);
  return resources;
}

/** What Docker would refuse when the container is made. */
function checkTogether(scope: Scope, resources: Resources): void {
  const { nanoCpus, memoryBytes, memorySwapBytes, memoryReservationBytes } = resources;
  const complain = (field: keyof ServiceSpec, message: string): void =>
    scope.error(['spec', field], 'BAD_VALUE', message);
  if (nanoCpus !== null && resources.cpuQuotaUs !== null)
    complain('cpu_quota', 'cannot be given with cpus — keep one of them');
  if (nanoCpus !== null && resources.cpuPeriodUs !== null)
    complain('cpu_period', 'cannot be given with cpus — keep one of them');
  if (memorySwapBytes !== null && memorySwapBytes !== -1 && memoryBytes === null)
    complain('memswap_limit', 'needs a limit of the memory too — add mem_limit, or write -1');
  if (memorySwapBytes !== null && memorySwapBytes !== -1 && memorySwapBytes < (memoryBytes ?? 0))
    complain('memswap_limit', 'is memory and swap together, and less than mem_limit — raise it, or write -1');
  if (memoryBytes !== null && (memoryReservationBytes ?? 0) > memoryBytes) {
    const path = ['spec', 'mem_reservation'];
    const declared = findTree(scope.tree, path) === null ? [...RESERVATIONS, 'memory'] : path;
    const text = 'the memory that is reserved is more than the limit — lower it, or raise the limit';
    scope.error(declared, 'BAD_VALUE', text);
  }
}

/** The kernel takes no quota below 1 ms, of Docker's period of 100 ms. */
const MIN_NANO_CPUS = 10_000_000;

const readCpus: Read = (scope, path, cpus) => {
  const nanoCpus = orNull(Math.round(Number(cpus) * 1e9));
  if (nanoCpus !== null && nanoCpus < MIN_NANO_CPUS)
    scope.error(path, 'BAD_VALUE', `${quote(cpus)} is too little — a container can start with 0.01 or more`);
  return nanoCpus;
};

/** −1 and 0 mean the same. */
const readCount: Read = (_scope, _path, count) => orNull(Math.max(0, Number(count)));

const readQuota: Read = (scope, path, amount) => {
  const quotaUs = readCount(scope, path, amount);
  if (quotaUs !== null && quotaUs < 1000)
    scope.error(path, 'BAD_VALUE', `${quotaUs} microseconds are too few — Docker wants at least 1000`);
  return quotaUs;
};

const readPeriod: Read = (scope, path, amount) => {
  const periodUs = readCount(scope, path, amount);
  if (periodUs !== null && (periodUs < 1000 || periodUs > 1_000_000))
    scope.error(path, 'BAD_VALUE', `${periodUs} microseconds — Docker wants 1000 to 1000000`);
  return periodUs;
};

const readBytes: Read = (scope, path, amount) => {
  const bytes = parseSize(String(amount));
  if (bytes === null)
    scope.error(path, 'BAD_VALUE', `not a size: ${quote(amount)} — such as "512m" or "1gb"`);
  return orNull(bytes ?? 0);
};

const readSwap: Read = (scope, path, amount) =>
  String(amount) === '-1' ? -1 : readBytes(scope, path, amount);

/** Docker takes 0 for "not given". */
const orNull = (amount: number): number | null => (amount === 0 ? null : amount);
