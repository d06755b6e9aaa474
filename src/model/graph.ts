/**
 * Directed graphs over names: order and cycles.
 * Owns: topological order and cycle paths. Must not know: what the names stand for.
 */
import { compareText } from './problem.js';

/** For each node the nodes it depends on; a name without an entry of its own is not part of the graph. */
export type Graph<Name extends string> = ReadonlyMap<Name, readonly Name[]>;

/** A start order, and the cycles that stand in its way. */
export interface Order<Name extends string> {
  /** Dependencies before dependants; among the free ones by `compare`. Nodes on or behind a cycle are missing. */
  readonly sorted: readonly Name[];
  /** Each cycle once, as a closed path `a, b, a` that begins at its smallest name. Sorted. */
  readonly cycles: readonly (readonly Name[])[];
}

/** Sorts a graph so that dependencies come first; among those that are free `compare` decides (default: by name). */
export function orderOf<Name extends string>(
  graph: Graph<Name>,
  compare: (a: Name, b: Name) => number = compareText,
): Order<Name> {
  const open = new Map<Name, number>();
  const dependants = new Map<Name, Name[]>();
  for (const [node, dependencies] of graph) {
    const known = [...new Set(dependencies)].filter((name) => graph.has(name));
    open.set(node, known.length);
    for (const name of known) dependants.set(name, [...(dependants.get(name) ?? []), node]);
  }
  const free = [...open].filter(([, count]) => count === 0).map(([node]) => node);
  const sorted: Name[] = [];
  while (free.length > 0) {
    free.sort(compare);
    const next = free.shift();
    if (next === undefined) break;
    sorted.push(next);
    for (const dependant of dependants.get(next) ?? []) {
      const left = (open.get(dependant) ?? 0) - 1;
      open.set(dependant, left);
      if (left === 0) free.push(dependant);
    }
  }
  return { sorted, cycles: sorted.length === graph.size ? [] : cyclesOf(graph) };
}

/** Everything that `start` needs, directly or not, without `start` itself. */
export function reachableFrom<Name extends string>(graph: Graph<Name>, start: Name): ReadonlySet<Name> {
  const seen = new Set<Name>();
  const open = [...(graph.get(start) ?? [])];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node) || node === start) continue;
    seen.add(node);
    open.push(...(graph.get(node) ?? []));
  }
  return seen;
}

/** The same graph with its edges turned round. */
export function reversed<Name extends string>(graph: Graph<Name>): Graph<Name> {
  const result = new Map<Name, Name[]>([...graph.keys()].map((node) => [node, []]));
  for (const [node, dependencies] of graph) for (const name of dependencies) result.get(name)?.push(node);
  return result;
}

/** One shortest cycle through each strongly connected part, found from its smallest name. */
function cyclesOf<Name extends string>(graph: Graph<Name>): readonly (readonly Name[])[] {
  const covered = new Set<Name>();
  const cycles: (readonly Name[])[] = [];
  for (const start of [...graph.keys()].sort(compareText)) {
    if (covered.has(start)) continue;
    const path = shortestCycle(graph, start);
    if (path === null) continue;
    for (const node of path) covered.add(node);
    cycles.push(path);
  }
  return cycles;
}

function shortestCycle<Name extends string>(graph: Graph<Name>, start: Name): readonly Name[] | null {
  const cameFrom = new Map<Name, Name>();
  const queue: Name[] = [start];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const next of [...(graph.get(node) ?? [])].sort(compareText)) {
      if (next === start) return pathBack(cameFrom, start, node);
      if (cameFrom.has(next) || !graph.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return null;
}

function pathBack<Name extends string>(
  cameFrom: ReadonlyMap<Name, Name>,
  start: Name,
  last: Name,
): readonly Name[] {
  const path: Name[] = [start];
  for (let node: Name | undefined = last; node !== undefined && node !== start; node = cameFrom.get(node))
    path.unshift(node);
  return [start, ...path];
}
