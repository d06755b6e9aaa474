/**
 * Small facts about one container against its service's spec.
 * Owns: comparisons that several rules share. Must not know: what follows from them.
 */
import type { ContainerSpec, DesiredService, Resources, RestartPolicy } from '../model/desired.js';
import type { ObservedContainer } from '../model/observed.js';
import type { ContainerChange } from '../model/step.js';
import { limitChange } from './limits.js';
import type { ServiceMemory } from './memory.js';

/** What `docker update` has to change, and why; null: nothing, or it was asked for already and Docker shows what it likes. */
export function inPlaceChange(
  { id, restartPolicy, resources }: ObservedContainer,
  { container: { restart, resources: declared } }: DesiredService,
  { updated }: Pick<ServiceMemory, 'updated'>,
): { readonly change: ContainerChange; readonly why: string } | null {
  const isOtherPolicy = !samePolicy(restartPolicy, restart);
  const isOtherLimit =
    limitChange(resources, declared) === 'changed' && updated.get(id) !== updateKey(declared);
  if (!isOtherPolicy && !isOtherLimit) return null;
  const change = { restart: isOtherPolicy ? restart : null, resources: isOtherLimit ? declared : null };
  const why = isOtherPolicy
    ? `restart policy is ${restartPolicy.name}, declared is ${restart.name}`
    : 'its limits are others than declared';
  return { change, why };
}

/** An update as one text, for remembering that it was refused. */
export const changeKey = ({ restart, resources }: ContainerChange): string =>
  `${restart?.name ?? ''}:${restart?.maximumRetryCount ?? 0} ${resources === null ? '' : updateKey(resources)}`;

/** Limits as one text, for remembering what was asked for. */
export const updateKey = (resources: Resources): string => JSON.stringify(resources);

/** Everything that is changed in place, as one text. */
export const inPlaceKey = ({ restart, resources }: ContainerSpec): string =>
  `${restart.name}:${restart.maximumRetryCount} ${updateKey(resources)}`;

/** Whether two restart policies do the same. */
export const samePolicy = (a: RestartPolicy, b: RestartPolicy): boolean =>
  a.name === b.name && (a.name !== 'on-failure' || a.maximumRetryCount === b.maximumRetryCount);

/** Its run, or its start, has come to nothing. */
export const hasEnded = ({ status, error }: ObservedContainer): boolean =>
  status === 'exited' || (status === 'created' && error !== '');

/** How a container ended, for people. */
export function endOf(container: ObservedContainer): string {
  return container.oomKilled
    ? `exited ${container.exitCode} (out of memory)`
    : `exited ${container.exitCode}`;
}
