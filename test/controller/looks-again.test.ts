// Owns: single looks: that there is one at a time, that one is made again, and what outlives its connection.
import { describe, expect, test } from 'vitest';
import type { Sighting } from '../../src/controller/ports.js';
import type { Step } from '../../src/model/step.js';
import { base, first, never, observing, refused, second, web } from './support/observing.js';

describe('8.14 a look that fails', () => {
  test('8.14 must be made again, more and more patiently, until it succeeds, and then be told', async () => {
    const { clock, told, calls, world, observer, emit, log } = await observing();
    world.reads = { inspectContainer: () => refused('engine') };
    world.containers = [{ ...first, status: 'exited' }, second];
    emit('container', 'die', first.id);
    await clock.advance(3_400);
    world.reads = {};
    await clock.advance(10_000);
    expect(calls).toEqual([0, 500, 1_500, 3_500].map((atMs) => `${atMs} inspectContainer`));
    expect([observer.isWhole(), told]).toEqual([true, ['3500 web']]);
    expect(log.lines[0]).toMatchObject({
      level: 'debug',
      facts: { code: 'engine', message: 'it is engine' },
    });
  });

  test('8.1 where the engine cannot be reached must lose it, and be made no more', async () => {
    const { clock, told, calls, world, emit } = await observing();
    world.reads = { inspectContainer: () => refused('unreachable') };
    emit('container', 'die', first.id);
    await clock.advance(900);
    expect([told, calls]).toEqual([['lost: it is unreachable'], ['0 inspectContainer']]);
    await clock.advance(60_000);
    expect(calls.filter((call) => call.endsWith('inspectContainer'))).toHaveLength(1);
  });

  test('must be made no more once the observer is stopped', async () => {
    const { clock, calls, world, observer, emit, settles } = await observing();
    world.reads = { inspectContainer: () => refused('engine') };
    emit('container', 'die', first.id);
    const looked = settles(observer.lookAt([web]));
    await clock.advance(0);
    const before = calls.length;
    observer.stop();
    await clock.advance(60_000);
    expect([calls.length, looked.atMs !== null]).toEqual([before, true]);
  });
});

describe('8.14 one look at a time', () => {
  test('8.14 wishes that come while a container is looked at must be one more look', async () => {
    const { clock, calls, world, emit } = await observing();
    let answer = (_: Sighting): void => {};
    world.reads = {
      inspectContainer: () =>
        new Promise<Sighting>((resolve) => {
          answer = resolve;
        }),
    };
    for (let times = 0; times < 3; times += 1) emit('container', 'die', first.id);
    await clock.advance(100);
    expect(calls).toHaveLength(1);
    answer({ kind: 'ours', container: first });
    await clock.advance(100);
    answer({ kind: 'ours', container: first });
    await clock.advance(100);
    expect(calls).toHaveLength(2);
  });

  test('8.14 one that gives no answer for 5 s must count as silent, and keep a service waiting no longer', async () => {
    const { clock, told, world, observer, settles } = await observing();
    world.reads = { inspectContainer: never };
    const looked = settles(observer.lookAt([web]));
    await clock.advance(4_999);
    expect([told, looked.atMs]).toEqual([[], null]);
    await clock.advance(1);
    expect([new Set(told), looked.atMs]).toEqual([new Set(['5000 web']), 5_000]);
    expect(observer.state.services.get(web)?.map(({ isSilent }) => isSilent)).toEqual([true, true]);
  });

  test('8.14 one that is silent must be looked at by itself, also where a list tells so', async () => {
    const { clock, calls, world, observer } = await observing();
    const silent = { ...first, isSilent: true };
    const list = async () => ({
      containers: [
        { kind: 'ours', container: silent },
        { kind: 'ours', container: second },
      ],
      ...{ networks: [], volumes: [] },
    });
    world.reads = { list };
    void observer.relist();
    await clock.advance(100);
    expect(calls).toEqual(['0 list', '0 inspectContainer']);
  });

  test('a look that answers at once must bring no change, and leave no timer', async () => {
    const { clock, told, observer, settles } = await observing();
    const looked = settles(observer.lookAt([web]));
    await clock.advance(0);
    expect([looked.atMs, told, await clock.step()]).toEqual([0, [], false]);
  });
});

describe('8.2 what an earlier connection was asked', () => {
  test('8.2 must not be waited for, and its answer must say nothing', async () => {
    const { clock, told, world, observer, emit, end, settles } = await observing();
    let answer = (_: Sighting): void => {};
    world.reads = {
      inspectContainer: () =>
        new Promise<Sighting>((resolve) => {
          answer = resolve;
        }),
    };
    emit('container', 'die', first.id);
    const looked = settles(observer.lookAt([web]));
    await clock.advance(10);
    world.reads = {};
    end();
    await clock.advance(10);
    expect(looked.atMs).not.toBeNull();
    await clock.advance(2_000);
    expect(observer.isWhole()).toBe(true);
    told.length = 0;
    answer({ kind: 'ours', container: { ...first, status: 'exited' } });
    await clock.advance(10_000);
    expect(told).toEqual([]);
    expect(
      observer.state.services.get(web)?.every(({ status, isSilent }) => status === 'running' && !isSilent),
    ).toBe(true);
  });

  test('8.2 a step must wait for the next whole list where its look was lost, and not for ever', async () => {
    const { clock, world, observer, end, settles } = await observing();
    world.reads = { inspectContainer: never };
    const step: Step = { ...base, kind: 'unpauseContainer', id: first.id, name: first.name };
    const looked = settles(observer.lookAfter(step));
    await clock.advance(10);
    world.reads = {};
    end();
    await clock.advance(500);
    expect(looked.atMs).toBeNull();
    const late = settles(observer.lookAfter(step));
    await clock.advance(1_000);
    expect([looked.atMs, late.atMs]).toEqual([1_010, 1_010]);
    expect(settles(observer.lookAt([web])).atMs).toBeNull();
  });

  test('8.2 a list that was under way must say nothing of the next connection', async () => {
    const { clock, world, observer, end, told } = await observing();
    let answer = (_: unknown): void => {};
    world.reads = {
      list: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    };
    void observer.relist();
    await clock.advance(10);
    world.reads = {};
    end();
    await clock.advance(2_000);
    told.length = 0;
    answer({ containers: [], networks: [], volumes: [] });
    await clock.advance(100);
    expect([told, observer.state.services.get(web)?.length]).toEqual([[], 2]);
  });
});
