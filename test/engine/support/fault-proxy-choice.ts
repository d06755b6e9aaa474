/**
 * Which requests go wrong: every one, or every n-th so that over all scenarios and faults different ones do.
 * Owns: the choice, the same in every run. Must not know: what a request or a fault is.
 */

/** How far apart the chosen requests are, unless the environment says otherwise: twice as far is still less than the shortest scenario has. */
const STRIDE = 18;

/** What is chosen. */
export interface Choice {
  /** 1: every request. */
  readonly stride: number;
  /** Added to the number of the first request, so that several runs of a stride take others each. */
  readonly turn: number;
}

/** One of several. */
export interface Place {
  readonly index: number;
  readonly count: number;
}

/** The choice that `ALICIA_FAULT_PROXY_STRIDE` and `ALICIA_FAULT_PROXY_TURN` ask for. */
export function choiceOf(environment: Readonly<Record<string, string | undefined>>): Choice {
  const numberOf = (name: string, fallback: number): number => {
    const text = environment[name] ?? '';
    if (text === '') return fallback;
    if (!/^\d{1,3}$/.test(text)) throw new Error(`${name}: expected a number up to 999, got "${text}"`);
    return Number(text);
  };
  return {
    stride: Math.max(1, numberOf('ALICIA_FAULT_PROXY_STRIDE', STRIDE)),
    turn: numberOf('ALICIA_FAULT_PROXY_TURN', 0),
  };
}

/** The first request that goes wrong. Faults share the distance evenly, and scenarios share what is between two faults. */
export function firstOf({ stride, turn }: Choice, fault: Place, scenario: Place): number {
  const share = (fault.index + scenario.index / scenario.count) / fault.count;
  return 1 + ((Math.floor(share * stride) + turn) % stride);
}
