import { describe, expect, test } from 'vitest';
import { eventually } from './eventually.js';

describe('eventually', () => {
  test('returns the first value that is one', async () => {
    let calls = 0;
    const value = await eventually(() => (++calls < 3 ? undefined : calls), { intervalMs: 1 });
    expect(value).toBe(3);
  });

  test('tries again after a failed assertion', async () => {
    let calls = 0;
    await eventually(
      () => {
        expect(++calls).toBeGreaterThan(2);
        return true;
      },
      { intervalMs: 1 },
    );
    expect(calls).toBe(3);
  });

  test('ends at its deadline with what was waited for and the last failure', async () => {
    const waiting = eventually(() => Promise.reject(new Error('still 2 replicas')), {
      timeoutMs: 30,
      intervalMs: 5,
      describe: 'one replica',
    });
    await expect(waiting).rejects.toThrow(/^one replica: not so within 30 ms .*still 2 replicas$/);
  });

  test('gives up a try that hangs', async () => {
    const waiting = eventually(() => new Promise<boolean>(() => undefined), { timeoutMs: 30, intervalMs: 5 });
    await expect(waiting).rejects.toThrow(/did not end in time/);
  });
});
