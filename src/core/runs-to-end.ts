/**
 * Services that are meant to run to an end.
 * Owns: which. Must not know: what their end means, what is done about it.
 */
import { type DesiredService, isOneShot } from '../model/desired.js';
import type { DecisionContext } from './context.js';

/** What is declared around a service. */
export type Declared = Pick<DecisionContext, 'desired' | 'topology'>;

/** Its end is its result: somebody waits for it, or nothing restarts it and nothing checks its health. */
export function isRunningToItsEnd(service: DesiredService, declared: Declared): boolean {
  if (!isOneShot(service)) return false;
  const { restart, healthcheck } = service.container;
  return isEndAwaited(service, declared) || (restart.name === 'no' && healthcheck === null);
}

/** Some other service starts only once it has completed. */
export function isEndAwaited({ name }: DesiredService, { desired, topology }: Declared): boolean {
  return (topology.dependants.get(name) ?? []).some((other) =>
    desired.services
      .get(other)
      ?.dependsOn.some(
        ({ service, condition }) => service === name && condition === 'service_completed_successfully',
      ),
  );
}
