/**
 * Texts in, printed lines out: how manifests are tested.
 */
import { createHash } from 'node:crypto';
import { decode } from '../../src/adapters/files/read.js';
import type { ResolveOptions } from '../../src/manifest/draft.js';
import { parseManifests } from '../../src/manifest/parse.js';
import { resolvePath } from '../../src/manifest/paths.js';
import { namedPaths } from '../../src/manifest/references.js';
import { renderProblem } from '../../src/manifest/render-problem.js';
import { type Resolution, resolveManifests } from '../../src/manifest/resolve.js';
import type { DesiredService } from '../../src/model/desired.js';
import { serviceName } from '../../src/model/ids.js';
import type { FileContent, ReferencedFile, Scan, ScannedLink, ScannedRoot } from '../../src/model/scan.js';
import { expectSchemaAgrees } from './published-schema.js';

/** Files by their path below the root; a text, bytes, or what became of reading them. */
export type Texts = Readonly<Record<string, string | Uint8Array | Exclude<FileContent, { kind: 'text' }>>>;

/** sha256 in hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What manifests are resolved with unless a test says otherwise. */
export const OPTIONS: ResolveOptions = {
  project: 'alicia',
  networkName: 'alicia_bus_network',
  environment: {},
  hash: sha256,
  hostPaths: null,
  allow: [{ kind: 'all', value: null }],
};

/** The root of the tests: `m`, which lies at /srv/m. */
export const ROOT: ScannedRoot = { path: 'm', resolved: '/srv/m', state: 'ok', reason: '', mayBePruned: [] };

/** A scan of a root `m` with these files; what is no manifest by its name is there for those that name it. */
export function scanOf(
  texts: Texts,
  root: Partial<ScannedRoot> = {},
  links: readonly ScannedLink[] = [],
): Scan {
  const files = Object.entries(texts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({
      path: `m/${path}`,
      folder: `/srv/m/${path}`.replace(/\/[^/]*$/, ''),
      ...readOf(text),
    }));
  const digest = `sha256:${sha256(JSON.stringify(files.map(({ path, content, digest: own }) => [path, content, own])))}`;
  const manifests = files.filter(({ path }) => /\.(ya?ml|json)$|\/\.env$/.test(path));
  const references = namedPaths(manifests, {}).files.map(({ path }) => {
    const found = files.find((file) => resolvePath('/srv', file.path) === path);
    return { path, content: found?.content ?? null, digest: found?.digest ?? null };
  });
  return { roots: [{ ...ROOT, ...root }], files: manifests, references, links, digest, revision: digest };
}

/** What the file adapter would have read. */
function readOf(text: Texts[string]): Pick<ReferencedFile, 'digest'> & { readonly content: FileContent } {
  if (typeof text === 'string') return { content: { kind: 'text', text }, digest: sha256(text) };
  return text instanceof Uint8Array ? decode(Buffer.from(text)) : { content: text, digest: null };
}

/** Resolves texts. */
export const resolveTexts = (texts: Texts, options: Partial<ResolveOptions> = {}): Resolution =>
  resolveManifests({ ...OPTIONS, ...options, parsed: parseManifests(scanOf(texts)) });

/** The problems of texts, as printed. */
export const problemsOf = (texts: Texts, options: Partial<ResolveOptions> = {}): readonly string[] =>
  resolveTexts(texts, options).problems.map(renderProblem);

/** A service document; `spec` holds lines without indentation. */
export const service = (name: string, spec = 'image: tb'): string => `apiVersion: alicia/v1
kind: Service
metadata: {name: ${name}}
spec:
${indent(spec)}
`;

/** Documents in one file. */
export const documents = (...texts: readonly string[]): string => texts.join('---\n');

/**
 * The problems of one service whose spec is `image: tb` and these lines; without their common beginning. Fails when the
 * published schema is of another mind.
 */
export function problemsOfSpec(spec: string, options: Partial<ResolveOptions> = {}): readonly string[] {
  const text = service('web', `image: tb\n${spec}`);
  const { problems } = resolveTexts({ 'web.yaml': text }, options);
  expectSchemaAgrees(text, problems);
  return problems.map((problem) => renderProblem(problem).replace(/^m\/web\.yaml:/, ''));
}

/** The service `web` whose spec is `image: tb` and these lines, among other files; fails with the problems when there are errors. */
export function resolveSpec(
  spec: string,
  options: Partial<ResolveOptions> = {},
  others: Texts = {},
): DesiredService {
  const text = service('web', `image: tb\n${spec}`);
  const resolution = resolveTexts({ 'web.yaml': text, ...others }, options);
  expectSchemaAgrees(text, resolution.problems);
  const found = resolution.services.get(serviceName('web'));
  if (found === undefined) throw new Error(resolution.problems.map(renderProblem).join('\n'));
  return found;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
