/**
 * How well a service does: the health word, its reason and its sentence.
 * Owns: the order in which troubles are named. Must not know: the other axes, instances.
 */
import { type DesiredService, isOneShot } from '../model/desired.js';
import { replicaLabel, roleOfName } from '../model/names.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Health } from '../model/status.js';
import type { DecisionContext } from './context.js';
import { manifestReasonOf } from './manifest-reason.js';
import { verdictOf } from './one-shot.js';
import { isReady } from './readiness.js';
import { isRunningToItsEnd } from './runs-to-end.js';
import { occupantOf } from './scale.js';
import { currentOf, type Findings, type Judgement } from './status-findings.js';
import { troubleIn } from './status-trouble.js';
import { stuckAmong } from './stuck.js';

/** The judgement of a declared service; first match wins. */
export function judge(findings: Findings, context: DecisionContext): Judgement {
  const { service, waiting, shortage } = findings;
  if (service.maintenance)
    return { health: 'Suspended', reason: 'Maintenance', message: 'hands off: maintenance is true' };
  const bad = troubleIn(findings, context);
  if (bad !== null) return bad;
  if (shortage !== null && shortage.reason !== null)
    return { health: 'Degraded', reason: shortage.reason, message: shortage.message };
  const settled = settledHealth(findings, context);
  if (settled !== null) return { health: settled, ...remarkOn(findings, context) };
  const blocked = waiting[0];
  if (blocked !== undefined) {
    const isNothingThere = findings.scaling.kept.length === 0;
    return {
      health: isNothingThere ? 'Missing' : 'Progressing',
      reason: blocked.reason,
      message: waiting.map(({ message }) => message).join('; '),
    };
  }
  const left = findings.moves.find(({ move }) => move.do === 'leave');
  if (left !== undefined)
    return { health: 'Suspended', reason: 'Stopped', message: `${left.move.why}: start it by hand` };
  return { health: 'Progressing', ...remarkOn(findings, context, progressMessage(findings)) };
}

/** What is to be said although nothing is wrong with the replicas: a manifest in error, a refusal, a stuck container. */
function remarkOn(
  { service, containers, refusals, isSelf }: Findings,
  { desired }: DecisionContext,
  otherwise = '',
): Pick<Judgement, 'reason' | 'message'> {
  if (service.staleBecause !== null) {
    const reason = manifestReasonOf(service.name, desired.problems);
    return { reason, message: `the last good version runs on: ${service.staleBecause}` };
  }
  const [refusal] = refusals;
  if (refusal !== undefined) return refusal;
  if (isSelf)
    return {
      reason: 'SelfManaged',
      message: 'this is the container of the controller itself, which it never touches: replace it by hand',
    };
  const [stuck] = stuckAmong(containers);
  if (stuck === undefined || otherwise !== '') return { reason: null, message: otherwise };
  const message = `container ${stuck.name} is stuck and was put aside: Docker could not end it; restart Docker to be rid of it`;
  return { reason: null, message };
}

/** The health word when all is as declared; null while it is not. */
function settledHealth(findings: Findings, context: DecisionContext): Health | null {
  const { service, scaling, memory } = findings;
  if (scaling.added.length > 0 || scaling.removed.length > 0) return null;
  if (service.replicas === 0) return 'Suspended';
  const isPlain = scaling.kept.every(
    ({ current, outdated }) => current !== null && outdated === null && roleOfName(current.name) === 'plain',
  );
  if (!isPlain) return null;
  const current = currentOf(findings);
  if (current.every((container) => verdictOf(container, service, memory) === 'completed')) return 'Completed';
  if (isRunningToItsEnd(service, context)) return null;
  return current.every(
    (container) => isReady(container) || verdictOf(container, service, memory) === 'completed',
  )
    ? 'Healthy'
    : null;
}

/** A start that failed before this process has tried it: Docker still knows why, until the next start. */
function failedStartAmong(current: readonly ObservedContainer[], { name }: DesiredService): string {
  const failed = current.find(({ error }) => error !== '');
  if (failed === undefined) return '';
  return `; the last start of ${replicaLabel(name, failed.owned.slot)} failed: ${failed.error}`;
}

function progressMessage(findings: Findings): string {
  const { service, scaling, moves, shortage } = findings;
  if (shortage !== null) return shortage.message;
  const waiting = moves.find(({ move }) => move.do === 'wait');
  if (waiting !== undefined) return waiting.move.why;
  if (scaling.removed.some((slot) => occupantOf(slot) !== null))
    return `gives up replicas beyond the declared ${service.replicas}`;
  if (scaling.kept.some(({ outdated }) => outdated !== null)) return 'replaces containers of another spec';
  const current = currentOf(findings);
  const running = current.filter(({ status }) => status === 'running');
  if (running.length < service.replicas)
    return `brings up its replicas (${running.length}/${service.replicas} running)${failedStartAmong(current, service)}`;
  if (scaling.removed.length > 0) return 'removes what is left of earlier containers';
  if (isOneShot(service)) return 'runs to its end';
  const probed = running.find((container) => !isReady(container) && container.probed?.message)?.probed;
  const said = probed === undefined || probed === null ? '' : `: ${probed.message}`;
  return `waits for its health check (${running.filter(isReady).length}/${service.replicas} healthy)${said}`;
}
