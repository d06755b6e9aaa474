/**
 * Secrets and configs that a service reads.
 * Owns: the short and the long form, where the file is in the container. Must not know: which are declared, their files.
 */
import type { Mount } from '../model/desired.js';
import type { FileUse } from './draft.js';
import type { ConfigEntry, SecretEntry, ServiceSpec } from './generated/manifest-types.js';
import { complainOfTaken } from './mounts.js';
import type { DeclarationKey } from './parse.js';
import { resolvePath } from './paths.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

/** Where files are that say nothing else, and where relative targets begin (Compose's convert.go). */
const FOLDERS: Readonly<Record<FileUse['kind'], string>> = { secret: '/run/secrets', config: '/' };

/** All secrets and configs of a service, in its order. Nothing else may be mounted there. */
export function resolveFileUses(
  scope: Scope,
  spec: ServiceSpec,
  mounts: readonly Mount[],
): readonly FileUse[] {
  const taken = new Set(mounts.map(({ target }) => target));
  const uses = [
    ...(spec.secrets ?? []).map((entry, index) => useOf('secret', entry, ['spec', 'secrets', index])),
    ...(spec.configs ?? []).map((entry, index) => useOf('config', entry, ['spec', 'configs', index])),
  ];
  for (const { target, path } of uses) {
    if (target === '/') scope.error(path, 'BAD_VALUE', 'the target is / — name a file in the container');
    else if (taken.has(target)) complainOfTaken(scope, path, target);
    taken.add(target);
  }
  return uses;
}

/** The declaration that is meant. */
export const keyOfUse = ({ kind, name }: FileUse): DeclarationKey =>
  kind === 'secret' ? `Secret/${name}` : `Config/${name}`;

function useOf(kind: FileUse['kind'], entry: SecretEntry | ConfigEntry, path: Path): FileUse {
  const { source, target = source } = typeof entry === 'string' ? { source: entry } : entry;
  return { kind, name: source, target: resolvePath(FOLDERS[kind], target), path };
}
