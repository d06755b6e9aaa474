// Owns: how many steps are carried out at once, with which deadline, and what becomes of those that have not begun.
import { describe, expect, test } from 'vitest';
import { createExecutor } from '../../src/controller/executor.js';
import type { CallOptions, Engine } from '../../src/controller/ports.js';
import { containerId, serviceName } from '../../src/model/ids.js';
import { keys, type Step } from '../../src/model/step.js';
import { LIMITS } from '../support/controller-limits.js';

const web = serviceName('web');

const about = (slot: number) => ({
  ...{ key: keys.replica(web, slot), service: web, slot, cause: 'asked for', name: `web-${slot}` },
  id: containerId(String(slot).padStart(64, 'a')),
});
const startOf = (slot: number): Step => ({
  ...about(slot),
  kind: 'startContainer',
  again: false,
  interrupted: false,
});
const stopOf = (slot: number): Step => ({
  ...about(slot),
  kind: 'stopContainer',
  graceMs: 0,
  isVerdict: false,
});
const restartOf = (slot: number): Step => ({
  ...about(slot),
  kind: 'restartContainer',
  graceMs: 0,
  follows: null,
});
const pullOf = (image: string): Step => ({
  ...{ kind: 'pullImage', key: keys.image(image), service: web, slot: null, cause: 'asked for', image },
});

/** An executor whose calls end when they are told to. */
function executing(concurrency = 2) {
  const begun: string[] = [];
  const deadlines: Record<string, number> = {};
  const ends: (() => void)[] = [];
  const member =
    (name: string) =>
    (...args: readonly unknown[]): Promise<void> => {
      deadlines[name] = (args.at(-1) as CallOptions).deadlineMs;
      return new Promise((resolve) => ends.push(resolve));
    };
  const engine = new Proxy({}, { get: (_, name) => member(String(name)) }) as Engine;
  const executor = createExecutor(engine, { ...LIMITS, concurrency });
  const execute = (step: Step) =>
    executor.execute(step, { onBegin: () => void begun.push(step.key), onProgress: () => undefined });
  return { executor, execute, begun, deadlines, endOne: () => ends.shift()?.() };
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('no more quick calls than allowed must be under way at once, and each must begin in its turn', async () => {
  const { execute, begun, endOne } = executing();
  const outcomes = [1, 2, 3, 4].map((slot) => execute(startOf(slot)));
  expect(begun).toEqual([1, 2].map((slot) => keys.replica(web, slot)));
  endOne();
  expect(await outcomes[0]).toEqual({ kind: 'done' });
  await settled();
  expect(begun).toEqual([1, 2, 3].map((slot) => keys.replica(web, slot)));
});

test.each<readonly [string, (slot: number) => Step]>([
  ['stops', stopOf],
  ['restarts', restartOf],
  ['pulls', (slot) => pullOf(`web:${slot}`)],
])('long %s must keep no quick call waiting, and eight times as many may be under way', async (_, stepOf) => {
  const { execute, begun } = executing();
  for (let slot = 1; slot <= 20; slot += 1) void execute(stepOf(slot));
  expect(begun).toHaveLength(16);
  void execute(startOf(30));
  expect(begun.at(-1)).toBe(keys.replica(web, 30));
});

test('quick calls must keep no long one waiting', () => {
  const { execute, begun } = executing(1);
  for (const slot of [1, 2, 3]) void execute(startOf(slot));
  void execute(stopOf(4));
  expect(begun).toEqual([1, 4].map((slot) => keys.replica(web, slot)));
});

test('a closed executor must begin nothing more, and name all that has not begun, once', async () => {
  const { executor, execute, begun, endOne } = executing(1);
  const first = execute(startOf(1));
  void execute(startOf(2));
  for (let slot = 3; slot <= 11; slot += 1) void execute(stopOf(slot));
  const dropped: string[] = [];
  executor.close((key) => dropped.push(key));
  expect(dropped).toEqual([2, 11].map((slot) => keys.replica(web, slot)));
  executor.close((key) => dropped.push(key));
  expect(dropped).toHaveLength(2);
  const before = begun.length;
  for (let times = 0; times < 9; times += 1) endOne();
  await first;
  await settled();
  expect(begun).toHaveLength(before);
});

describe('8.2 deadlines', () => {
  test('8.2 each kind of call must have its own', () => {
    const { execute, deadlines } = executing(99);
    const step = (kind: string, more: object = {}): Step =>
      ({ ...about(1), kind, ...more }) as unknown as Step;
    const steps = [
      step('pullImage', { image: 'web:1' }),
      ...['createNetwork', 'removeNetwork', 'createVolume', 'removeVolume'].map((kind) => step(kind)),
      step('createContainer', { draft: {} }),
      ...['startContainer', 'unpauseContainer', 'removeContainer', 'renameContainer'].map((kind) =>
        step(kind),
      ),
      ...['updateContainer', 'connectNetwork', 'disconnectNetwork'].map((kind) => step(kind)),
    ];
    for (const each of steps) void execute(each);
    const quick = 30_000;
    expect(deadlines).toEqual({
      ...{ pullImage: 300_000, createContainer: 120_000, startContainer: 120_000, removeContainer: 120_000 },
      ...{ createNetwork: quick, removeNetwork: quick, createVolume: quick, removeVolume: quick },
      ...{ unpauseContainer: quick, renameContainer: quick, updateContainer: quick },
      ...{ connectNetwork: quick, disconnectNetwork: quick },
    });
  });

  test('a call that fails for another reason than the engine must not count as an outcome', async () => {
    const engine = { startContainer: () => Promise.reject(new TypeError('a bug')) } as unknown as Engine;
    const executor = createExecutor(engine, LIMITS);
    const outcome = executor.execute(startOf(1), { onBegin: () => undefined, onProgress: () => undefined });
    await expect(outcome).rejects.toThrow('a bug');
  });
});
