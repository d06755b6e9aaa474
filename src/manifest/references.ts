/**
 * Paths that manifests name, before anything else of them is understood.
 * Owns: which, and where they lie. Must not know: what is there, the disk.
 */
import type { ScannedFile } from '../model/scan.js';
import { interpolate, type Lookup } from './interpolate.js';
import { type ManifestDocument, parseManifests } from './parse.js';
import { resolvePath } from './paths.js';
import { findTree, mapScalars, type Tree, textAt } from './tree.js';
import { variablesByFolder } from './variables.js';

/** A file that is named. */
export interface Reference {
  /** As it stands in the manifest, variables put in. */
  readonly written: string;
  /** Absolute. */
  readonly path: string;
}

/** What manifests name on the disk, in their order, each path once. */
export interface NamedPaths {
  /** Files whose contents count. */
  readonly files: readonly Reference[];
  /** What Docker may be asked to mount, absolute. More is among it than that: whatever could be a path. */
  readonly binds: readonly string[];
}

/** What names paths by its fields; a text without these words names none, and is not read for them. */
const NAMING = /env_file|volumes|driver_opts|Secret|Config/;
/** Kinds of documents whose `spec.file` is one. */
const FILE_KINDS: readonly (string | null)[] = ['Secret', 'Config'];
/** Fields whose texts hold what is mounted, between signs. */
const BINDING: readonly string[] = ['volumes', 'driver_opts'];
/** More are not read: what names so many is no manifest that anybody wrote. */
const MAX_FILES = 10_000;

/** All paths that are named. Never throws. */
export function namedPaths(
  files: readonly ScannedFile[],
  environment: Readonly<Record<string, string>>,
): NamedPaths {
  const naming = files.filter(
    ({ path, content }) => content.kind === 'text' && (path.endsWith('.env') || NAMING.test(content.text)),
  );
  if (!naming.some(({ path }) => !path.endsWith('.env'))) return { files: [], binds: [] };
  const nothing = { roots: [], references: [], links: [], digest: '', revision: '' };
  const parsed = parseManifests({ ...nothing, files: naming });
  const variablesOf = variablesByFolder(parsed.envFiles, environment);
  const found = new Map<string, Reference>();
  const binds = new Set<string>();
  for (const document of parsed.files.flatMap(({ documents }) => documents)) {
    const variables = variablesOf(document.folder);
    for (const written of filled(filesIn(document), variables)) {
      const path = resolvePath(document.folder, written);
      if (!found.has(path) && found.size < MAX_FILES) found.set(path, { written, path });
      if (isFile(document)) binds.add(path);
    }
    // All of them: one that is not looked at could lead anywhere.
    for (const text of filled(bindsIn(document), variables))
      for (const part of text.split(/[:,=]/))
        if (/^\.?\.?\/|^\.\.?$/.test(part)) binds.add(resolvePath(document.folder, part));
  }
  return { files: [...found.values()], binds: [...binds] };
}

/** The texts with variables put in; those that cannot be are left out, and complained of elsewhere. */
const filled = (texts: readonly (string | null)[], variables: Lookup): readonly string[] =>
  texts.flatMap((text) => {
    if (text === null || text === '') return [];
    const result = interpolate(text, variables);
    return result.kind === 'text' ? [result.text] : [];
  });

const isFile = ({ tree }: Pick<ManifestDocument, 'tree'>): boolean =>
  FILE_KINDS.includes(textAt(tree, ['kind']));

function filesIn({ tree }: ManifestDocument): readonly (string | null)[] {
  if (isFile({ tree })) return [textAt(tree, ['spec', 'file'])];
  const field = findTree(tree, ['spec', 'env_file']);
  if (field === null) return [];
  const entries = field.kind === 'list' ? field.items : [field];
  return entries.map((entry) => textAt(entry, entry.kind === 'mapping' ? ['path'] : []));
}

function bindsIn({ tree }: ManifestDocument): readonly string[] {
  const texts: string[] = [];
  for (const field of BINDING) {
    const value: Tree | null = findTree(tree, ['spec', field]);
    if (value !== null)
      mapScalars(value, [], (scalar) => {
        if (typeof scalar.value === 'string') texts.push(scalar.value);
        return scalar;
      });
  }
  return texts;
}
