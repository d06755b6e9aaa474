// Owns: single attempts that come to nothing, and how long a program may take.
import { expect, test } from 'vitest';
import { EngineError } from '../../src/controller/ports.js';
import { type Attempts, attemptProbe } from '../../src/controller/prober-attempt.js';
import { containerOf, EXEC, HTTP, MQTT, probeOf, TCP } from '../support/probes.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

const { id } = containerOf('web', 'a');
const run = { id, startedAt: 0 };

/** Attempts in a world where no container is known. */
const attemptsWith = (exec: Attempts['engine']['exec']): Attempts => ({
  ...{
    engine: { exec },
    clock: createVirtualClock(),
    observed: { services: new Map() },
    programs: new Map(),
  },
  runner: { http: async () => ({ kind: 'success' }), tcp: async () => ({ kind: 'success' }) },
  asking: { ask: () => undefined },
});

test.each([
  ['http', HTTP],
  ['tcp', TCP],
  ['mqtt', MQTT],
] as const)('6.6 of a container that is not seen now %s must say nothing', async (_, action) => {
  const attempts = attemptsWith(async () => 0);
  expect(await attemptProbe(attempts, run, { probe: probeOf(action), hearing: null })).toBeNull();
});

test('6.6 a program must get ten minutes, and its own words and no others', async () => {
  const calls: unknown[] = [];
  const attempts = attemptsWith(async (...call) => {
    calls.push(call);
    return 0;
  });
  const exec = { probe: probeOf(EXEC), hearing: null };
  expect(await attemptProbe(attempts, run, exec)).toEqual({ kind: 'success' });
  expect(calls).toEqual([[id, ['/bin/ready', '--password=hunter2'], { deadlineMs: 600_000 }]]);
  expect(attempts.programs.size).toBe(0);
});

test('6.6 what is no failure of the engine must not pass for a word about the service', async () => {
  const bug = new TypeError('a mistake of ours');
  const exec = { probe: probeOf(EXEC), hearing: null };
  await expect(
    attemptProbe(
      attemptsWith(() => Promise.reject(bug)),
      run,
      exec,
    ),
  ).rejects.toBe(bug);
  const failed = new EngineError({ code: 'engine', message: 'no', status: 500 });
  const attempts = attemptsWith(() => Promise.reject(failed));
  expect(await attemptProbe(attempts, run, exec)).toEqual({ kind: 'notRun', message: 'cannot be run: no' });
});
