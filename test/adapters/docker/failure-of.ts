/**
 * The failure of a call that must fail.
 * Owns: that it is an EngineError and nothing else. Must not know: the call.
 */
import { EngineError } from '../../../src/controller/ports.js';
import type { Failure } from '../../../src/model/failure.js';

/** What a call failed with. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`not an EngineError: ${String(error)}`);
  return error.failure;
}
