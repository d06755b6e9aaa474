/**
 * The status of a service: three axes, never merged, each with word, reason and sentence.
 * Owns: how the axes follow from containers, moves and failures. Must not know: how it is shown.
 */
import type { DesiredService } from '../model/desired.js';
import type { ServiceName } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import { isoTime } from '../model/now.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import type { Health, Reason, ServiceStatus, Sync } from '../model/status.js';
import { keys, type Step } from '../model/step.js';
import { conditionsOf } from './conditions.js';
import type { DecisionContext } from './context.js';
import { type InstanceContext, instanceStatus, versionOf } from './instance-status.js';
import { backoffKey, type ServiceMemory } from './memory.js';
import type { Move } from './move.js';
import { verdictOf } from './one-shot.js';
import { isReady } from './readiness.js';
import type { Findings } from './status-findings.js';
import { judge } from './status-judgement.js';
import { stateOf, stateOfDeclared, stepOn } from './status-state.js';
import { isWanted } from './wanted.js';

/** The status of a declared service. Keeps the previous value when nothing but the time of looking is new. */
export function statusOf(findings: Findings, context: DecisionContext): ServiceStatus {
  const { service, containers, memory } = findings;
  const replicas = shownReplicas(containers);
  const instances = replicas.map((container) =>
    instanceStatus(container, instanceContext(container, findings, context)),
  );
  const judgement = judge(findings, context);
  const sync = syncOf(findings, context);
  const { required, optional } = splitDependencies(service);
  const first = replicas[0] ?? null;
  const fresh = {
    service: service.name,
    project: context.settings.project,
    instance: context.settings.instance,
    stack: service.stack,
    category: service.category,
    description: service.description,
    priority: service.priority,
    state: stateOfDeclared(
      instances.map(({ state }) => state),
      judgement,
      { findings, context },
    ),
    sync,
    ...judgement,
    revision: context.desired.revision,
    hash: service.hash,
    replicas: {
      desired: service.replicas,
      current: replicas.length,
      updated: replicas.filter((container) => isWanted(container, findings.wanted)).length,
      ready: replicas.filter((container) => isReady(container)).length,
    },
    restarts: instances.reduce((sum, { restart_count }) => sum + restart_count, 0),
    waiting_for: [...new Set(findings.waiting.map((waiting) => waiting.service))],
    depends_on: required,
    required_by: context.topology.dependants.get(service.name) ?? [],
    optional_deps: optional,
    image: service.container.image,
    version: versionOf(service, first),
    conditions: conditionsOf({ sync, ...judgement }, memory.status, isoTime(context.now.wallMs)),
    instances,
    observed_at: isoTime(context.now.wallMs),
  };
  return keepIfSame(memory.status, fresh);
}

/** Of a service that no manifest names well: in error, or on its way out. */
export function statusOfUndeclared(
  name: ServiceName,
  options: {
    /** Null: as its containers are. */
    health: Health | null;
    reason: Reason | null;
    message: string;
    sync: Sync;
    memory: ServiceMemory;
  },
  context: DecisionContext,
): ServiceStatus {
  const containers = context.observed.services.get(name) ?? [];
  const { reason, message, sync, memory } = options;
  const replicas = shownReplicas(containers);
  const instances = replicas.map((container) =>
    instanceStatus(container, {
      service: null,
      memory,
      step: context.inFlight.get(keys.replica(name, container.owned.slot)) ?? null,
      due: null,
      hasFailedStart: false,
      now: context.now,
    }),
  );
  const ready = replicas.filter((container) => isReady(container)).length;
  const health =
    options.health ?? (replicas.length === 0 ? 'Missing' : ready === replicas.length ? 'Healthy' : 'Unknown');
  const states = instances.map(({ state }) => state);
  const owned = replicas[0]?.owned ?? null;
  return keepIfSame(memory.status, {
    service: name,
    project: context.settings.project,
    instance: context.settings.instance,
    stack: owned?.stack ?? null,
    category: 'core',
    description: '',
    priority: 1,
    state: stateOf(states, { health }),
    sync,
    health,
    reason,
    message,
    revision: context.desired.revision,
    hash: owned?.hash ?? '',
    replicas: { desired: 0, current: replicas.length, updated: 0, ready },
    restarts: instances.reduce((sum, { restart_count }) => sum + restart_count, 0),
    waiting_for: [],
    depends_on: owned?.dependsOn ?? [],
    required_by: [...context.desired.services.values()]
      .filter(({ dependsOn }) => dependsOn.some(({ service }) => service === name))
      .map((service) => service.name),
    optional_deps: [],
    image: replicas[0]?.image ?? '',
    version: versionOf(null, replicas[0] ?? null),
    conditions: conditionsOf({ sync, health, reason, message }, memory.status, isoTime(context.now.wallMs)),
    instances,
    observed_at: isoTime(context.now.wallMs),
  });
}

/** The containers that stand for replicas: not those kept aside. Sorted by slot, then name. */
function shownReplicas(containers: readonly ObservedContainer[]): readonly ObservedContainer[] {
  return containers
    .filter(({ name }) => roleOfName(name) === 'plain')
    .sort((a, b) => a.owned.slot - b.owned.slot || (a.name < b.name ? -1 : 1));
}

function instanceContext(
  container: ObservedContainer,
  findings: Findings,
  context: DecisionContext,
): InstanceContext {
  const key = keys.replica(findings.service.name, container.owned.slot);
  return {
    service: findings.service,
    memory: findings.memory,
    step: context.inFlight.get(key) ?? null,
    due: stepOn(key, findings.due, context.inFlight),
    hasFailedStart:
      findings.memory.backoffs.get(backoffKey({ key, kind: 'startContainer', id: container.id }))?.hash ===
      findings.service.hash,
    now: context.now,
  };
}

/** Moves, and steps under way, that make Docker hold what is declared. */
const CHANGES: readonly (Move['do'] | Step['kind'])[] = [
  'create',
  'rename',
  'update',
  'connect',
  'disconnect',
  'remove',
  'createContainer',
  'renameContainer',
  'updateContainer',
  'connectNetwork',
  'disconnectNetwork',
  'removeContainer',
];

function syncOf(
  { service, scaling, moves, memory, refusals, isSelf }: Findings,
  { inFlight }: DecisionContext,
): Sync {
  if (service.staleBecause !== null) return 'Unknown';
  if (refusals.length > 0 || isSelf) return 'OutOfSync';
  const underWay = scaling.kept.flatMap(({ slot }) => inFlight.get(keys.replica(service.name, slot)) ?? []);
  const isAtWork =
    moves.some(({ move }) => CHANGES.includes(move.do)) ||
    underWay.some(({ kind }) => CHANGES.includes(kind));
  if (isAtWork) return 'OutOfSync';
  const isOff = scaling.kept.some(
    ({ current }) =>
      current?.status === 'running' &&
      service.container.networks.some(
        ({ network }) => !current.endpoints.some((endpoint) => endpoint.network === network),
      ),
  );
  if (isOff) return 'OutOfSync';
  const isWhole = scaling.added.length === 0 && scaling.removed.length === 0;
  const asDeclared = scaling.kept.every(({ current, outdated, surplus }) => {
    if (current === null || outdated !== null || surplus.length > 0) return false;
    if (roleOfName(current.name) !== 'plain') return false;
    return isLive(current) ? current.status !== 'paused' : verdictOf(current, service, memory) !== null;
  });
  return isWhole && asDeclared ? 'Synced' : 'OutOfSync';
}

function splitDependencies({ dependsOn }: DesiredService): {
  required: readonly string[];
  optional: readonly string[];
} {
  return {
    required: dependsOn.filter(({ required }) => required).map(({ service }) => service),
    optional: dependsOn.filter(({ required }) => !required).map(({ service }) => service),
  };
}

/** The previous value, unless something other than the time and the revision of the looking has changed. */
function keepIfSame(previous: ServiceStatus | null, fresh: ServiceStatus): ServiceStatus {
  return previous !== null && fingerprint(previous) === fingerprint(fresh) ? previous : fresh;
}

function fingerprint(status: ServiceStatus): string {
  const instances = status.instances.map((instance) => ({ ...instance, last_seen: '' }));
  return JSON.stringify({ ...status, instances, revision: '', observed_at: '' });
}
