/**
 * `alicia schema`: the JSON Schema of a manifest, for editors.
 */
import { manifestSchema } from '../manifest/generated/manifest-schema.js';
import type { Invocation } from './invocation.js';

/** Prints the schema. */
export async function schema({ terminal }: Invocation): Promise<number> {
  terminal.stdout.write(`${JSON.stringify(manifestSchema, null, 2)}\n`);
  return 0;
}
