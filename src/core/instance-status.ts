/**
 * The status of one replica's container.
 * Owns: the state word and its facts. Must not know: the service's other replicas.
 */
import type { DesiredService } from '../model/desired.js';
import { isoTime, type Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';
import type { HealthStatus, InstanceStatus, State } from '../model/status.js';
import type { Step } from '../model/step.js';
import { isCrashLooping } from './crash-loop.js';
import type { ServiceMemory } from './memory.js';
import { verdictOf } from './one-shot.js';
import { hasCheck, isReady, isUnhealthy } from './readiness.js';

/** What is known about the container beside itself. */
export interface InstanceContext {
  /** Null: no manifest names the service any more. */
  readonly service: DesiredService | null;
  readonly memory: ServiceMemory;
  /** The step in flight on its slot; null: none. */
  readonly step: Step | null;
  /** The step that is in flight on its slot or begins now; null: none. */
  readonly due: Step | null;
  /** A start or creation that failed is waiting for its next try. */
  readonly hasFailedStart: boolean;
  readonly now: Now;
}

/** The state word of a container. */
function instanceState(container: ObservedContainer, context: InstanceContext): State {
  if (container.isSilent) return 'unknown';
  if (isBeingStopped(container, context.step)) return 'stopping';
  if (isCrashLooping(container.id, context.memory, context.now)) return 'failed';
  switch (container.status) {
    case 'running':
      return isReady(container) ? 'running' : isUnhealthy(container) ? 'failed' : 'starting';
    case 'restarting':
      return 'starting';
    case 'created':
      if (context.hasFailedStart || container.error !== '') return 'failed';
      return context.due === null || isBeingStopped(container, context.due) ? 'stopped' : 'starting';
    case 'dead':
      return 'failed';
    case 'removing':
      return 'stopping';
    case 'paused':
      return 'stopped';
    case 'exited': {
      if (context.hasFailedStart) return 'failed';
      if (isBeingStarted(container, context.step)) return 'starting';
      const { service } = context;
      return service !== null && verdictOf(container, service, context.memory) === 'failed'
        ? 'failed'
        : 'stopped';
    }
  }
}

function isBeingStopped(container: ObservedContainer, step: Step | null): boolean {
  return (
    step !== null &&
    (step.kind === 'stopContainer' || step.kind === 'removeContainer') &&
    step.id === container.id
  );
}

function isBeingStarted(container: ObservedContainer, step: Step | null): boolean {
  return (
    step !== null &&
    (step.kind === 'startContainer' || step.kind === 'restartContainer') &&
    step.id === container.id
  );
}

/** Everything about a container that programs outside read. */
export function instanceStatus(container: ObservedContainer, context: InstanceContext): InstanceStatus {
  const hasStopped = container.status === 'exited' || container.status === 'dead';
  const address = container.endpoints.find(({ ipAddress }) => ipAddress !== '')?.ipAddress ?? null;
  return {
    service_name: container.owned.service,
    instance_id: container.name,
    container_id: container.id,
    slot: container.owned.slot,
    state: instanceState(container, context),
    health_status: healthWord(container),
    last_seen: isoTime(context.now.wallMs),
    start_time: container.startedAt === null ? null : isoTime(container.startedAt),
    stop_time: hasStopped && container.finishedAt !== null ? isoTime(container.finishedAt) : null,
    restart_count: container.restartCount + (context.memory.restarts.get(container.id) ?? 0),
    version: versionOf(context.service, container),
    ip_address: address,
    ports: container.ports,
    exit_code: hasStopped ? container.exitCode : null,
    oom_killed: container.oomKilled,
    hash: container.owned.hash,
  };
}

/** The declared version, else the image's label, else its tag. */
export function versionOf(service: DesiredService | null, container: ObservedContainer | null): string {
  if (service !== null && service.version !== null) return service.version;
  if (container !== null && container.imageVersion !== null) return container.imageVersion;
  const reference = container?.image ?? service?.container.image ?? '';
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(reference)?.[1];
  return tag ?? 'latest';
}

/** Over all checks that it has: the worst word counts. */
function healthWord(container: ObservedContainer): HealthStatus {
  if (container.status !== 'running' || !hasCheck(container)) return 'unknown';
  if (isUnhealthy(container)) return 'unhealthy';
  if (isReady(container)) return 'healthy';
  return container.probed?.unreachable === null || container.probed === null ? 'starting' : 'unknown';
}
