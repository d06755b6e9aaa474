import { expect, test } from 'vitest';
import { createExecutor } from '../../src/controller/executor.js';
import { type CallOptions, EngineError } from '../../src/controller/ports.js';
import type { FailureCode } from '../../src/model/failure.js';
import { containerId, serviceName } from '../../src/model/ids.js';
import { keys, type Step } from '../../src/model/step.js';
import { LIMITS } from '../support/controller-limits.js';
import { createWorld } from '../support/simulation/world.js';

const web = serviceName('web');

const about = {
  key: keys.replica(web, 1),
  service: web,
  slot: 1,
  cause: 'asked for',
  id: containerId('a'.repeat(64)),
  name: 'web',
};
const REPORTING = { onBegin: () => undefined, onProgress: () => undefined };
const STOPS: readonly (readonly [string, (graceMs: number) => Step])[] = [
  ['a stop', (graceMs) => ({ ...about, kind: 'stopContainer', graceMs, isVerdict: false })],
  ['a restart', (graceMs) => ({ ...about, kind: 'restartContainer', graceMs, follows: null })],
];

test.each(STOPS)('8.11 %s must have 20 s beyond its grace, however long that is', async (_, stepOf) => {
  const deadlines: number[] = [];
  const stop = (_id: string, _graceMs: number, { deadlineMs }: CallOptions): Promise<void> => {
    deadlines.push(deadlineMs);
    return Promise.resolve();
  };
  const { port } = createWorld(1).engine;
  const executor = createExecutor({ ...port, stopContainer: stop, restartContainer: stop }, LIMITS);
  for (const graceMs of [0, 10_000, 600_000])
    expect(await executor.execute(stepOf(graceMs), REPORTING)).toEqual({ kind: 'done' });
  expect(deadlines).toEqual([20_000, 30_000, 620_000]);
});

test.each<readonly [FailureCode, number | null, string]>([
  ['nameInUse', 409, 'failed'],
  ['removalInProgress', 409, 'failed'],
  ['engine', 500, 'failed'],
  ['unreachable', null, 'failed'],
  ['unknownOutcome', null, 'unknown'],
])('8.3 a call that ends as %s (%s) must count as %s, and never as done', async (code, status, kind) => {
  const { port } = createWorld(1).engine;
  const renameContainer = (): Promise<never> =>
    Promise.reject(new EngineError({ code, message: 'the name is in use', status }));
  const executor = createExecutor({ ...port, renameContainer }, LIMITS);
  const outcome = await executor.execute({ ...about, kind: 'renameContainer', to: 'web-1' }, REPORTING);
  expect(outcome).toMatchObject(
    kind === 'unknown' ? { kind, message: 'the name is in use' } : { kind, failure: { code, status } },
  );
});
