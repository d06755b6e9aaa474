/**
 * One document to a draft: variables put in, checked against the schema, read.
 * Owns: the order of these. Must not know: other documents.
 */
import type { Problem } from '../model/problem.js';
import type { Draft, DraftContext } from './draft.js';
import { draftFile } from './draft-file.js';
import { draftNetwork, draftVolume } from './draft-object.js';
import { draftService } from './draft-service.js';
import { problemOf } from './finding.js';
import { interpolate } from './interpolate.js';
import { type ManifestDocument, serviceOfKey } from './parse.js';
import { createScope } from './scope.js';
import { mapScalars, type Path, placeOf, renderPath, type Scalar, type Tree } from './tree.js';
import { textualScalar, validateManifest } from './validate.js';

/** What a document came to, and everything wrong with it. The draft is null when any of that is an error. */
export interface DraftResult {
  readonly draft: Draft | null;
  readonly problems: readonly Problem[];
}

/** All variables together may make a document this long. */
const MAX_INTERPOLATED = 4_194_304;

/** Reads one document. */
export function draftDocument(document: ManifestDocument, context: DraftContext): DraftResult {
  const problems: Problem[] = [...document.problems];
  const service = serviceOfKey(document.key);
  const textual = mapScalars(document.tree, [], (scalar, path) =>
    isTextMap(path) ? textualScalar(scalar) : scalar,
  );
  const tree = putVariablesIn(textual, context, (scalar, path, told) => {
    const message = `${renderPath(path)}: ${told.message}`;
    problems.push(problemOf({ ...told, place: scalar.place, message }, document.file, service));
  });
  // What could not be read or filled in would only be told a second time.
  if (problems.some((problem) => problem.severity === 'error')) return { draft: null, problems };
  const validation = validateManifest(tree);
  if (validation.kind === 'invalid') {
    for (const { code, path, message } of validation.errors)
      problems.push(
        problemOf({ code, severity: 'error', place: placeOf(tree, path), message }, document.file, service),
      );
    return { draft: null, problems };
  }
  const scope = createScope(document, validation.tree, (problem) => problems.push(problem));
  const draft = draftOf(validation.manifest, { document, scope, context });
  const bad = problems.some((problem) => problem.severity === 'error');
  return { draft: bad ? null : draft, problems };
}

function draftOf(
  manifest: Extract<ReturnType<typeof validateManifest>, { kind: 'valid' }>['manifest'],
  from: Parameters<typeof draftService>[1],
): Draft {
  switch (manifest.kind) {
    case 'Service':
      return draftService(manifest, from);
    case 'Network':
      return draftNetwork(manifest, from);
    case 'Volume':
      return draftVolume(manifest, from);
    case 'Secret':
    case 'Config':
      return draftFile(manifest, from);
  }
}

type Told = Pick<Problem, 'code' | 'severity' | 'message'>;

function putVariablesIn(
  tree: Tree,
  context: DraftContext,
  tell: (scalar: Scalar, path: Path, told: Told) => void,
): Tree {
  let length = 0;
  return mapScalars(tree, [], (scalar, path) => {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('$') || !isInterpolated(path))
      return scalar;
    const result = interpolate(scalar.value, context.variables);
    if (result.kind === 'bad') {
      tell(scalar, path, { code: result.code, severity: 'error', message: result.message });
      return scalar;
    }
    for (const name of result.missing)
      tell(scalar, path, { code: 'MISSING_VARIABLE', severity: 'warning', message: missingMessage(name) });
    length += result.text.length;
    if (length <= MAX_INTERPOLATED) return { ...scalar, value: result.text, interpolated: true };
    tell(scalar, path, {
      code: 'BAD_VALUE',
      severity: 'error',
      message: 'variables make this document too long',
    });
    return scalar;
  });
}

const missingMessage = (name: string): string =>
  name.startsWith('ALICIA_')
    ? `the variable ${name} is empty here: variables that begin with ALICIA_ are never given to manifests`
    : `the variable ${name} is not set and becomes empty — set it, or write \${${name}:-default}`;

const isInterpolated = (path: Path): boolean =>
  path[0] === 'spec' || (path[0] === 'metadata' && path[1] === 'labels');

const TEXT_MAPS: ReadonlySet<string> = new Set([
  'spec.environment',
  'spec.labels',
  'spec.sysctls',
  'spec.driver_opts',
  'metadata.labels',
]);

/** In the form of a list each item is `name=text`, which is a text as it stands. */
const isTextMap = (path: Path): boolean =>
  path.length === 3 && typeof path[2] === 'string' && TEXT_MAPS.has(renderPath(path.slice(0, 2)));
