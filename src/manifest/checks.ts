/**
 * What services must agree on with each other.
 * Owns: dependencies, cycles, port clashes between services, names on Docker. Must not know: single fields.
 */
import type { Dependency, PortMapping } from '../model/desired.js';
import { type Graph, orderOf } from '../model/graph.js';
import { isFixed, portsOverlap, renderClaim } from '../model/host-ports.js';
import type { Problem } from '../model/problem.js';
import { checkObjects } from './check-objects.js';
import { pathOfDependency } from './dependencies.js';
import type { ServiceDraft } from './draft.js';
import type { Declared } from './last-good.js';
import type { DeclarationKey } from './parse.js';
import { checkPolicy, type PolicyPremises } from './policy.js';
import { pathOfPort } from './ports.js';
import { type Check, draftsOf, type Rejection, type Standing, type Standings } from './settle.js';
import { didYouMean } from './suggest.js';

/** All checks, in the order in which they are asked. `networkName` needs no declaration. */
export const checksFor = (networkName: string, premises: PolicyPremises): readonly Check[] => [
  checkPolicy(premises),
  checkDockerNames,
  checkObjects(networkName),
  checkDependencies,
  checkCycles,
  checkPorts,
];

/** More of one kind are not told of one service: each is looked up, and no reader mends more at once. */
const MAX_OF_ONE_SERVICE = 20;

/** Warnings about what stands: it is not rejected for them. */
export function warningsOf(standings: Standings): readonly Problem[] {
  return [...draftsOf(standings)].flatMap((draft) =>
    draft.dependsOn
      .flatMap((dependency) => warningOfDependency(standings, dependency) ?? [])
      .slice(0, MAX_OF_ONE_SERVICE)
      .map(({ service, code, message }) => {
        const path = pathOfDependency(draft.scope, service);
        return {
          ...draft.scope.problemAt(path, code, message()),
          severity: 'warning',
          service: null,
        } as const;
      }),
  );
}

const keyOf = (draft: ServiceDraft): DeclarationKey => `Service/${draft.name}`;

const specOf = (standing: Standing) => (standing.kind === 'draft' ? standing.draft : standing.service);

/** Two networks, or two volumes, of one name on Docker. */
function checkDockerNames(standings: Standings): readonly Rejection[] {
  const holders = new Map<string, DeclarationKey[]>();
  for (const [key, object] of standings.objects) {
    const name = dockerNameOf(object);
    if (name === null) continue;
    const place = `${object.kind}/${name}`;
    holders.set(place, [...(holders.get(place) ?? []), key]);
  }
  return [...holders].flatMap(([place, keys]) =>
    keys.flatMap((key) => {
      const object = standings.objects.get(key);
      if (keys.length < 2 || object === undefined || !('scope' in object)) return [];
      const others = keys.filter((other) => other !== key).join(', ');
      const text = `${place.replace('/', ' ')} on Docker is also declared by ${others} — give one of them another name`;
      return [{ key, problem: object.scope.problemAt(['spec', 'name'], 'DUPLICATE_NAME', text) }];
    }),
  );
}

/** Null: Docker does not know of it. */
function dockerNameOf(object: Exclude<Declared, { kind: 'service' }>): string | null {
  if (object.kind === 'network') return object.network.name;
  return object.kind === 'volume' ? object.volume.name : null;
}

/** Required dependencies must exist; one that is itself in error without a good version is merely not there yet. */
function checkDependencies(standings: Standings): readonly Rejection[] {
  return [...draftsOf(standings)].flatMap((draft) =>
    draft.dependsOn
      .filter((dependency) => dependency.required && !isKnown(standings, dependency.service))
      .slice(0, MAX_OF_ONE_SERVICE)
      .map((dependency) => {
        const path = pathOfDependency(draft.scope, dependency.service);
        const text = unknownService(standings, dependency.service);
        return { key: keyOf(draft), problem: draft.scope.problemAt(path, 'UNKNOWN_DEPENDENCY', text) };
      }),
  );
}

const isKnown = (standings: Standings, name: string): boolean =>
  standings.services.has(name) || standings.rejected.has(`Service/${name}`);

const unknownService = (standings: Standings, name: string): string =>
  `no service "${name}" is declared${didYouMean(name, standings.services.keys()) || ' — declare it, or remove this'}`;

function checkCycles(standings: Standings): readonly Rejection[] {
  const graph: Graph<string> = new Map(
    [...standings.services].map(([name, standing]) => [
      name,
      specOf(standing).dependsOn.map((dependency) => dependency.service),
    ]),
  );
  return orderOf(graph).cycles.flatMap((cycle) =>
    cycle.slice(0, -1).flatMap((name, index) => {
      const standing = standings.services.get(name);
      if (standing?.kind !== 'draft') return [];
      const { draft } = standing;
      const path = pathOfDependency(draft.scope, cycle[index + 1] ?? '');
      const text = `services wait for each other: ${cycle.join(' → ')} — remove one of these dependencies`;
      return [{ key: keyOf(draft), problem: draft.scope.problemAt(path, 'DEPENDENCY_CYCLE', text) }];
    }),
  );
}

/** A fixed host port belongs to the first that claims it: kept versions, then drafts by name. */
function checkPorts(standings: Standings): readonly Rejection[] {
  const claims = new Map<number, { readonly port: PortMapping; readonly service: string }[]>();
  const rejections: Rejection[] = [];
  const all = [...standings.services.values()];
  const inOrder = [
    ...all.filter((standing) => standing.kind === 'kept'),
    ...all.filter((standing) => standing.kind === 'draft'),
  ];
  for (const standing of inOrder) {
    const { name, replicas, container } = specOf(standing);
    if (replicas === 0) continue;
    const fixed = container.ports.filter(isFixed);
    const clashes = fixed.flatMap((port) => {
      const claim = claims.get(port.hostPorts?.first ?? 0)?.find((other) => portsOverlap(other.port, port));
      return claim === undefined ? [] : [{ port, owner: claim.service }];
    });
    const clash = clashes[0];
    if (standing.kind === 'draft' && clash !== undefined) {
      const text = `the host port ${renderClaim(clash.port)} is published by ${clash.owner} already — choose another one`;
      const problem = standing.draft.scope.problemAt(
        pathOfPort(standing.draft.scope, clash.port),
        'PORT_CLASH',
        text,
      );
      rejections.push({ key: keyOf(standing.draft), problem });
      continue;
    }
    for (const port of fixed) {
      const first = port.hostPorts?.first ?? 0;
      const others = claims.get(first);
      if (others === undefined) claims.set(first, [{ port, service: name }]);
      else others.push({ port, service: name });
    }
  }
  return rejections;
}

interface DependencyWarning {
  readonly service: string;
  readonly code: Problem['code'];
  readonly message: () => string;
}

function warningOfDependency(standings: Standings, dependency: Dependency): DependencyWarning | null {
  const { service, required, condition } = dependency;
  const standing = standings.services.get(service);
  if (standing === undefined) {
    if (required || isKnown(standings, service)) return null;
    return { service, code: 'UNKNOWN_DEPENDENCY', message: () => unknownService(standings, service) };
  }
  const { probes, container } = specOf(standing);
  const check = container.healthcheck;
  if (condition !== 'service_healthy' || check?.kind === 'test' || probes.length > 0) return null;
  const reason = check === null ? 'declares no healthcheck' : 'disables its healthcheck';
  const mend = 'add one, or write healthcheck: {} if its image brings one';
  return {
    service,
    code: 'NO_HEALTHCHECK',
    message: () => `service_healthy, but "${service}" ${reason} — ${mend}`,
  };
}
