// Owns: what every test against a real engine stands on: an engine that answers, and the tiny test images.
// `npm test` has prepared both already; this makes `npx vitest run test/engine/...` work by itself.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths.js';

/** Prepares the engine once for the whole run; what is already there costs a second. */
export function setup(): void {
  const prepared = spawnSync(process.execPath, [join(root, 'scripts', 'prepare-engine.mjs')], {
    cwd: root,
    encoding: 'utf8',
  });
  if (prepared.status !== 0) throw new Error(`${prepared.stdout}${prepared.stderr}`.trim());
}
