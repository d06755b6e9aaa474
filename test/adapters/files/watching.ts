/**
 * Watching manifests as the controller does.
 * Owns: scanning when hinted at, and stopping after the test.
 */

import { afterEach } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { ROOT_POLL_MS } from '../../../src/adapters/files/limits.js';
import {
  createManifestFiles,
  type ManifestFilesOptions,
} from '../../../src/adapters/files/manifest-files.js';
import type { Clock, ManifestFiles } from '../../../src/controller/ports.js';
import type { Scan } from '../../../src/model/scan.js';
import { eventually } from '../../support/eventually.js';
import { linesOf } from './tree.js';

const started: ManifestFiles[] = [];

afterEach(async () => {
  for (const files of started.splice(0)) await files.stop();
});

/** The machine's clock, but the roots are never asked whether they are still the same: watching alone must do. */
export const clockWithoutPolls: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: 0 }),
  after: (delayMs, action) => {
    if (delayMs === ROOT_POLL_MS) return () => undefined;
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Watches roots as the controller does: it scans when it is hinted at, and then only. */
export async function watching(
  roots: readonly string[],
  {
    onScan = () => {},
    ...options
  }: Partial<ManifestFilesOptions> & { readonly onScan?: (scan: Scan) => void } = {},
) {
  const files = createManifestFiles({ roots, clock: systemClock, quietMs: 30, maxQuietMs: 500, ...options });
  started.push(files);
  const warnings: string[] = [];
  let hints = 0;
  let lines: readonly string[] = [];
  let states: readonly string[] = [];
  let scanning = Promise.resolve();
  const look = async (): Promise<void> => {
    const scan = await files.scan();
    onScan(scan);
    lines = linesOf(scan);
    states = scan.roots.map((root) => root.state);
  };
  await files.watch(
    () => {
      hints += 1;
      scanning = scanning.then(look);
    },
    (message) => warnings.push(message),
  );
  await look();
  return {
    files,
    warnings,
    hints: () => hints,
    lines: () => lines,
    /** Resolves once hints alone have led to this sight. */
    seen: (...expected: readonly string[]) =>
      eventually(() => {
        if (JSON.stringify(lines) === JSON.stringify(expected)) return true;
        throw new Error(`${JSON.stringify(lines)} ${states.join()}`);
      }),
    seenState: (state: string) => eventually(() => states[0] === state),
  };
}
