// The same from outside: the program as users run it, before an engine on the way to which one request goes wrong, whichever
// it is. What must come of it is what comes of an edit without any fault.
// ALICIA_FAULT_PROXY_STRIDE=1 takes every request; by default some are taken, others for each kind of fault.
import { describe, test } from 'vitest';
import { firstOf, strideOf } from './support/fault-proxy-choice.js';
import { FAULTS, type Fault } from './support/fault-proxy-faults.js';
import { type Lane, openLane } from './support/fault-proxy-lane.js';
import { SCENARIOS, type Scenario } from './support/fault-proxy-scenarios.js';

const STRIDE = strideOf(process.env);
/** Faults that take minutes each are rarer, as long as not all are wanted. */
const SLOW_STRIDE = STRIDE === 1 ? 1 : STRIDE * 3;
/** More requests than any edit takes, were every one of them to be made again. */
const REQUESTS_MOST = 500;
/** So many stories are enough to begin with. */
const FAILURES_MOST = 4;

const TIMEOUT_MS = STRIDE === 1 ? 4 * 3_600_000 : 600_000;

interface Tour {
  readonly runs: number;
  readonly failures: readonly string[];
}

/** Lets one request after the other go wrong, until an edit ends before its turn has come. */
async function tour(
  scenario: Scenario,
  fault: Fault,
  { first, stride }: { first: number; stride: number },
): Promise<Tour> {
  const failures: string[] = [];
  let runs = 0;
  let lane: Lane | null = null;
  let isReached = true;
  try {
    for (let at = first; isReached && at <= REQUESTS_MOST; at += stride) {
      lane ??= await openLane(scenario);
      try {
        ({ isReached } = await lane.round(fault, at));
        runs += isReached ? 1 : 0;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        if (failures.length >= FAILURES_MOST) break;
        await lane.close();
        lane = null;
      }
    }
  } finally {
    await lane?.close();
  }
  return { runs, failures };
}

const cases = FAULTS.flatMap((fault, faultIndex) =>
  SCENARIOS.map((scenario, scenarioIndex) => {
    const stride = fault.isSlow ? SLOW_STRIDE : STRIDE;
    const first = firstOf(
      stride,
      { index: faultIndex, count: FAULTS.length },
      { index: scenarioIndex, count: SCENARIOS.length },
    );
    return { what: fault.what, name: scenario.name, scenario, fault, places: { first, stride } };
  }),
);

describe.concurrent('8.2 at whichever request', { timeout: TIMEOUT_MS }, () => {
  test.for(cases)(
    'when $what, $name must come to its end all the same, and nobody else be touched',
    async ({ what, name, scenario, fault, places }, { expect }) => {
      const sinceMs = performance.now();
      const { runs, failures } = await tour(scenario, fault, places);
      const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1);
      console.info(`${name}, when ${what}: ${runs} runs in ${seconds} s, ${failures.length} failures`);
      expect(failures.join('\n\n')).toBe('');
      expect(runs).toBeGreaterThan(0);
    },
  );
});
