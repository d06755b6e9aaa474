/**
 * What a service depends on.
 * Owns: the forms of `depends_on`, `optional_deps`, and what `network_mode` implies. Must not know: which services exist.
 */
import type { Dependency, NetworkMode } from '../model/desired.js';
import { type ServiceName, serviceName } from '../model/ids.js';
import { compareText } from '../model/problem.js';
import type { ServiceSpec } from './generated/manifest-types.js';
import type { Scope } from './scope.js';
import { findTree, type Path, textAt } from './tree.js';

/** All dependencies, sorted by name. */
export function resolveDependencies(
  scope: Scope,
  spec: ServiceSpec,
  mode: NetworkMode,
): readonly Dependency[] {
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
  if (mode.kind === 'service')
    result.set(mode.service, networkOwner(scope, mode.service, result.get(mode.service)));
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
  const isNetworkOwner = textAt(scope.tree, ['spec', 'network_mode']) === `service:${name}`;
  return ['spec', isNetworkOwner ? 'network_mode' : 'depends_on'];
}

/** A container in another one's network cannot start without that one, and must start again whenever that one did. */
function networkOwner(scope: Scope, name: ServiceName, declared: Dependency | undefined): Dependency {
  if (declared === undefined) return dependencyOn(name, { restart: true });
  const path = pathOfDependency(scope, name);
  const complain = (message: string): void => scope.error(path, 'BAD_VALUE', message);
  if (!declared.required)
    complain(`cannot be optional: network_mode takes the network of "${name}" — remove required: false`);
  if (declared.condition === 'service_completed_successfully')
    complain(`network_mode takes the network of "${name}", which has none once it is complete`);
  return { ...declared, restart: true };
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
