/**
 * How well a service does: the health word, its reason and its sentence.
 * Owns: the order in which troubles are named. Must not know: the other axes, instances.
 */
import { type DesiredService, isOneShot } from '../model/desired.js';
import { roleOfName } from '../model/names.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Health, Reason } from '../model/status.js';
import { keys } from '../model/step.js';
import { endOf } from './container-facts.js';
import type { DecisionContext } from './context.js';
import { isCrashLooping } from './crash-loop.js';
import { isPassing } from './failures.js';
import type { Waiting } from './gate.js';

import { manifestReasonOf } from './manifest-reason.js';
import type { ServiceMemory } from './memory.js';
import { explain, type Shortage } from './provide.js';
import { isProven, isReady, isUnhealthy } from './readiness.js';
import { isHeld, type SlotMove } from './replicas.js';
import { verdictOf } from './restart.js';
import type { Scaling } from './scale.js';

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

/** The health word with its reason and sentence. */
export interface Judgement {
  readonly health: Health;
  readonly reason: Reason | null;
  readonly message: string;
}

/** The judgement of a declared service; first match wins. */
export function judge(findings: Findings, context: DecisionContext): Judgement {
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
    if (stale !== null) {
      const reason = manifestReasonOf(service.name, context.desired.problems);
      return { health: settled, reason, message: stale };
    }
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
    const key = keys.replica(service.name, slot);
    for (const backoff of memory.backoffs.values()) {
      if (backoff.key === key && backoff.hash === service.hash && !isPassing(backoff))
        return withOwner(explain(backoff.kind, backoff), findings, context);
    }
  }
  const current = scaling.kept.flatMap((view) => (view.current === null ? [] : [view.current]));
  const looping = current.find(({ id }) => isCrashLooping(id, memory, context.now));
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
function settledHealth(findings: Findings, context: DecisionContext): Health | null {
  const { service, scaling, memory } = findings;
  const { now } = context;
  if (scaling.added.length > 0 || scaling.removed.length > 0) return null;
  if (service.replicas === 0) return 'Suspended';
  const views = scaling.kept;
  const isPlain = views.every(
    ({ current, outdated }) => current !== null && outdated === null && roleOfName(current.name) === 'plain',
  );
  if (!isPlain) return null;
  const current = views.flatMap((view) => (view.current === null ? [] : [view.current]));
  if (current.every((container) => verdictOf(container, service, memory) === 'completed')) return 'Completed';
  if (isRunningToItsEnd(service, context)) return null;
  const isUp = (container: ObservedContainer): boolean =>
    isReady(container) || isProven(container, service, now);
  return current.every(
    (container) => isUp(container) || verdictOf(container, service, memory) === 'completed',
  )
    ? 'Healthy'
    : null;
}

/** Its end is its result: somebody waits for it, or nothing restarts it and nothing checks its health. */
function isRunningToItsEnd(service: DesiredService, { desired, topology }: DecisionContext): boolean {
  if (!isOneShot(service)) return false;
  const isAwaited = (topology.dependants.get(service.name) ?? []).some((name) =>
    desired.services
      .get(name)
      ?.dependsOn.some(
        (dependency) =>
          dependency.service === service.name && dependency.condition === 'service_completed_successfully',
      ),
  );
  return isAwaited || (service.container.restart.name === 'no' && service.container.healthcheck === null);
}

function progressMessage({ service, scaling, moves, shortage }: Findings): string {
  if (shortage !== null) return shortage.message;
  const waiting = moves.find(({ move }) => move.do === 'wait');
  if (waiting !== undefined) return waiting.move.why;
  if (scaling.removed.length > 0) return `gives up replicas beyond the declared ${service.replicas}`;
  if (scaling.kept.some(({ outdated }) => outdated !== null)) return 'replaces containers of another spec';
  const current = scaling.kept.flatMap((view) => (view.current === null ? [] : [view.current]));
  const running = current.filter(({ status }) => status === 'running');
  if (running.length < service.replicas)
    return `brings up its replicas (${running.length}/${service.replicas} running)`;
  if (isOneShot(service)) return 'runs to its end';
  return `waits for its health check (${running.filter(isReady).length}/${service.replicas} healthy)`;
}
