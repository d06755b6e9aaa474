/**
 * What a service depends on.
 * Owns: the forms of `depends_on`, and `optional_deps`. Must not know: which services exist.
 */
import type { Dependency } from '../model/desired.js';
import { serviceName } from '../model/ids.js';
import { compareText } from '../model/problem.js';
import type { ServiceSpec } from './generated/manifest-types.js';
import type { Scope } from './scope.js';
import { findTree, type Path } from './tree.js';

/** All dependencies, sorted by name. */
export function resolveDependencies(scope: Scope, spec: ServiceSpec): readonly Dependency[] {
  const result = new Map<string, Dependency>();
  const declared = spec.depends_on ?? [];
  if (Array.isArray(declared)) for (const name of declared) result.set(name, dependencyOn(name, {}));
  else
    for (const [name, entry] of Object.entries(declared)) result.set(name, dependencyOn(name, entry ?? {}));
  for (const [index, name] of (spec.optional_deps ?? []).entries()) {
    if (result.has(name))
      scope.error(
        ['spec', 'optional_deps', index],
        'BAD_VALUE',
        `"${name}" is in depends_on already — keep one`,
      );
    else result.set(name, dependencyOn(name, { required: false }));
  }
  return [...result.values()].sort((a, b) => compareText(a.service, b.service));
}

/** Where a dependency is declared. */
export function pathOfDependency(scope: Scope, name: string): Path {
  for (const field of ['depends_on', 'optional_deps']) {
    const path = ['spec', field];
    const found = findTree(scope.tree, path);
    if (found?.kind === 'mapping' && found.entries.has(name)) return [...path, name];
    const index =
      found?.kind === 'list'
        ? found.items.findIndex((item) => item.kind === 'scalar' && item.value === name)
        : -1;
    if (index !== -1) return [...path, index];
  }
  return ['spec', 'depends_on'];
}

function dependencyOn(
  name: string,
  entry: {
    readonly condition?: Dependency['condition'];
    readonly required?: boolean;
    readonly restart?: boolean;
  },
): Dependency {
  return {
    service: serviceName(name),
    condition: entry.condition ?? 'service_started',
    required: entry.required ?? true,
    restart: entry.restart ?? false,
  };
}
