/**
 * Waiting for a condition.
 * Owns: the only way in which a test waits.
 */

/**
 * Resolves with the first result of `probe` that is neither false nor null nor undefined. Rejects with the last
 * thing that the probe said once `timeoutMs` have passed.
 */
export async function eventually<Value>(
  probe: () => Value | Promise<Value>,
  timeoutMs = 10_000,
): Promise<Exclude<Value, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = 'never true';
  for (;;) {
    try {
      const value = await probe();
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<Value, false | null | undefined>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`not so within ${timeoutMs} ms; last: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
