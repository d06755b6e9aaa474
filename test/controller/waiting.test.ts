// Owns: pauses, and waits on a connection: that each ends when it must, and none is left over.
import { describe, expect, test } from 'vitest';
import { createPauses } from '../../src/controller/pauses.js';
import { createWaits } from '../../src/controller/waits.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

/** Words in the order in which they were said. */
function noting() {
  const said: string[] = [];
  const note =
    (word: string): (() => void) =>
    () =>
      void said.push(word);
  return { said, note };
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('pauses', () => {
  test('a pause must end when its time has passed', async () => {
    const clock = createVirtualClock();
    const { said, note } = noting();
    void createPauses(clock).wait(500).then(note('over'));
    await clock.advance(499);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toEqual(['over']);
  });

  test('all pauses must end at once when they are ended, and leave no timer', async () => {
    const clock = createVirtualClock();
    const { said, note } = noting();
    const pauses = createPauses(clock);
    void pauses.wait(500).then(note('short'));
    void pauses.wait(90_000).then(note('long'));
    pauses.endAll();
    await settled();
    expect(said).toEqual(['short', 'long']);
    expect(await clock.step()).toBe(false);
  });
});

describe('8.2 waits on a connection', () => {
  test('8.2 an answer that comes must be waited for, and one that fails must fail', async () => {
    const { said, note } = noting();
    const waits = createWaits();
    await waits.orLost(Promise.resolve());
    await expect(waits.orLost(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    let answer = (): void => {};
    const pending = new Promise<void>((resolve) => {
      answer = resolve;
    });
    void waits.orLost(pending).then(note('answered'));
    await settled();
    expect(said).toEqual([]);
    answer();
    await settled();
    expect(said).toEqual(['answered']);
  });

  test('8.2 an answer that never comes must not be waited for beyond the loss of its connection', async () => {
    const { said, note } = noting();
    const waits = createWaits();
    void waits.orLost(new Promise(() => {})).then(note('given up'));
    waits.tellWhole();
    await settled();
    expect(said).toEqual([]);
    waits.tellLost();
    await settled();
    expect(said).toEqual(['given up']);
  });

  test('8.1 whoever waits for the next whole connection must wait through every loss', async () => {
    const { said, note } = noting();
    const waits = createWaits();
    void waits.untilWhole().then(note('first'));
    void waits.untilWhole().then(note('second'));
    waits.tellLost();
    await settled();
    expect(said).toEqual([]);
    waits.tellWhole();
    await settled();
    expect(said).toEqual(['first', 'second']);
  });
});
