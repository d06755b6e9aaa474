/**
 * Manifest files in memory, and the services that the simulation writes into them.
 * Owns: scans with a digest, hints. Must not know: what a manifest means.
 */
import { createHash } from 'node:crypto';
import type { Clock, ManifestFiles } from '../../../src/controller/ports.js';
import type { Scan } from '../../../src/model/scan.js';

/** A directory that can be written to. */
export interface SimulatedFiles extends ManifestFiles {
  /** Writes one file; null removes it. Watchers get their hint. */
  write(path: string, text: string | null): void;
  /** What is in a file; null: there is none. */
  read(path: string): string | null;
  /** The directory comes and goes. */
  setState(state: 'ok' | 'missing'): void;
}

/** Quiet time before a hint is given. */
const QUIET_MS = 300;

/** A directory without files. */
export function createSimulatedFiles(clock: Clock): SimulatedFiles {
  const files = new Map<string, string>();
  const watchers = new Set<() => void>();
  let state: 'ok' | 'missing' = 'ok';
  const hint = (): void => {
    for (const watcher of watchers) clock.after(QUIET_MS, watcher);
  };
  return {
    write(path, text) {
      if (text === null) files.delete(path);
      else files.set(path, text);
      hint();
    },
    read: (path) => files.get(path) ?? null,
    setState(next) {
      state = next;
      hint();
    },
    scan: () => Promise.resolve(scanOf(state === 'ok' ? files : new Map(), state)),
    watch(onHint) {
      watchers.add(onHint);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}

function scanOf(files: ReadonlyMap<string, string>, state: 'ok' | 'missing'): Scan {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = `sha256:${createHash('sha256').update(JSON.stringify(sorted)).digest('hex')}`;
  const reason = state === 'ok' ? '' : 'it does not exist';
  return {
    roots: [{ path: 'manifests', resolved: '/manifests', state, reason, mayBePruned: [] }],
    files: sorted.map(([path, text]) => ({
      path: `manifests/${path}`,
      folder: '/manifests',
      content: { kind: 'text', text },
    })),
    digest,
    revision: digest,
  };
}
