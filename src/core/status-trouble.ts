/**
 * What is wrong with a service's replicas, as reason and sentence with the next try.
 * Owns: the order in which troubles are named. Must not know: what is said when nothing is wrong.
 */

import { type HostPort, mayTake } from '../model/host-ports.js';
import { replicaLabel, roleOfName } from '../model/names.js';
import type { ObservedContainer } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { Reason } from '../model/status.js';
import { keys } from '../model/step.js';
import { endOf } from './container-facts.js';
import type { DecisionContext } from './context.js';
import { isCrashLooping } from './crash-loop.js';
import { isPassing } from './failures.js';
import { verdictOf } from './one-shot.js';
import { explain } from './provide.js';
import { isConvicting, isReady, isUnhealthy, readyDeadlineMs, waitedForMs } from './readiness.js';
import { isGivenUp, restartDelayMs } from './sickness.js';
import { currentOf, type Findings, type Judgement } from './status-findings.js';

/** Finds one kind of trouble; null: there is none of it. */
type Trouble = (findings: Findings, context: DecisionContext) => Judgement | null;

/** The weightiest trouble; null: nothing is wrong. First match wins. */
export function troubleIn(findings: Findings, context: DecisionContext): Judgement | null {
  for (const trouble of TROUBLES) {
    const found = trouble(findings, context);
    if (found !== null) return found;
  }
  return null;
}

const degraded = (reason: Reason, message: string): Judgement => ({
  health: 'Degraded',
  reason,
  message,
});

const rolledBack: Trouble = (findings) => {
  const { verdict, scaling, service, memory } = findings;
  if (!verdict.held) return null;
  const evidence = currentOf(findings).find(({ name }) => roleOfName(name) === 'failed');
  const shown =
    evidence === undefined
      ? ''
      : ` (${memory.verdicts.get(evidence.id) ?? (evidence.error || endOf(evidence))}); see \`docker logs ${evidence.name}\``;
  const stays = scaling.kept.some(({ outdated }) => outdated !== null)
    ? 'the old one stays until the manifest or the image changes, or that container is removed'
    : `nothing is left of the old one: ${service.name} is started again`;
  return degraded('RolledBack', `the declared spec did not become ready${shown}; ${stays}`);
};

const paused: Trouble = ({ verdict }) =>
  verdict.pausedBecause === null
    ? null
    : degraded(
        'ProgressDeadlineExceeded',
        `the update is paused (failure_action: pause): ${verdict.pausedBecause}; it goes on with the next edit`,
      );

const failedStep: Trouble = (findings, context) => {
  const { service, scaling, memory } = findings;
  const { kept, added, removed } = scaling;
  for (const slot of [...[...kept, ...removed].map((view) => view.slot), ...added]) {
    const key = keys.replica(service.name, slot);
    for (const backoff of memory.backoffs.values()) {
      if (backoff.key !== key || backoff.hash !== service.hash || isPassing(backoff)) continue;
      const { reason, message } = explain(backoff.kind, backoff);
      return degraded(reason, withOwner({ reason, message }, findings, context));
    }
  }
  return null;
};

const crashLoop: Trouble = (findings, { now }) => {
  const looping = currentOf(findings).find(({ id }) => isCrashLooping(id, findings.memory, now));
  if (looping === undefined) return null;
  const next =
    looping.status === 'restarting'
      ? `Docker tries again in about ${dockersPauseS(looping)} s`
      : 'it runs again, and counts as well after ten minutes without a crash';
  const end = findings.memory.crashes.get(looping.id)?.lastEnd || 'exited';
  return degraded('CrashLoopBackOff', `crash loop: ${end} ${looping.restartCount} times; ${next}`);
};

/** Docker: 100 ms·2ⁿ up to a minute, from the beginning after a run of ten seconds. */
function dockersPauseS({ restartCount, startedAt, finishedAt }: ObservedContainer): number {
  const ranMs = (finishedAt ?? 0) - (startedAt ?? 0);
  const pauseMs = ranMs >= 10_000 ? 100 : Math.min(60_000, 100 * 2 ** Math.min(restartCount, 16));
  return Math.max(1, Math.round(pauseMs / 1000));
}

const endedBadly: Trouble = (findings) => {
  const { service, memory } = findings;
  const ended = currentOf(findings).find((container) => verdictOf(container, service, memory) === 'failed');
  if (ended === undefined) return null;
  const message = `it ended with an error: ${endOf(ended)}; see \`docker logs ${ended.name}\`; remove the container to run it again`;
  return degraded('StartFailed', message);
};

const dead: Trouble = (findings) => {
  const found = currentOf(findings).find(({ status }) => status === 'dead');
  return found === undefined
    ? null
    : degraded('StartFailed', `container ${found.name} is dead: Docker could not remove it`);
};

const unhealthy: Trouble = (findings) => {
  const { memory, service } = findings;
  const sick = currentOf(findings).find(isUnhealthy);
  if (sick === undefined) return null;
  const sickness = memory.sicknesses.get(sick.id);
  const next =
    sickness === undefined
      ? ''
      : isGivenUp(sickness, service)
        ? `; given up after ${sickness.restarts} restarts (max_attempts): start it by hand, or change its manifest`
        : `; it is restarted after ${Math.round(restartDelayMs(sick.id, sickness.restarts) / 1000)} s of that`;
  return degraded('Unhealthy', `${symptomOf(sick)}${next}`);
};

function symptomOf({ health, probed }: ObservedContainer): string {
  if (probed !== null && !isConvicting(health)) return probed.message;
  const output = health.lastOutput === '' ? '' : `: ${health.lastOutput.trim()}`;
  return `its health check failed ${health.failingStreak} times in a row${output}`;
}

const goesOnWithout: Trouble = ({ verdict, service }) => {
  const [first] = verdict.tolerated;
  if (first === undefined) return null;
  const [slot, why] = first;
  return degraded(
    'ProgressDeadlineExceeded',
    `the update went on without ${replicaLabel(service.name, slot)}: ${why}; its old container stays until that one is well or the manifest changes`,
  );
};

const probeUnreachable: Trouble = (findings) => {
  const [message] = currentOf(findings).flatMap(({ status, probed }) =>
    status === 'running' ? (probed?.unreachable ?? []) : [],
  );
  return message === undefined ? null : { health: 'Unknown', reason: 'ProbeUnreachable', message };
};

const tooLate: Trouble = (findings, { now }) => {
  const { service, memory } = findings;
  const late = currentOf(findings).find(
    (container) =>
      container.status === 'running' &&
      !isReady(container) &&
      waitedForMs(container, { memory, now }) > readyDeadlineMs(container, service),
  );
  if (late === undefined) return null;
  const seconds = Math.round(readyDeadlineMs(late, service) / 1000);
  const label = replicaLabel(service.name, late.owned.slot);
  return degraded(
    'ProgressDeadlineExceeded',
    `${label} is not ready ${seconds} s after its start; it is waited for`,
  );
};

const silent: Trouble = ({ containers }) => {
  const found = containers.find(({ isSilent }) => isSilent);
  if (found === undefined) return null;
  const message = `Docker gives no answer about container ${found.name}; it is asked again and again`;
  return { health: 'Unknown', reason: null, message };
};

const TROUBLES: readonly Trouble[] = [
  silent,
  rolledBack,
  paused,
  failedStep,
  crashLoop,
  endedBadly,
  dead,
  unhealthy,
  probeUnreachable,
  goesOnWithout,
  tooLate,
];

/** Says who holds the name or the port, where a container does. */
function withOwner(
  { reason, message }: { readonly reason: Reason; readonly message: string },
  findings: Findings,
  context: DecisionContext,
): string {
  if (reason === 'PortConflict') {
    const owner = portOwner(findings, context);
    const holder = owner === null ? 'a process on this host' : `container ${owner}`;
    return `a port is taken by ${holder}: ${message}`;
  }
  if (reason !== 'NameConflict') return message;
  const taken = firstNameOf(
    [...context.observed.others.values()].filter(
      ({ name }) => message.includes(`"/${name}"`) || message.includes(`"${name}"`),
    ),
  );
  return taken === null
    ? message
    : `its name is taken by container ${taken}, which is not ours: rename it with \`docker rename\`, or remove it (${message})`;
}

/** The same one in every process, whatever the order in which the engine lists them. */
const firstNameOf = (containers: readonly { readonly name: string }[]): string | null =>
  containers.map(({ name }) => name).sort(compareText)[0] ?? null;

function portOwner({ service }: Findings, { observed }: DecisionContext): string | null {
  const { ports } = service.container;
  const holds = ({ hostPorts }: { readonly hostPorts: readonly HostPort[] }): boolean =>
    hostPorts.some((held) => ports.some((port) => mayTake(port, held)));
  const theirs = [...observed.others.values()].filter((other) => other.running && holds(other));
  const ours = [...observed.services.values()]
    .flat()
    .filter((container) => container.owned.service !== service.name && holds(container));
  return firstNameOf(theirs) ?? firstNameOf(ours);
}
