// The same from outside: the program as users run it, and on its way to the engine one request goes wrong, whichever it is.
// What comes of an edit must be what comes of it without any fault.
// ALICIA_FAULT_PROXY_STRIDE=1 takes every request; by default some are taken, and others for each kind of fault.
// With ALICIA_FAULT_PROXY_TURN=1, 2, … a stride takes other requests each time.
import { describe, test } from 'vitest';
import { choiceOf, firstOf } from './support/fault-proxy-choice.js';
import { FAULTS, type Fault } from './support/fault-proxy-faults.js';
import { openLane } from './support/fault-proxy-lane.js';
import { SCENARIOS, type Scenario } from './support/fault-proxy-scenarios.js';
import { tour } from './support/fault-proxy-tour.js';

const CHOICE = choiceOf(process.env);
/** Faults that take minutes of waiting each are rarer, unless all requests are wanted: then several wait at the same time. */
const SLOW = CHOICE.stride === 1 ? { factor: 1, width: 3 } : { factor: 2, width: 1 };
const TIMEOUT_MS = CHOICE.stride === 1 ? 6 * 3_600_000 : 1_800_000;

const placesOf = (fault: Fault, scenario: Scenario) => {
  const peers = FAULTS.filter(({ isSlow }) => isSlow === fault.isSlow);
  const stride = fault.isSlow ? CHOICE.stride * SLOW.factor : CHOICE.stride;
  const first = firstOf(
    { ...CHOICE, stride },
    { index: peers.indexOf(fault), count: peers.length },
    { index: SCENARIOS.indexOf(scenario), count: SCENARIOS.length },
  );
  return { first, stride, width: fault.isSlow ? SLOW.width : 1 };
};

const cases = FAULTS.flatMap((fault) =>
  SCENARIOS.map((scenario) => [fault.what, scenario.name, fault, scenario] as const),
);

describe.concurrent('8.2 whichever request it is:', { timeout: TIMEOUT_MS }, () => {
  test.for(cases)(
    'when %s, %s must come to its end all the same, and nobody else be touched',
    async ([what, name, fault, scenario], { expect }) => {
      const sinceMs = performance.now();
      const { runs, requests, failures } = await tour({
        ...placesOf(fault, scenario),
        openLane: () => openLane(scenario),
        round: async (lane, at) => {
          const beganMs = performance.now();
          const made = await lane.round(fault, at);
          const tookMs = Math.round(performance.now() - beganMs);
          if (CHOICE.stride < 10)
            console.info(`${name}, when ${what}: ${at} of ${made.requests}, ${tookMs} ms`);
          return made;
        },
      });
      const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1);
      const figures = `${runs} runs of ${requests.join(' to ')} requests in ${seconds} s`;
      console.info(`${name}, when ${what}: ${figures}, ${failures.length} failures`);
      expect(failures.join('\n\n')).toBe('');
      expect(runs).toBeGreaterThan(0);
    },
  );
});
