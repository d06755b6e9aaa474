// Owns: where the checkout and its parts lie.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where the scripts keep what they may lose: downloads, reports, logs. */
export const cacheDirectory = join(root, '.cache');

/** A development tool as npm installed it. */
export function toolPath(name) {
  return join(root, 'node_modules', '.bin', name);
}
