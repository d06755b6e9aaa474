/**
 * Where a service names a network or a volume.
 * Owns: finding that place in both of the forms of each field. Must not know: what is wrong there.
 */
import type { ServiceDraft } from './draft.js';
import { findTree, type Path } from './tree.js';

/** Where a service names a network. */
export function pathOfNetwork(draft: ServiceDraft, network: string): Path {
  const path = ['spec', 'networks'];
  const found = findTree(draft.scope.tree, path);
  if (found?.kind !== 'list') return [...path, network];
  return [...path, found.items.findIndex((item) => item.kind === 'scalar' && item.value === network)];
}

/** Where a service first names a volume. */
export function pathOfVolume(draft: ServiceDraft, volume: string): Path {
  const path = ['spec', 'volumes'];
  const found = findTree(draft.scope.tree, path);
  if (found?.kind !== 'list') return path;
  const index = found.items.findIndex((item) => {
    const source = item.kind === 'mapping' ? item.entries.get('source')?.value : item;
    return source?.kind === 'scalar' && String(source.value).split(':')[0] === volume;
  });
  return [...path, index];
}
