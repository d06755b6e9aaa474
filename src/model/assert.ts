/**
 * Assertions about our own code. A failure here is a bug, never a user's mistake.
 */

/** A broken promise of our own code. It ends the pass. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Throws a {@link Bug} unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** Closes a union: does not compile while a case is missing. */
export function assertNever(value: never): never {
  throw new Bug(`unexpected case: ${JSON.stringify(value)}`);
}
