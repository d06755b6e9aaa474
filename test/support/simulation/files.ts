/**
 * Manifest files in memory, and the services that the simulation writes into them.
 * Owns: scans with a digest, hints. Must not know: what a manifest means.
 */
import { createHash } from 'node:crypto';
import type { Clock, ManifestFiles } from '../../../src/controller/ports.js';
import type { FileContent, Scan, ScannedRoot } from '../../../src/model/scan.js';

/** A directory that can be written to. */
export interface SimulatedFiles extends ManifestFiles {
  /** Writes one file; null removes it. Watchers get their hint. */
  write(path: string, text: string | null): void;
  /** One file that is there and cannot be read as text, until it is written anew. */
  spoil(path: string, content: FileContent): void;
  /** What is in a file; null: there is none, or it is no text. */
  read(path: string): string | null;
  /** The directory comes and goes, or cannot be read. */
  setState(state: ScannedRoot['state']): void;
}

/** Quiet time before a hint is given. */
const QUIET_MS = 300;

/** A directory without files. */
export function createSimulatedFiles(clock: Clock): SimulatedFiles {
  const files = new Map<string, FileContent>();
  const watchers = new Set<() => void>();
  let state: ScannedRoot['state'] = 'ok';
  let last: Scan | null = null;
  const change = (): void => {
    last = null;
    for (const watcher of watchers) clock.after(QUIET_MS, watcher);
  };
  return {
    write(path, text) {
      if (text === null) files.delete(path);
      else files.set(path, { kind: 'text', text });
      change();
    },
    spoil(path, content) {
      files.set(path, content);
      change();
    },
    read(path) {
      const content = files.get(path);
      return content?.kind === 'text' ? content.text : null;
    },
    setState(next) {
      state = next;
      change();
    },
    scan() {
      last ??= scanOf(state === 'ok' ? files : new Map(), state);
      return Promise.resolve(last);
    },
    watch(onHint) {
      watchers.add(onHint);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}

const REASONS: Readonly<Record<ScannedRoot['state'], string>> = {
  ok: '',
  missing: 'it does not exist',
  unreadable: 'permission denied',
};

function scanOf(files: ReadonlyMap<string, FileContent>, state: ScannedRoot['state']): Scan {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = `sha256:${createHash('sha256').update(JSON.stringify(sorted)).digest('hex')}`;
  const reason = REASONS[state];
  return {
    roots: [{ path: 'manifests', resolved: '/manifests', state, reason, mayBePruned: [] }],
    links: [],
    files: sorted.map(([path, content]) => ({ path: `manifests/${path}`, folder: '/manifests', content })),
    references: [],
    digest,
    revision: digest,
  };
}
