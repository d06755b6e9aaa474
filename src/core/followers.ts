/**
 * Restarts that follow from a dependency's: `depends_on.restart`, and a shared network.
 * Owns: when a running replica has to be restarted because of another service. Must not know: the restart itself.
 */
import type { DesiredService } from '../model/desired.js';
import type { ObservedContainer, ObservedState } from '../model/observed.js';
import type { FollowedRun } from '../model/step.js';
import type { FollowedRuns } from './memory.js';
import { isReady, withProbes } from './readiness.js';
import { networkServiceOf, parentOf } from './wanted.js';

/** What it is found from. */
export interface FollowContext {
  readonly service: DesiredService;
  readonly observed: ObservedState;
  /** Of the services that are depended on. */
  readonly dependencies: readonly DesiredService[];
  /** Runs that were followed already, by container. */
  readonly followed: FollowedRuns;
}

/** What a replica has to follow: why, and which run of the other. Each run is followed once. */
export interface Followed extends FollowedRun {
  readonly why: string;
}

/** Why a running replica has to follow; null: it need not. Read from Docker's own times, so that a crash loses nothing. */
export function followedBy(
  container: ObservedContainer,
  { service, observed, dependencies, followed }: FollowContext,
): Followed | null {
  const { startedAt } = container;
  if (container.status !== 'running' || startedAt === null) return null;
  const sharedWith = networkServiceOf(service);
  const isLater = (other: ObservedContainer): boolean => (other.startedAt ?? 0) > startedAt;
  // A clock that was set back makes a run that was followed look later for ever.
  const isNew = (others: readonly ObservedContainer[], { name }: DesiredService): boolean =>
    followed.get(container.id)?.get(name) !== runOf(others);
  for (const dependency of dependencies) {
    const { name } = dependency;
    const edge = service.dependsOn.find((candidate) => candidate.service === name);
    if (edge === undefined || !edge.restart) continue;
    const theirs = withProbes(dependency, observed.services.get(name) ?? []);
    if (name === sharedWith) {
      // Whoever shares a network must follow every start, Docker's own restarts included: the network is another one.
      const sharing = theirs.find(({ id }) => id === parentOf(container));
      if (
        sharing !== undefined &&
        sharing.status === 'running' &&
        isLater(sharing) &&
        isNew([sharing], dependency)
      )
        return {
          service: name,
          why: `${name}, whose network it shares, was started again`,
          run: runOf([sharing]),
        };
      continue;
    }
    // All of them: one replica more, or one that was restarted for itself, is no other dependency.
    const serving = theirs.filter(isReady);
    const isRestarted = serving.every((other) => other.restartCount === 0 && isLater(other));
    if (serving.length > 0 && isRestarted && isNew(serving, dependency))
      return { service: name, why: `${name} was started again`, run: runOf(serving) };
  }
  return null;
}

const runOf = (containers: readonly ObservedContainer[]): string =>
  containers
    .map(({ id, startedAt }) => `${id}@${startedAt}`)
    .sort()
    .join(' ');
