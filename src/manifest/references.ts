/**
 * Files that manifests name, before anything else of them is understood.
 * Owns: which, and where they lie. Must not know: what is in them, the disk.
 */
import type { ScannedFile } from '../model/scan.js';
import { interpolate, type Lookup } from './interpolate.js';
import { type ManifestDocument, parseManifests } from './parse.js';
import { resolvePath } from './paths.js';
import { findTree, type Tree, textAt } from './tree.js';
import { variablesByFolder } from './variables.js';

/** A file that is named. */
export interface Reference {
  /** As it stands in the manifest, variables put in. */
  readonly written: string;
  /** Absolute. */
  readonly path: string;
}

/** What names files by their fields; a text without these words names none, and is not read for them. */
const NAMING = /env_file|Secret|Config/;
/** Kinds of documents whose `spec.file` is one. */
const FILE_KINDS: readonly (string | null)[] = ['Secret', 'Config'];
/** More are not read: what names so many is no manifest that anybody wrote. */
const MAX_REFERENCES = 10_000;

/** All files that are named, in the order of the manifests, each path once. Never throws. */
export function referencesOf(
  files: readonly ScannedFile[],
  environment: Readonly<Record<string, string>>,
): readonly Reference[] {
  const naming = files.filter(
    ({ path, content }) => content.kind === 'text' && (path.endsWith('.env') || NAMING.test(content.text)),
  );
  if (!naming.some(({ path }) => !path.endsWith('.env'))) return [];
  const nothing = { roots: [], references: [], links: [], digest: '', revision: '' };
  const parsed = parseManifests({ ...nothing, files: naming });
  const variablesOf = variablesByFolder(parsed.envFiles, environment);
  const found = new Map<string, Reference>();
  for (const document of parsed.files.flatMap(({ documents }) => documents)) {
    for (const written of namesIn(document, variablesOf(document.folder))) {
      const path = resolvePath(document.folder, written);
      if (!found.has(path) && found.size < MAX_REFERENCES) found.set(path, { written, path });
    }
  }
  return [...found.values()];
}

function namesIn({ tree }: ManifestDocument, variables: Lookup): readonly string[] {
  const texts = FILE_KINDS.includes(textAt(tree, ['kind']))
    ? [textAt(tree, ['spec', 'file'])]
    : envFilesOf(tree);
  return texts.flatMap((text) => {
    if (text === null || text === '') return [];
    const result = interpolate(text, variables);
    return result.kind === 'text' ? [result.text] : [];
  });
}

function envFilesOf(tree: Tree): readonly (string | null)[] {
  const field = findTree(tree, ['spec', 'env_file']);
  if (field === null) return [];
  const entries = field.kind === 'list' ? field.items : [field];
  return entries.map((entry) => textAt(entry, entry.kind === 'mapping' ? ['path'] : []));
}
