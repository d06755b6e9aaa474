/**
 * Restarts that follow from a dependency's: `depends_on.restart`, and a shared network.
 * Owns: when a running replica has to be restarted because of another service. Must not know: the restart itself.
 */
import type { DesiredService } from '../model/desired.js';
import type { ObservedContainer, ObservedState } from '../model/observed.js';
import { isReady, withProbes } from './readiness.js';
import { networkServiceOf, parentOf } from './wanted.js';

/** What it is found from. */
export interface FollowContext {
  readonly service: DesiredService;
  readonly observed: ObservedState;
  /** Of the services that are depended on. */
  readonly dependencies: readonly DesiredService[];
}

/** Why a running replica has to follow; null: it need not. Read from Docker's own times, so that a crash loses nothing. */
export function followsBecause(
  container: ObservedContainer,
  { service, observed, dependencies }: FollowContext,
): string | null {
  const { startedAt } = container;
  if (container.status !== 'running' || startedAt === null) return null;
  const sharedWith = networkServiceOf(service);
  for (const dependency of dependencies) {
    const edge = service.dependsOn.find((candidate) => candidate.service === dependency.name);
    if (edge === undefined || !edge.restart) continue;
    const theirs = withProbes(dependency, observed.services.get(dependency.name) ?? []);
    const isLater = (other: ObservedContainer): boolean => (other.startedAt ?? 0) > startedAt;
    // Whoever shares a network must follow every start, Docker's own restarts included: the network is another one.
    const sharing =
      dependency.name === sharedWith ? theirs.find(({ id }) => id === parentOf(container)) : undefined;
    if (sharing !== undefined && sharing.status === 'running' && isLater(sharing))
      return `${dependency.name}, whose network it shares, was started again`;
    if (
      dependency.name !== sharedWith &&
      theirs.some((other) => isReady(other) && other.restartCount === 0 && isLater(other))
    )
      return `${dependency.name} was started again`;
  }
  return null;
}
