/**
 * Waiting with an end.
 * Owns: nothing but the timer.
 */

/** Resolves when `begin` calls back, or after `timeoutMs`; never rejects. */
export function within(timeoutMs: number, begin: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, timeoutMs));
    begin(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
