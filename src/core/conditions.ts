/**
 * Conditions, as Kubernetes has them: one aspect each, with the time of its last change.
 * Owns: how the four follow from the axes. Must not know: containers.
 */
import type { Condition, Health, Reason, ServiceStatus, Sync } from '../model/status.js';

/** What the conditions follow from. */
interface Axes {
  readonly sync: Sync;
  readonly health: Health;
  readonly reason: Reason | null;
  readonly message: string;
}

/** The four conditions; the time of one changes only when its status does. `at` is ISO 8601 UTC. */
export function conditionsOf(axes: Axes, previous: ServiceStatus | null, at: string): readonly Condition[] {
  const { sync, health } = axes;
  const statuses: readonly (readonly [Condition['type'], Condition['status']])[] = [
    ['Ready', health === 'Unknown' ? 'Unknown' : truth(health === 'Healthy' || health === 'Completed')],
    ['Synced', sync === 'Unknown' ? 'Unknown' : truth(sync === 'Synced')],
    ['Progressing', truth(health === 'Progressing')],
    ['Stalled', truth(health === 'Degraded' || (health === 'Missing' && axes.reason !== null))],
  ];
  return statuses.map(([type, status]) => {
    const before = previous?.conditions.find((condition) => condition.type === type);
    const isSame = before !== undefined && before.status === status;
    const reason = axes.reason ?? '';
    return {
      type,
      status,
      reason,
      message: axes.message,
      lastTransitionTime: isSame ? before.lastTransitionTime : at,
    };
  });
}

const truth = (holds: boolean): Condition['status'] => (holds ? 'True' : 'False');
