/**
 * Variables of a container: `environment`, and before it the files of `env_file`.
 * Owns: which one wins, and what is wrong with such a file. Must not know: the disk.
 */
import { parseEnvFile, parseRawEnvFile } from './dotenv.js';
import type { DraftContext } from './draft.js';
import type { ServiceSpec } from './generated/manifest-types.js';
import { interpolate, type Lookup } from './interpolate.js';
import { codeOfUnread, reasonOfUnread } from './named-file.js';
import { resolvePath } from './paths.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import { readTextMap, recordOf } from './text-map.js';
import type { Path } from './tree.js';

/** The variables by name, sorted. Later files win over earlier ones, and `environment` over all of them. */
export function resolveEnvironment(
  scope: Scope,
  spec: ServiceSpec,
  context: Pick<DraftContext, 'variables' | 'references'>,
): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const named of envFilesOf(spec.env_file)) {
    for (const [name, text] of readNamed(scope, named, context)) values.set(name, text);
  }
  for (const [name, text] of readTextMap(scope, ['spec', 'environment'], spec.environment)) {
    const value = text ?? context.variables(name);
    if (value !== undefined) values.set(name, value);
  }
  return recordOf(values);
}

/** One file as a manifest names it. */
interface NamedFile {
  /** Of the text in the document. */
  readonly path: Path;
  readonly written: string;
  readonly isRequired: boolean;
  /** As it stands: no quotes, no variables. */
  readonly isRaw: boolean;
}

function envFilesOf(given: ServiceSpec['env_file']): readonly NamedFile[] {
  const base: Path = ['spec', 'env_file'];
  if (given === undefined) return [];
  if (typeof given === 'string') return [{ path: base, written: given, isRequired: true, isRaw: false }];
  return given.map((entry, index) =>
    typeof entry === 'string'
      ? { path: [...base, index], written: entry, isRequired: true, isRaw: false }
      : {
          path: [...base, index, 'path'],
          written: entry.path,
          isRequired: entry.required ?? true,
          isRaw: entry.format === 'raw',
        },
  );
}

function readNamed(
  scope: Scope,
  { path, written, isRequired, isRaw }: NamedFile,
  { variables, references }: Pick<DraftContext, 'variables' | 'references'>,
): ReadonlyMap<string, string> {
  const none = new Map<string, string>();
  const content = references.get(resolvePath(scope.folder, written))?.content ?? null;
  if (content === null) {
    const optional = `{path: ${written}, required: false}`;
    const mend = `make it, or write ${path.at(-1) === 'env_file' ? `[${optional}]` : optional}`;
    if (isRequired) scope.error(path, 'MISSING_FILE', `there is no file ${quote(written)} — ${mend}`);
    return none;
  }
  if (content.kind !== 'text') {
    scope.error(path, codeOfUnread(content), `${quote(written)} ${reasonOfUnread(content)}`);
    return none;
  }
  const file = (isRaw ? parseRawEnvFile : parseEnvFile)(written, content.text);
  const [finding] = file.findings;
  if (finding !== undefined) {
    scope.error(path, 'SYNTAX', `${quote(written)}, line ${finding.place.line}: ${finding.message}`);
    return none;
  }
  return expanded(file.entries, variables);
}

/** The values; a name without one takes the variable of that name, or is left out. */
function expanded(
  entries: ReturnType<typeof parseEnvFile>['entries'],
  variables: Lookup,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const lookup: Lookup = (name) => variables(name) ?? values.get(name);
  for (const { name, text, interpolated } of entries) {
    const result = text !== null && interpolated ? interpolate(text, lookup) : null;
    const value = text === null ? variables(name) : result?.kind === 'text' ? result.text : text;
    if (value !== undefined) values.set(name, value);
  }
  return values;
}
