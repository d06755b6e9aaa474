/**
 * Every document by itself: drafts by name, and why the others are none.
 * Owns: variables of each folder, names that are declared twice. Must not know: what drafts ask of each other.
 */
import type { Problem } from '../model/problem.js';
import type { EnvFile } from './dotenv.js';
import type { Draft, ResolveOptions } from './draft.js';
import { draftDocument } from './draft-document.js';
import { problemOf } from './finding.js';
import {
  type DeclarationKey,
  type ManifestDocument,
  nameOfKey,
  type ParsedManifests,
  serviceOfKey,
} from './parse.js';
import { renderProblem } from './render-problem.js';
import { placeOf } from './tree.js';
import { variablesByFolder } from './variables.js';

/** What the documents declare, one by one. */
export interface Declarations {
  readonly drafts: ReadonlyMap<DeclarationKey, Draft>;
  /** Why a declaration has no draft: its first error. */
  readonly reasons: ReadonlyMap<DeclarationKey, string>;
  readonly problems: readonly Problem[];
}

/** Reads every document. */
export function declare(input: ResolveOptions & { readonly parsed: ParsedManifests }): Declarations {
  const { parsed } = input;
  const documents = parsed.files.flatMap((file) => file.documents);
  const drafts = new Map<DeclarationKey, Draft>();
  const reasons = new Map<DeclarationKey, string>();
  const problems: Problem[] = [];
  const reject = (document: ManifestDocument, found: readonly Problem[]): void => {
    problems.push(...found);
    const first = found.find((problem) => problem.severity === 'error');
    if (document.key === null || first === undefined) return;
    if (!reasons.has(document.key)) reasons.set(document.key, renderProblem(first));
    drafts.delete(document.key);
  };
  const variablesOf = variablesByFolder(parsed.envFiles, input.environment);
  for (const document of documents) {
    const variables = variablesOf(document.folder);
    const { draft, problems: found } = draftDocument(document, {
      ...input,
      ...{ roots: parsed.roots, links: parsed.links, references: parsed.references, variables },
    });
    if (document.key !== null && draft !== null && !reasons.has(document.key))
      drafts.set(document.key, draft);
    reject(document, found);
    reject(document, envProblems(parsed.envFiles.get(document.folder), document));
  }
  for (const [document, problem] of duplicatesOf(documents)) reject(document, [problem]);
  return { drafts, reasons, problems };
}

/** A `.env` that cannot be read rejects all that is beside it: its variables would become empty, and containers others. */
function envProblems(envFile: EnvFile | undefined, document: ManifestDocument): readonly Problem[] {
  return (envFile?.findings ?? []).map((finding) =>
    problemOf({ ...finding, severity: 'error' }, envFile?.path ?? '', serviceOfKey(document.key)),
  );
}

/** A name that is declared twice belongs to none of them. */
function duplicatesOf(
  documents: readonly ManifestDocument[],
): readonly (readonly [ManifestDocument, Problem])[] {
  const byKey = new Map<DeclarationKey, ManifestDocument[]>();
  for (const document of documents) {
    if (document.key === null) continue;
    const same = byKey.get(document.key);
    if (same === undefined) byKey.set(document.key, [document]);
    else same.push(document);
  }
  return [...byKey].flatMap(([key, same]) =>
    same.length < 2 ? [] : same.map((document) => [document, duplicateProblem(key, document, same)] as const),
  );
}

function duplicateProblem(
  key: DeclarationKey,
  document: ManifestDocument,
  same: readonly ManifestDocument[],
): Problem {
  const others = same
    .slice(0, 3)
    .filter((other) => other !== document)
    .map((other) => `${other.file}:${placeOf(other.tree, ['metadata', 'name']).line}`);
  const message = `metadata.name: "${nameOfKey(key)}" is also declared at ${others.join(', ')} — rename or remove one`;
  const place = placeOf(document.tree, ['metadata', 'name']);
  return problemOf(
    { code: 'DUPLICATE_NAME', severity: 'error', place, message },
    document.file,
    serviceOfKey(key),
  );
}
