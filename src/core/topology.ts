/**
 * The dependency graph of the desired services, worked out once per desired state.
 * Owns: start order, dependants. Must not know: what runs.
 */
import type { DesiredState } from '../model/desired.js';
import { type Graph, orderOf, reachableFrom, reversed } from '../model/graph.js';
import type { ServiceName } from '../model/ids.js';
import { compareText } from '../model/problem.js';

/** The graph and what follows from it. */
export interface Topology {
  readonly graph: Graph<ServiceName>;
  /** Dependencies first; among the free ones by priority (low first), then name. */
  readonly order: readonly ServiceName[];
  /** Position in `order`. */
  readonly rank: ReadonlyMap<ServiceName, number>;
  /** Direct dependants, sorted. */
  readonly dependants: ReadonlyMap<ServiceName, readonly ServiceName[]>;
}

/** Works the graph out. */
export function topologyOf(desired: Pick<DesiredState, 'services'>): Topology {
  const graph: Graph<ServiceName> = new Map(
    [...desired.services].map(([name, service]) => [
      name,
      service.dependsOn.map((dependency) => dependency.service),
    ]),
  );
  const priority = (name: ServiceName): number => desired.services.get(name)?.priority ?? 0;
  const { sorted } = orderOf(graph, (a, b) => priority(a) - priority(b) || compareText(a, b));
  // Cycles are rejected where the desired state is made; a last good version may still close one, and must not vanish.
  const placed = new Set(sorted);
  const rest = [...graph.keys()].filter((name) => !placed.has(name)).sort(compareText);
  const order = [...sorted, ...rest];
  const rank = new Map(order.map((name, index) => [name, index]));
  const dependants = new Map(
    [...reversed(graph)].map(([name, names]) => [name, [...names].sort(compareText)]),
  );
  return { graph, order, rank, dependants };
}

/** Everything that a service needs, directly or not, in start order. */
export function dependenciesInOrder(topology: Topology, name: ServiceName): readonly ServiceName[] {
  const rank = (service: ServiceName): number => topology.rank.get(service) ?? 0;
  return [...reachableFrom(topology.graph, name)].sort((a, b) => rank(a) - rank(b));
}
