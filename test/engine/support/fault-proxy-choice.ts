/**
 * Which requests go wrong: every one, or every n-th so that over all scenarios and faults different ones do.
 * Owns: the choice, the same in every run. Must not know: what a request or a fault is.
 */

/** How far apart the chosen requests are, unless the environment says otherwise. */
const STRIDE = 20;

/** One of several. */
export interface Place {
  readonly index: number;
  readonly count: number;
}

/** The distance that `ALICIA_FAULT_PROXY_STRIDE` asks for; 1: every request. */
export function strideOf(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment.ALICIA_FAULT_PROXY_STRIDE ?? '';
  if (text === '') return STRIDE;
  if (!/^[1-9]\d*$/.test(text))
    throw new Error(`ALICIA_FAULT_PROXY_STRIDE: expected a number from 1, got "${text}"`);
  return Number(text);
}

/** The first request that goes wrong. Faults share the distance evenly, and scenarios share what is between two faults. */
export function firstOf(stride: number, fault: Place, scenario: Place): number {
  const share = (fault.index + scenario.index / scenario.count) / fault.count;
  return 1 + Math.floor(share * stride);
}
