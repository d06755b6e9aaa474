/**
 * Volumes, anonymous ones too, and binds of a service.
 * Owns: the short and the long form, what is mounted where. Must not know: which volumes exist, paths on the host.
 */
import type { Mount } from '../model/desired.js';
import { compareText } from '../model/problem.js';
import { resolveBind } from './binds.js';
import type { DraftContext } from './draft.js';
import type { ServiceSpec, VolumeEntry } from './generated/manifest-types.js';
import { resolvePath } from './paths.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

interface MountParts {
  readonly kind: Exclude<Mount['kind'], 'file'>;
  /** Empty when anonymous. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly createSource: boolean;
}

/** All mounts of a service, sorted by target. Volumes bear the names of their manifests. */
export function resolveMounts(scope: Scope, spec: ServiceSpec, context: DraftContext): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const [index, entry] of (spec.volumes ?? []).entries()) {
    const path = ['spec', 'volumes', index];
    const parts = typeof entry === 'string' ? shortForm(scope, path, entry) : longForm(scope, path, entry);
    const mount = parts === null ? null : resolveMount(scope, path, { parts, context });
    if (mount === null) continue;
    if (mounts.has(mount.target)) complainOfTaken(scope, path, mount.target);
    mounts.set(mount.target, mount);
  }
  return [...mounts.values()].sort((a, b) => compareText(a.target, b.target));
}

/** Two things at one place in the container. */
export function complainOfTaken(scope: Scope, path: Path, target: string): void {
  scope.error(path, 'BAD_VALUE', `something else is mounted at ${quote(target)} already`);
}

function shortForm(scope: Scope, path: Path, text: string): MountParts | null {
  const [source = '', target, modes = '', ...rest] = text.split(':');
  if (target === undefined)
    return { kind: 'anonymous', source: '', target: source, readOnly: false, createSource: false };
  if (rest.length > 0 || source === '' || target === '') {
    scope.error(
      path,
      'BAD_VALUE',
      `not a mount: ${quote(text)} — expected source:target or source:target:ro`,
    );
    return null;
  }
  for (const mode of modes.split(',')) {
    if (['', 'ro', 'rw'].includes(mode)) continue;
    scope.error(
      path,
      'UNSUPPORTED',
      `the mount option ${quote(mode)} is not supported by this version yet — remove it`,
    );
  }
  const readOnly = modes.split(',').includes('ro');
  const kind = /^[./~]/.test(source) ? 'bind' : 'volume';
  return { kind, source, target, readOnly, createSource: true };
}

function longForm(scope: Scope, path: Path, entry: Exclude<VolumeEntry, string>): MountParts | null {
  const { type, source, target, read_only: readOnly = false } = entry;
  if (type !== 'volume' && type !== 'bind') {
    scope.error(
      [...path, 'type'],
      'UNSUPPORTED',
      `type ${quote(type)} is not supported by this version yet — use volume or bind`,
    );
    return null;
  }
  if (type === 'volume' && entry.bind !== undefined)
    scope.error([...path, 'bind'], 'BAD_VALUE', 'only a mount of type bind has this field — remove it');
  if (type === 'volume' && source === undefined)
    return { kind: 'anonymous', source: '', target, readOnly, createSource: false };
  if (source === undefined) {
    scope.error(path, 'MISSING_FIELD', 'missing field "source"');
    return null;
  }
  if (source === '') {
    // It may come from a variable that is not set: an empty volume in place of the data would be no help.
    const text = `is empty — name a ${type === 'bind' ? 'path' : 'volume, or remove the field'}`;
    scope.error([...path, 'source'], 'BAD_VALUE', text);
    return null;
  }
  return { kind: type, source, target, readOnly, createSource: entry.bind?.create_host_path ?? true };
}

function resolveMount(
  scope: Scope,
  path: Path,
  from: { readonly parts: MountParts; readonly context: DraftContext },
): Mount | null {
  const { kind, source, target, readOnly, createSource } = from.parts;
  if (!target.startsWith('/')) {
    scope.error(path, 'BAD_VALUE', `the target ${quote(target)} is not absolute — it must begin with /`);
    return null;
  }
  const inContainer = resolvePath('/', target);
  if (kind === 'anonymous') return { kind, target: inContainer, readOnly };
  if (kind === 'bind') {
    const mend = ', or put the file or folder below it, or use a named volume';
    const { context: places } = from;
    const hostSource = resolveBind(scope, path, { source, readOnly, places, title: quote(source), mend });
    return hostSource === null
      ? null
      : { kind, source: hostSource, target: inContainer, readOnly, createSource };
  }
  if (VOLUME_NAME.test(source)) return { kind, volume: source, target: inContainer, readOnly };
  const mend = source.includes('/') ? ` — for a path write ./${source}` : '';
  scope.error(path, 'BAD_VALUE', `not the name of a volume: ${quote(source)}${mend}`);
  return null;
}
