// Owns: manifest directories that exist for one test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files. */
export interface ManifestFolder {
  readonly path: string;
  write(name: string, text: string): void;
  remove(): void;
}

/** Makes a folder with these files; names may contain folders. */
export function createManifestFolder(files: Readonly<Record<string, string>>): ManifestFolder {
  const path = mkdtempSync(join(tmpdir(), 'alicia-cli-'));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** One manifest of a service; `spec` in YAML, indented as it stands. */
export const serviceText = (name: string, spec: string): string =>
  `---\napiVersion: alicia/v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n${spec}\n`;
