/**
 * Files to documents.
 * Owns: which files and documents are manifests, whose name each bears, which files cannot be told whole.
 * Must not know: fields of a spec, variables, what was read before (but for its paths).
 */

import type { ManifestSource } from '../model/labels.js';
import type { Problem } from '../model/problem.js';
import type {
  FileContent,
  ReferencedFile,
  Scan,
  ScannedFile,
  ScannedLink,
  ScannedRoot,
} from '../model/scan.js';
import { mayBeginManifest } from './beginnings.js';
import { type EnvFile, parseEnvFile } from './dotenv.js';
import { problemOf } from './finding.js';
import { commentedOut, pathBelow } from './positions.js';
import { readYaml, type YamlDocument, type YamlFile } from './read-yaml.js';
import { findTree, type Place, type Tree, textAt } from './tree.js';

/** What a document can declare. */
export type ManifestKind = 'Service' | 'Network' | 'Volume' | 'Secret' | 'Config';
/** Kind and name: who a document speaks of. `Service/web`. */
export type DeclarationKey = `${ManifestKind}/${string}`;

/** One manifest: a document that is ours. */
export interface ManifestDocument {
  readonly file: string;
  readonly folder: string;
  readonly place: Place;
  readonly source: ManifestSource;
  readonly tree: Tree;
  /** Null when kind or name cannot be told. */
  readonly key: DeclarationKey | null;
  /** What the YAML itself does wrong; any of these rejects the document. */
  readonly problems: readonly Problem[];
}

/** One file that may hold manifests. */
export interface ParsedFile {
  readonly path: string;
  /**
   * `whole`: every document is known with its name. `cut`: it may declare what we cannot see. `unclear`: not ours as far
   * as it goes, but it may be the beginning of what is.
   */
  readonly state: 'foreign' | 'whole' | 'cut' | 'unclear';
  readonly documents: readonly ManifestDocument[];
  /** Documents that are not ours. */
  readonly foreign: number;
  /** Services whose completion something in this file waits for, however bad the rest of it is. */
  readonly completionTargets: readonly string[];
}

/** Everything that a scan says before names are resolved. */
export interface ParsedManifests {
  readonly files: readonly ParsedFile[];
  /** The `.env` of each folder. */
  readonly envFiles: ReadonlyMap<string, EnvFile>;
  /** Files that manifests name, by absolute path. */
  readonly references: ReadonlyMap<string, ReferencedFile>;
  /** Resolved roots: binds must lie below one of them. */
  readonly roots: readonly string[];
  /** Links below them, on the ways to what is mounted. */
  readonly links: readonly ScannedLink[];
  /** Documents that are not ours, in all files. */
  readonly foreign: number;
  readonly problems: readonly Problem[];
}

const COMPOSE_NAMES = /(?:^|\/)(?:docker-)?compose(?:\.override)?\.ya?ml$/;
const NATIVE_LINE = /^["']?apiVersion["']?[ \t]*:[ \t]*["']?alicia\//m;
const COMPOSE_LINE = /^["']?services["']?[ \t]*:/m;
const NATIVE_JSON = /"apiVersion"\s*:\s*"alicia\//;
const SERVICE_NAME = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;
const OBJECT_KINDS = ['Network', 'Volume', 'Secret', 'Config'] as const;
const OBJECT_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/;

/** Reads all files of a scan. `knownPaths`: files that were manifests before, and are in error when they do not parse. */
export function parseManifests(scan: Scan, knownPaths: ReadonlySet<string> = new Set()): ParsedManifests {
  const problems = scan.roots.flatMap(rootProblems);
  const envFiles = new Map<string, EnvFile>();
  const files: ParsedFile[] = [];
  for (const file of scan.files) {
    if (isEnvFile(file.path)) {
      envFiles.set(file.folder, readEnvFile(file));
      continue;
    }
    const parsed = parseFile(file, { isKnown: knownPaths.has(file.path), roots: scan.roots });
    problems.push(...parsed.problems);
    files.push(parsed.file);
  }
  return {
    files,
    envFiles,
    references: new Map(scan.references.map((file) => [file.path, file])),
    roots: scan.roots.map((root) => root.resolved),
    links: scan.links,
    foreign: files.reduce((sum, file) => sum + file.foreign, 0),
    problems,
  };
}

/** The name part of a key. */
export const nameOfKey = (key: DeclarationKey): string => key.slice(key.indexOf('/') + 1);

/** The service that a key names; null when it names something else. */
export const serviceOfKey = (key: DeclarationKey | null): string | null =>
  key?.startsWith('Service/') === true ? nameOfKey(key) : null;

interface FileResult {
  readonly file: ParsedFile;
  readonly problems: readonly Problem[];
}

function parseFile(
  file: ScannedFile,
  { isKnown, roots }: { readonly isKnown: boolean; readonly roots: readonly ScannedRoot[] },
): FileResult {
  const expected = isKnown || COMPOSE_NAMES.test(file.path);
  if (file.content.kind !== 'text') return unreadableFile(file, file.content, expected);
  const { text } = file.content;
  const yaml = readYaml(text);
  const { documents: ours, foreign } = yaml;
  const looksOurs = NATIVE_LINE.test(text) || COMPOSE_LINE.test(text) || isNativeJson(file.path, text);
  if (yaml.syntax.length > 0) {
    if (!expected && !looksOurs && ours.length === 0) return notOurs(file, text, Math.max(1, foreign));
    return brokenFile(file, yaml);
  }
  if (ours.length === 0) return notOurs(file, text, foreign);
  const compose = ours.find((document) => document.class === 'compose');
  const below = pathBelow(file.path, roots);
  const asides = commentedOut(text);
  const documents = ours.flatMap(({ class: documentClass, place, tree, findings }, index) => {
    if (documentClass !== 'native') return [];
    const number = index + asides.filter((line) => line < place.line).length + 1;
    return [manifestOf(file, { place, tree, findings, source: { file: below, number } })];
  });
  const nameless = compose !== undefined || documents.some((document) => document.key === null);
  return {
    file: {
      path: file.path,
      state: nameless ? 'cut' : 'whole',
      documents,
      foreign,
      completionTargets: ours.flatMap(completionTargetsOf),
    },
    problems: compose === undefined ? [] : [composeProblem(file.path, compose.place)],
  };
}

function manifestOf(
  { path, folder }: ScannedFile,
  read: Pick<ManifestDocument, 'place' | 'source' | 'tree'> & Pick<YamlDocument, 'findings'>,
): ManifestDocument {
  const { findings, ...document } = read;
  const key = keyOf(document.tree);
  const service = serviceOfKey(key);
  const problems = findings.map((finding) => problemOf(finding, path, service));
  return { file: path, folder, ...document, key, problems };
}

function keyOf(tree: Tree): DeclarationKey | null {
  const kind = textAt(tree, ['kind']);
  const name = textAt(tree, ['metadata', 'name']);
  if (name === null) return null;
  if (kind === 'Service') return SERVICE_NAME.test(name) ? `Service/${name}` : null;
  const objectKind = OBJECT_KINDS.find((each) => each === kind);
  return objectKind !== undefined && OBJECT_NAME.test(name) ? `${objectKind}/${name}` : null;
}

function completionTargetsOf(document: YamlDocument): readonly string[] {
  const dependencies = findTree(document.tree, ['spec', 'depends_on']);
  if (dependencies?.kind !== 'mapping') return [];
  return [...dependencies.entries]
    .filter(([, entry]) => textAt(entry.value, ['condition']) === 'service_completed_successfully')
    .map(([name]) => name);
}

const foreignFile = (file: ScannedFile, foreign: number): FileResult => ({
  file: { path: file.path, state: 'foreign', documents: [], foreign, completionTargets: [] },
  problems: [],
});

function notOurs(file: ScannedFile, text: string, foreign: number): FileResult {
  const result = foreignFile(file, foreign);
  return mayBeginManifest(text) ? { ...result, file: { ...result.file, state: 'unclear' } } : result;
}

const cutFile = (file: ScannedFile, problems: readonly Problem[]): FileResult => ({
  file: { path: file.path, state: 'cut', documents: [], foreign: 0, completionTargets: [] },
  problems,
});

function brokenFile(file: ScannedFile, { syntax, foreign, documents }: YamlFile): FileResult {
  const problems = syntax.map((finding) => problemOf(finding, file.path, null));
  const result = cutFile(file, problems);
  const completionTargets = documents.flatMap(completionTargetsOf);
  return { ...result, file: { ...result.file, foreign, completionTargets } };
}

/**
 * A file without a text. What cannot be read may be a manifest, so that it counts as one, lest its services be taken for
 * gone; only a big file of unknown content is left aside with a warning, for data of that size is common.
 */
function unreadableFile(
  file: ScannedFile,
  content: Exclude<FileContent, { kind: 'text' }>,
  expected: boolean,
): FileResult {
  if (content.kind === 'tooLarge' && !expected) {
    const warning = fileProblem(file.path, content);
    return { ...foreignFile(file, 1), problems: [{ ...warning, severity: 'warning' }] };
  }
  return cutFile(file, [fileProblem(file.path, content)]);
}

function fileProblem(path: string, content: Exclude<FileContent, { kind: 'text' }>): Problem {
  const base = { severity: 'error', file: path, line: 0, column: 0, service: null } as const;
  switch (content.kind) {
    case 'notUtf8':
      return { ...base, code: 'NOT_UTF8', message: 'is not UTF-8 — save it as UTF-8' };
    case 'tooLarge': {
      const message = `is larger than 1 MiB (${content.bytes} bytes) and is not read — split it`;
      return { ...base, code: 'TOO_LARGE', message };
    }
    case 'unreadable':
      return { ...base, code: 'UNREADABLE', message: `cannot be read: ${content.reason}` };
  }
}

function readEnvFile(file: ScannedFile): EnvFile {
  if (file.content.kind === 'text') return parseEnvFile(file.path, file.content.text);
  const { code, severity, message } = fileProblem(file.path, file.content);
  return {
    path: file.path,
    entries: [],
    findings: [{ code, severity, message, place: { line: 0, column: 0 } }],
  };
}

function composeProblem(path: string, place: Place): Problem {
  const message =
    'Compose files are not read by this version yet — write one document `kind: Service` for each service';
  return problemOf({ code: 'UNSUPPORTED', severity: 'error', place, message }, path, null);
}

function rootProblems(root: ScannedRoot): readonly Problem[] {
  if (root.state === 'ok' && root.reason === '') return [];
  const base = { severity: 'error', file: root.path, line: 0, column: 0, service: null } as const;
  if (root.state === 'missing') {
    const message = `the manifest directory does not exist — create it, or name another one`;
    return [{ ...base, code: 'DIRECTORY_MISSING', message }];
  }
  return [{ ...base, code: 'DIRECTORY_UNREADABLE', message: `cannot be read whole: ${root.reason}` }];
}

const isEnvFile = (path: string): boolean => path === '.env' || path.endsWith('/.env');

/** In JSON the margin says nothing: the field is looked for wherever it stands. */
const isNativeJson = (path: string, text: string): boolean =>
  path.endsWith('.json') && NATIVE_JSON.test(text);
