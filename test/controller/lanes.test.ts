import { expect, test } from 'vitest';
import { createLane } from '../../src/controller/lanes.js';

/** A task that ends when it is told to. */
function openTask(): {
  readonly task: () => Promise<string>;
  end(result: string): void;
  hasBegun(): boolean;
} {
  const gate = { end: (_: string): void => {}, begun: false };
  const done = new Promise<string>((resolve) => {
    gate.end = resolve;
  });
  return {
    task: () => {
      gate.begun = true;
      return done;
    },
    end: (result) => gate.end(result),
    hasBegun: () => gate.begun,
  };
}

test('a lane lets no more tasks go at once than it is wide, and the next one when one ends', async () => {
  const lane = createLane(2);
  const tasks = [openTask(), openTask(), openTask()] as const;
  const results = tasks.map(({ task }) => lane.run(task));
  expect(tasks.map((task) => task.hasBegun())).toEqual([true, true, false]);
  tasks[1].end('second');
  expect(await results[1]).toBe('second');
  await Promise.resolve();
  expect(tasks[2].hasBegun()).toBe(true);
});

test('a task that fails makes room like any other', async () => {
  const lane = createLane(1);
  const failing = lane.run(() => Promise.reject(new Error('no')));
  const next = lane.run(async () => 'went on');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('went on');
});

test('a closed lane begins nothing more', async () => {
  const lane = createLane(1);
  const first = openTask();
  const second = openTask();
  const running = lane.run(first.task);
  void lane.run(second.task);
  lane.close();
  first.end('done');
  await running;
  await Promise.resolve();
  expect(second.hasBegun()).toBe(false);
});
