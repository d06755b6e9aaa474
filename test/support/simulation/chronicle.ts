/**
 * What was so lately: whoever decides on what it last saw cannot know the present.
 * Owns: when a service last had a container in each condition. Must not know: the controller, its rules.
 */
import type { Clock } from '../../../src/controller/ports.js';
import type { DependencyCondition } from '../../../src/model/desired.js';
import type { SimulatedEngine } from '../simulated-docker/engine.js';
import { ownedBy, type SimulatedContainer } from '../simulated-docker/truth.js';
import { hasCompleted, isServing } from './services.js';

/** Looks back. */
export interface Chronicle {
  /** When a container of the service last met the condition (monotonic); null: never. */
  lastMetMs(service: string, condition: DependencyCondition): number | null;
}

const CONDITIONS = [
  'service_started',
  'service_healthy',
  'service_completed_successfully',
] as const satisfies readonly DependencyCondition[];

/** Whether one container is as the condition says, as far as anybody can see: that it has been asked to end is not shown. */
export function meets(container: SimulatedContainer, condition: DependencyCondition): boolean {
  if (condition === 'service_started') return container.status === 'running';
  return condition === 'service_healthy'
    ? isServing({ ...container, isEnding: false })
    : hasCompleted(container);
}

/** Follows an engine from now on. */
export function keepChronicle(engine: SimulatedEngine, project: string, clock: Clock): Chronicle {
  const endedMs = new Map<string, number>();
  const meeting = new Map<string, Set<string>>();
  const take = (container: SimulatedContainer): void => {
    const owned = ownedBy(container, project);
    if (owned === null) return;
    for (const condition of CONDITIONS) {
      const key = `${owned.service} ${condition}`;
      const those = meeting.get(key) ?? new Set();
      meeting.set(key, those);
      if (meets(container, condition)) those.add(container.id);
      else if (those.delete(container.id)) endedMs.set(key, clock.now().monotonicMs);
    }
  };
  engine.onChange(({ type, id }) => {
    if (type !== 'container') return;
    const container = [...engine.truth.containers.values()].find((one) => one.id === id);
    if (container !== undefined) take(container);
    else for (const [key, those] of meeting) if (those.delete(id)) endedMs.set(key, clock.now().monotonicMs);
  });
  return {
    lastMetMs(service, condition) {
      const key = `${service} ${condition}`;
      const isMetNow = (meeting.get(key)?.size ?? 0) > 0;
      return isMetNow ? clock.now().monotonicMs : (endedMs.get(key) ?? null);
    },
  };
}
