/**
 * The status of a service: three axes, never merged, each with word, reason and sentence.
 * Owns: how the axes follow from containers, moves and failures. Must not know: how it is shown.
 */
import type { DesiredService } from '../model/desired.js';
import type { ServiceName } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import { isoTime } from '../model/now.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import type { Health, Reason, ServiceStatus, State, Sync } from '../model/status.js';
import { STATES } from '../model/status.js';
import { keys } from '../model/step.js';
import { conditionsOf } from './conditions.js';
import { endOf } from './container-facts.js';
import type { DecisionContext } from './context.js';
import type { Waiting } from './gate.js';
import { type InstanceContext, instanceStatus, isCrashLooping, versionOf } from './instance-status.js';
import { backoffKey, type ServiceMemory } from './memory.js';
import type { Shortage } from './provide.js';
import { explain } from './provide.js';
import { isProven, isReady, isUnhealthy } from './readiness.js';
import { isHeld, type SlotMove } from './replicas.js';
import { verdictOf } from './restart.js';
import type { Scaling } from './scale.js';
import { hasWantedSpec } from './slots.js';

/** What the decision found out about a declared service. */
export interface Findings {
  readonly service: DesiredService;
  readonly containers: readonly ObservedContainer[];
  readonly scaling: Scaling;
  readonly moves: readonly SlotMove[];
  readonly waiting: readonly Waiting[];
  readonly shortage: Shortage | null;
  readonly memory: ServiceMemory;
}

/** The two axes beside the state, and the sentence. */
interface Judgement {
  readonly health: Health;
  readonly reason: Reason | null;
  readonly message: string;
}

/** The status of a declared service. Keeps the previous value when nothing but the time of looking is new. */
export function statusOf(findings: Findings, context: DecisionContext): ServiceStatus {
  const { service, containers, memory } = findings;
  const replicas = shownReplicas(containers);
  const instances = replicas.map((container) =>
    instanceStatus(container, instanceContext(container, findings, context)),
  );
  const judgement = judge(findings, context);
  const sync = syncOf(findings);
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
    state: service.maintenance
      ? ('maintenance' as const)
      : stateOf(
          instances.map(({ state }) => state),
          judgement,
          findings,
        ),
    sync,
    ...judgement,
    revision: context.desired.revision,
    hash: service.hash,
    replicas: {
      desired: service.replicas,
      current: replicas.length,
      updated: replicas.filter((container) => hasWantedSpec(container, service)).length,
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
  options: { reason: Reason | null; message: string; sync: Sync; memory: ServiceMemory },
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
      hasFailedStart: false,
      now: context.now,
    }),
  );
  const ready = replicas.filter((container) => isReady(container)).length;
  const health: Health =
    replicas.length === 0 ? 'Missing' : ready === replicas.length ? 'Healthy' : 'Unknown';
  const owned = replicas[0]?.owned ?? null;
  return keepIfSame(memory.status, {
    service: name,
    project: context.settings.project,
    instance: context.settings.instance,
    stack: owned?.stack ?? null,
    category: 'core',
    description: '',
    priority: 1,
    state: STATES.find((state) => instances.some((instance) => instance.state === state)) ?? 'stopped',
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
    hasFailedStart:
      findings.memory.backoffs.get(backoffKey(key, 'startContainer'))?.hash === findings.service.hash,
    now: context.now,
  };
}

function stateOf(states: readonly State[], { health }: Judgement, { containers }: Findings): State {
  const worst = STATES.find((state) => states.includes(state));
  if (containers.length === 0 && health === 'Progressing') return 'starting';
  if (health === 'Degraded' && (worst === undefined || worst === 'stopped' || worst === 'starting'))
    return 'failed';
  return worst ?? 'stopped';
}

function syncOf({ service, scaling, memory }: Findings): Sync {
  if (service.staleBecause !== null) return 'Unknown';
  const isWhole = scaling.added.length === 0 && scaling.removed.length === 0;
  const asDeclared = scaling.kept.every(({ current, outdated, surplus }) => {
    if (current === null || outdated !== null || surplus.length > 0) return false;
    if (roleOfName(current.name) !== 'plain') return false;
    return isLive(current) ? current.status !== 'paused' : verdictOf(current, service, memory) !== null;
  });
  return isWhole && asDeclared ? 'Synced' : 'OutOfSync';
}

/** First match wins. */
function judge(findings: Findings, context: DecisionContext): Judgement {
  const { service, scaling, waiting, shortage } = findings;
  if (service.maintenance)
    return { health: 'Suspended', reason: 'Maintenance', message: 'hands off: maintenance is true' };
  const bad = failureIn(findings, context);
  if (bad !== null) return { health: 'Degraded', ...bad };
  if (shortage !== null && shortage.reason !== null) {
    return { health: 'Degraded', reason: shortage.reason, message: shortage.message };
  }
  const stale =
    service.staleBecause === null ? null : `the last good version runs on: ${service.staleBecause}`;
  const settled = settledHealth(findings, context);
  if (settled !== null) {
    if (stale !== null) return { health: settled, reason: 'InvalidManifest', message: stale };
    return { health: settled, reason: null, message: '' };
  }
  const blocked = waiting[0];
  if (blocked !== undefined && isHeldUp(findings)) {
    const isNothingThere = scaling.kept.length === 0;
    return {
      health: isNothingThere ? 'Missing' : 'Progressing',
      reason: blocked.reason,
      message: waiting.map(({ message }) => message).join('; '),
    };
  }
  const left = findings.moves.find(({ move }) => move.do === 'leave');
  if (left !== undefined)
    return { health: 'Suspended', reason: 'Stopped', message: `${left.move.why}: start it by hand` };
  return { health: 'Progressing', reason: null, message: progressMessage(findings) };
}

/** Whether a dependency really is what keeps a replica from being made or started. */
const isHeldUp = ({ moves }: Findings): boolean =>
  moves.some(({ move }) => move.do === 'wait' && move.because === 'dependency');

/** What is wrong with a replica or with the last step on it; null: nothing. */
function failureIn(findings: Findings, context: DecisionContext): { reason: Reason; message: string } | null {
  const { service, scaling, memory } = findings;
  if (isHeld(scaling)) {
    const evidence = scaling.kept
      .map(({ current }) => current)
      .find((current) => current !== null && roleOfName(current.name) === 'failed');
    const why =
      evidence === undefined || evidence === null
        ? ''
        : ` (${evidence.error || endOf(evidence)}); see \`docker logs ${evidence.name}\``;
    return {
      reason: 'RolledBack',
      message: `the declared spec did not become ready${why}; the old one stays until the manifest changes`,
    };
  }
  for (const { slot } of [...scaling.kept, ...scaling.added.map((slot) => ({ slot }))]) {
    const prefix = `${keys.replica(service.name, slot)} `;
    for (const [key, backoff] of memory.backoffs) {
      if (
        key.startsWith(prefix) &&
        backoff.hash === service.hash &&
        backoff.failure.code !== 'unknownOutcome'
      ) {
        return withOwner(explain(backoff.kind, backoff), findings, context);
      }
    }
  }
  const current = scaling.kept.flatMap((view) => (view.current === null ? [] : [view.current]));
  const looping = current.find(isCrashLooping);
  if (looping !== undefined) {
    const message = `crash loop: ${endOf(looping)} ${looping.restartCount} times; Docker tries again`;
    return { reason: 'CrashLoopBackOff', message };
  }
  const ended = current.find((container) => verdictOf(container, service, memory) === 'failed');
  if (ended !== undefined)
    return {
      reason: 'StartFailed',
      message: `it ended with an error: ${endOf(ended)}; see \`docker logs ${ended.name}\``,
    };
  const sick = current.find(isUnhealthy);
  if (sick === undefined) return null;
  const output = sick.health.lastOutput === '' ? '' : `: ${sick.health.lastOutput.trim()}`;
  return {
    reason: 'Unhealthy',
    message: `its health check failed ${sick.health.failingStreak} times in a row${output}`,
  };
}

/** Says who holds the name or the port, where a container does. */
function withOwner(
  explained: { reason: Reason; message: string },
  { service }: Findings,
  { observed }: DecisionContext,
): { reason: Reason; message: string } {
  if (explained.reason !== 'PortConflict') return explained;
  const isWanted = (port: number): boolean =>
    service.container.ports.some(
      ({ hostPorts }) => hostPorts !== null && hostPorts.first <= port && port <= hostPorts.last,
    );
  const theirs = [...observed.others.values()].find(
    ({ running, hostPorts }) => running && hostPorts.some(({ port }) => isWanted(port)),
  );
  const ours = [...observed.services.values()]
    .flat()
    .find(({ owned, ports }) => owned.service !== service.name && Object.values(ports).some(isWanted));
  const owner = theirs?.name ?? ours?.name;
  const holder = owner === undefined ? 'a process on this host' : `container ${owner}`;
  return { reason: explained.reason, message: `a port is taken by ${holder}: ${explained.message}` };
}

/** The health word when all is as declared; null while it is not. */
function settledHealth({ service, scaling, memory }: Findings, { now }: DecisionContext): Health | null {
  if (scaling.added.length > 0 || scaling.removed.length > 0) return null;
  if (service.replicas === 0) return 'Suspended';
  const views = scaling.kept;
  const isPlain = views.every(
    ({ current, outdated }) => current !== null && outdated === null && roleOfName(current.name) === 'plain',
  );
  if (!isPlain) return null;
  const current = views.flatMap((view) => (view.current === null ? [] : [view.current]));
  if (current.every((container) => verdictOf(container, service, memory) === 'completed')) return 'Completed';
  const isUp = (container: ObservedContainer): boolean =>
    isReady(container) || isProven(container, service, now);
  return current.every(
    (container) => isUp(container) || verdictOf(container, service, memory) === 'completed',
  )
    ? 'Healthy'
    : null;
}

function progressMessage({ moves, shortage }: Findings): string {
  if (shortage !== null) return shortage.message;
  const waiting = moves.find(({ move }) => move.do === 'wait');
  return waiting === undefined ? 'is being brought to the declared state' : waiting.move.why;
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

/** The previous value, unless something other than the time of looking has changed. */
function keepIfSame(previous: ServiceStatus | null, fresh: ServiceStatus): ServiceStatus {
  return previous !== null && fingerprint(previous) === fingerprint(fresh) ? previous : fresh;
}

function fingerprint(status: ServiceStatus): string {
  const instances = status.instances.map((instance) => ({ ...instance, last_seen: '' }));
  return JSON.stringify({ ...status, instances, observed_at: '' });
}
