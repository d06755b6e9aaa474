/**
 * Real folders for the tests of the file adapter.
 * Owns: making them, and clearing them away.
 */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import type { ManifestFilesOptions } from '../../../src/adapters/files/manifest-files.js';
import { createManifestFiles } from '../../../src/adapters/files/manifest-files.js';
import type { Scan } from '../../../src/model/scan.js';

const made: string[] = [];

// Thousands of files take their time to remove, on a machine that has other things to do.
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Paths below a folder → content; `{ to }` is a symbolic link. */
export type Tree = Readonly<Record<string, string | Uint8Array | { readonly to: string }>>;

/** Writes files and links below `folder`, with the folders that they need. */
export function plant(folder: string, tree: Tree): void {
  for (const [below, content] of Object.entries(tree)) {
    const path = join(folder, below);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(path, content);
    else symlinkSync(content.to, path);
  }
}

/** A new folder with this tree; it goes after the test. */
export function tempTree(tree: Tree = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'alicia-files-')));
  made.push(folder);
  plant(folder, tree);
  return folder;
}

/** One look at one or several roots. */
export function scanOf(
  roots: string | readonly string[],
  options: Partial<ManifestFilesOptions> = {},
): Promise<Scan> {
  return createManifestFiles({
    roots: typeof roots === 'string' ? [roots] : roots,
    clock: systemClock,
    ...options,
  }).scan();
}

/** The scanned paths below the first root, each with its text or the kind of its failure. */
export function linesOf(scan: Scan): string[] {
  const root = `${scan.roots[0]?.path}/`;
  return scan.files.map(({ path, content }) => {
    const said = content.kind === 'text' ? content.text : `<${content.kind}>`;
    return `${path.startsWith(root) ? path.slice(root.length) : path} ${said}`;
  });
}
