// Owns: waiting in tests. A test polls a condition with a deadline; it never sleeps for a fixed time.
import { setTimeout as pause } from 'node:timers/promises';

/** How to wait. Times are milliseconds. */
export interface EventuallyOptions {
  /** When to give up; 10 s by default. */
  readonly timeoutMs?: number;
  /** The pause between two tries; 50 ms by default. */
  readonly intervalMs?: number;
  /** What is waited for, in words: it opens the message of the error. */
  readonly describe?: string;
}

/** What a condition that does not hold yet looks like: `false`, `null`, `undefined` or a thrown error. */
export type Falsy = false | null | undefined;

/**
 * Calls `condition` until it returns something other than `false`, `null` or `undefined`, and returns that.
 * Assertions may be made inside: one that throws is tried again.
 * A condition of assertions only ends with `return true`.
 * @throws an error that names `describe`, the time and the last failure, once `timeoutMs` is over.
 */
export async function eventually<T>(
  condition: () => T | Falsy | Promise<T | Falsy>,
  { timeoutMs = 10_000, intervalMs = 50, describe = 'the condition' }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let failure: unknown;
  let tries = 0;
  do {
    tries += 1;
    try {
      const value = await withDeadline(condition, deadline);
      if (value !== false && value !== null && value !== undefined) return value;
      failure = new Error(`it returned ${String(value)}`);
    } catch (error) {
      // The deadline itself says less than what failed before it.
      if (failure === undefined || performance.now() < deadline) failure = error;
    }
    await pause(intervalMs);
  } while (performance.now() < deadline);
  throw new Error(
    `${describe}: not so within ${timeoutMs} ms (${tries} tries). Last failure: ${textOf(failure)}`,
    {
      cause: failure,
    },
  );
}

/** One try, given up at the deadline, so that a condition that hangs ends with our sentence. */
async function withDeadline<T>(condition: () => T | Promise<T>, deadline: number): Promise<T> {
  const given = new AbortController();
  const late = pause(Math.max(1, deadline - performance.now()), undefined, { signal: given.signal }).then(
    () => {
      throw new Error('the try itself did not end in time');
    },
  );
  late.catch(() => undefined);
  try {
    return await Promise.race([Promise.resolve().then(condition), late]);
  } finally {
    given.abort();
  }
}

function textOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
