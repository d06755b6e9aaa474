/**
 * What a running controller can be asked.
 * Owns: the read-only views of its state. Must not know: how they are served.
 */
import type { DecisionContext } from '../core/context.js';
import { isoTime } from '../model/now.js';
import type { OrchestratorState } from '../model/orchestrator.js';
import type { Plan } from '../model/plan.js';
import { compareText, type Problem } from '../model/problem.js';
import { isSettled, type ServiceStatus } from '../model/status.js';
import type { Controller } from './api.js';
import type { Parts } from './parts.js';

/** A controller whose passes are this many resyncs late is not alive. */
const LATE_RESYNCS = 3;

/** The read-only half of a controller. */
type ReadOnly = Pick<
  Controller,
  'isAlive' | 'isReady' | 'orchestrator' | 'digest' | 'problems' | 'services' | 'plan' | 'report'
>;

const NO_PLAN: Plan = {
  steps: [],
  waiting: [],
  summary: { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 },
};

/** Makes the views. */
export function reportsOf(
  parts: Pick<Parts, 'options' | 'state' | 'progress' | 'observer'>,
  decision: {
    readonly context: () => DecisionContext | null;
    readonly forecast: (context: DecisionContext) => Plan;
  },
): ReadOnly {
  const { options, state, progress, observer } = parts;
  const problems = (): readonly Problem[] => state.desired?.problems ?? [];
  const digest = (): string => state.desired?.digest ?? '';
  const isDue = (): number => options.clock.now().monotonicMs - state.heartbeatMs;
  return {
    isAlive: () => isDue() < options.limits.resyncMs * LATE_RESYNCS,
    isReady: () => state.isReady,
    orchestrator: () => orchestratorOf(parts),
    digest,
    problems,
    services: () => servicesOf(parts),
    plan() {
      const context = decision.context();
      return context === null || !observer.isWhole() ? NO_PLAN : decision.forecast(context);
    },
    report: () => ({
      orchestrator: orchestratorOf(parts),
      digest: digest(),
      manifests: options.manifests,
      pid: options.pid,
      problems: problems(),
      recent: progress.recent(),
    }),
  };
}

type Viewed = Pick<Parts, 'options' | 'state'>;

function servicesOf({ state }: Viewed): readonly ServiceStatus[] {
  const statuses = [...state.statuses.values()].sort((a, b) => compareText(a.service, b.service));
  return state.isEngineThere ? statuses : statuses.map(unknownStatus);
}

function orchestratorOf(parts: Viewed): OrchestratorState {
  const { options, state } = parts;
  const all = servicesOf(parts);
  const errors = (state.desired?.problems ?? []).filter(({ severity }) => severity === 'error');
  return {
    instance: options.instance,
    project: options.project,
    version: options.version,
    phase: state.phase,
    in_sync: state.isReady && state.isEngineThere && all.every(isSettled),
    services: {
      total: all.length,
      synced: all.filter(({ sync }) => sync === 'Synced').length,
      healthy: all.filter(({ health }) => health === 'Healthy' || health === 'Completed').length,
      degraded: all.filter(({ health }) => health === 'Degraded').length,
    },
    manifest_errors: errors.length,
    revision: state.desired?.revision ?? '',
    last_pass_at: state.lastPassAt === null ? null : isoTime(state.lastPassAt),
    last_pass_ms: Math.round(state.lastPassMs),
    engine: { reachable: state.isEngineThere, version: state.engineVersion },
    mqtt: { queued: 0, dropped: 0 },
  };
}

/** While the engine does not answer nothing is known, and least of all that it is well. */
export const unknownStatus = (status: ServiceStatus): ServiceStatus => ({
  ...status,
  state: 'unknown',
  instances: status.instances.map((instance) => ({
    ...instance,
    state: 'unknown',
    health_status: 'unknown',
  })),
  sync: 'Unknown',
  health: 'Unknown',
  message: 'the engine does not answer',
});
