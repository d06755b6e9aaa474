/**
 * Values of the model as the controller would make them, for tests that only pass them on.
 */
import type { EventDraft, EventFacts, EventType } from '../../src/model/event.js';
import { EVENT_TYPES } from '../../src/model/event.js';
import type { OrchestratorState } from '../../src/model/orchestrator.js';
import type { Problem } from '../../src/model/problem.js';
import type { ServiceStatus } from '../../src/model/status.js';

const instance = {
  service_name: 'web',
  instance_id: 'alicia-web-1-0a1b2c3d',
  slot: 1,
  container_id: 'ab'.repeat(32),
};
const said = { service_name: 'web', message: 'all 2 replicas are ready' };
const rollout = { ...said, from: `v1:${'0'.repeat(64)}`, to: `v1:${'1'.repeat(64)}` };
const problem: Problem = {
  code: 'UNKNOWN_FIELD',
  severity: 'error',
  file: 'manifests/web.yaml',
  line: 12,
  column: 3,
  message: 'spec: unknown field "prots" — did you mean "ports"?',
  service: 'web',
};
const scan = { problems: [problem], services: ['web'] };

/** Facts of every event type. */
export const sampleFacts: { readonly [Type in EventType]: EventFacts[Type] } = {
  service_created: instance,
  service_stopped: instance,
  service_removed: instance,
  service_restarted: instance,
  service_recovered: instance,
  service_started: {
    ...instance,
    dependencies: ['bus'],
    ip_address: '172.18.0.2',
    ports: { '80/tcp': 8080 },
  },
  service_unhealthy: { ...instance, health_status: 'unhealthy' },
  service_ready: said,
  service_completed: said,
  service_failed: said,
  service_blocked: { ...said, waiting_for: ['bus'] },
  service_scaled_up: { service_name: 'web', added_instances: 1, instance_ids: ['a'], new_total: 2 },
  service_scaled_down: { service_name: 'web', removed_instances: 1, instance_ids: ['a'], new_total: 1 },
  service_update_started: rollout,
  service_update_completed: rollout,
  service_update_failed: rollout,
  service_rolled_back: rollout,
  service_maintenance_started: { service_name: 'web' },
  service_maintenance_ended: { service_name: 'web' },
  drift_detected: { service_name: 'web', what: 'container gone' },
  drift_corrected: { service_name: 'web', what: 'container gone' },
  image_pulled: { ...said, image: 'nginx:1.27' },
  image_pull_failed: { ...said, image: 'nginx:1.27' },
  manifests_changed: scan,
  manifest_rejected: scan,
  prune_blocked: { ...scan, message: 'the directory is empty' },
  reconcile_completed: { changed: ['web'], steps: 3, duration_ms: 412 },
  reconcile_failed: { changed: ['web'], steps: 3, duration_ms: 412, message: 'web: image missing' },
  engine_lost: { message: 'no answer' },
  engine_restored: { message: 'it answers' },
  orchestrator_started: { message: 'started' },
  orchestrator_stopped: { message: 'stopped' },
  orchestration_errors: { error: 'port taken', service_name: 'web', category: 'engine' },
  recovery: { status: 'recovered', service_name: null, category: 'engine' },
};

/** One draft of every event type. */
export const sampleDrafts: readonly EventDraft[] = EVENT_TYPES.map(
  (type) => ({ type, facts: sampleFacts[type], cause: 'a test' }) as EventDraft,
);

/** The status of a service that is well. */
export const sampleStatus = (service: string, change: Partial<ServiceStatus> = {}): ServiceStatus => ({
  service,
  project: 'alicia',
  instance: 'box',
  stack: null,
  category: 'core',
  description: '',
  priority: 1,
  state: 'running',
  sync: 'Synced',
  health: 'Healthy',
  reason: null,
  message: '',
  revision: 'abc',
  hash: `v1:${'0'.repeat(64)}`,
  replicas: { desired: 1, current: 1, updated: 1, ready: 1 },
  restarts: 0,
  waiting_for: [],
  depends_on: ['bus'],
  required_by: [],
  optional_deps: [],
  image: 'nginx:1.27',
  version: '1.27',
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: '',
      message: '',
      lastTransitionTime: '2026-01-31T12:00:00.000Z',
    },
  ],
  instances: [
    {
      service_name: service,
      instance_id: `alicia-${service}-1-00000000`,
      container_id: 'ab'.repeat(32),
      slot: 1,
      state: 'running',
      health_status: 'healthy',
      last_seen: '2026-01-31T12:00:00.000Z',
      start_time: '2026-01-31T11:00:00.000Z',
      stop_time: null,
      restart_count: 0,
      version: '1.27',
      ip_address: '172.18.0.2',
      ports: { '80/tcp': 8080 },
      exit_code: null,
      oom_killed: false,
      hash: `v1:${'0'.repeat(64)}`,
    },
  ],
  observed_at: '2026-01-31T12:00:00.000Z',
  ...change,
});

/** The state of a controller that has nothing to do. */
export const sampleOrchestrator: OrchestratorState = {
  instance: 'box',
  project: 'alicia',
  version: '0.1.0',
  phase: 'idle',
  in_sync: true,
  services: { total: 1, synced: 1, healthy: 1, degraded: 0 },
  manifest_errors: 0,
  revision: 'abc',
  last_pass_at: '2026-01-31T12:00:00.000Z',
  last_pass_ms: 12,
  engine: { reachable: true, version: '20.10' },
  mqtt: { queued: 0, dropped: 0 },
};
