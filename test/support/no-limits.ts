// Owns: the resources of a service that declares none.
import type { Resources } from '../../src/model/desired.js';

/** No limit declared. */
export const NO_LIMITS: Resources = {
  nanoCpus: null,
  cpuQuotaUs: null,
  cpuPeriodUs: null,
  memoryBytes: null,
  memorySwapBytes: null,
  memoryReservationBytes: null,
  pidsLimit: null,
};
