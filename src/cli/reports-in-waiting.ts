/**
 * What can be answered before there is a controller, and from then on.
 * Owns: the answers while no engine has answered. Must not know: who asks.
 */
import type { ControllerReports } from '../adapters/http/app.js';
import type { OrchestratorState } from '../model/orchestrator.js';
import type { Plan } from '../model/plan.js';

/** Who waits. */
export interface WaitingController {
  readonly project: string;
  readonly instance: string;
  readonly version: string;
  readonly manifests: readonly string[];
  readonly pid: number;
}

const NO_PLAN: Plan = {
  steps: [],
  waiting: [],
  summary: { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 },
};

/** Answers that are a controller's as soon as there is one. */
export function createReportsInWaiting(who: WaitingController): {
  readonly reports: ControllerReports;
  become(reports: ControllerReports): void;
} {
  let present = emptyReports(who);
  return {
    reports: {
      isAlive: () => present.isAlive(),
      isReady: () => present.isReady(),
      orchestrator: () => present.orchestrator(),
      digest: () => present.digest(),
      problems: () => present.problems(),
      services: () => present.services(),
      plan: () => present.plan(),
      controller: () => present.controller(),
    },
    become: (reports) => {
      present = reports;
    },
  };
}

function emptyReports({ manifests, pid, ...names }: WaitingController): ControllerReports {
  const orchestrator: OrchestratorState = {
    ...names,
    phase: 'starting',
    in_sync: false,
    services: { total: 0, synced: 0, healthy: 0, degraded: 0 },
    manifest_errors: 0,
    revision: '',
    last_pass_at: null,
    last_pass_ms: 0,
    engine: { reachable: false, version: '' },
    mqtt: { queued: 0, dropped: 0 },
  };
  return {
    // Nothing hangs: the engine is tried again and again.
    isAlive: () => true,
    isReady: () => false,
    orchestrator: () => orchestrator,
    digest: () => '',
    problems: () => [],
    services: () => [],
    plan: () => NO_PLAN,
    controller: () => ({ orchestrator, digest: '', manifests, pid, problems: [], recent: [] }),
  };
}
