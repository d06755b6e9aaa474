/**
 * The graph of what the manifests declare, cycles included.
 * Owns: start order, and the part below one service. Must not know: manifests, forms of output.
 */
import { didYouMean } from '../manifest/suggest.js';
import type { DependencyCondition } from '../model/desired.js';
import { type Graph, orderOf, reachableFrom } from '../model/graph.js';
import { compareText } from '../model/problem.js';
import { CommandError } from './command-error.js';

/** An edge to a service that must be there first. */
export interface GraphEdge {
  readonly service: string;
  readonly condition: DependencyCondition;
  readonly required: boolean;
  /** False: no manifest declares it. */
  readonly declared: boolean;
}

/** A service and what it needs. */
export interface GraphNode {
  readonly service: string;
  readonly priority: number;
  /** Sorted by name. */
  readonly dependsOn: readonly GraphEdge[];
}

/** Everything that is declared. */
export interface ServiceGraph {
  /** In start order; those on a cycle, or behind one, come last, by name. */
  readonly nodes: readonly GraphNode[];
  /** Closed paths, `a, b, a`. */
  readonly cycles: readonly (readonly string[])[];
}

/** What a service declares, as far as the graph goes. */
export interface DeclaredService {
  readonly name: string;
  readonly priority: number;
  readonly dependsOn: readonly Omit<GraphEdge, 'declared'>[];
}

/** The graph of declared services. */
export function graphOf(services: readonly DeclaredService[]): ServiceGraph {
  const byName = new Map(services.map((service) => [service.name, service]));
  const priorityOf = (name: string): number => byName.get(name)?.priority ?? 1;
  const { sorted, cycles } = orderOf(
    edgesOf([...byName.values()]),
    (a, b) => priorityOf(a) - priorityOf(b) || compareText(a, b),
  );
  const placed = new Set(sorted);
  const rest = [...byName.keys()].filter((name) => !placed.has(name)).sort(compareText);
  const nodes = [...sorted, ...rest].flatMap((name) => {
    const service = byName.get(name);
    if (service === undefined) return [];
    const dependsOn = service.dependsOn
      .map(({ service: needed, condition, required }) => ({
        ...{ service: needed, condition, required },
        declared: byName.has(needed),
      }))
      .sort((a, b) => compareText(a.service, b.service));
    return [{ service: name, priority: service.priority, dependsOn }];
  });
  return { nodes, cycles };
}

/** A service and everything that it needs, directly or not. */
export function graphBelow({ nodes, cycles }: ServiceGraph, service: string): ServiceGraph {
  const names = nodes.map((node) => node.service);
  if (!names.includes(service))
    throw new CommandError(`no manifest declares a service "${service}"${didYouMean(service, names)}`);
  const edges = edgesOf(nodes.map((node) => ({ ...node, name: node.service })));
  const kept = new Set([service, ...reachableFrom(edges, service)]);
  return {
    nodes: nodes.filter((node) => kept.has(node.service)),
    cycles: cycles.filter((cycle) => cycle.some((name) => kept.has(name))),
  };
}

const edgesOf = (services: readonly DeclaredService[]): Graph<string> =>
  new Map(services.map(({ name, dependsOn }) => [name, dependsOn.map((edge) => edge.service)]));
