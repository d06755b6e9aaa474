/**
 * What the results of probes come to: the history of one probe, and the verdict of all probes of a container together.
 * Owns: thresholds, the start period, the sentences. Must not know: how a probe is made, when.
 */

import { type ContainerId, containerId } from '../model/ids.js';
import type { ObservedContainer, Probed } from '../model/observed.js';
import type { Probe } from '../model/probe.js';
import type { ProbeResult } from '../model/probe-result.js';
import { parentOf } from './wanted.js';

/** What is known of one probe since its container's start. */
export interface ProbeHistory {
  readonly verdict: 'unknown' | 'healthy' | 'unhealthy';
  /** Results in a row, up to the latest. */
  readonly successes: number;
  readonly failures: number;
  /** Attempts in a row that could not be made. */
  readonly missed: number;
  /** The latest failure since it last held; null: none. */
  readonly failure: string | null;
  /** Why the latest attempt could not be made; null: it could. */
  readonly missing: string | null;
}

/** Before the first result. */
export const NO_HISTORY: ProbeHistory = {
  verdict: 'unknown',
  successes: 0,
  failures: 0,
  missed: 0,
  failure: null,
  missing: null,
};

/** One probe and what is known of it. */
export interface ProbeRecord {
  readonly probe: Probe;
  readonly history: ProbeHistory;
}

/**
 * The history with one more result, `upForMs` after the start of the run. An attempt that could not be made says nothing;
 * after `retries` of them in a row what was known before says nothing any more either: a service that nobody can reach is
 * not called healthy.
 */
export function afterResult(
  { probe, history }: ProbeRecord,
  result: ProbeResult,
  { upForMs }: { readonly upForMs: number },
): ProbeHistory {
  switch (result.kind) {
    case 'success': {
      const successes = history.successes + 1;
      const verdict = successes >= probe.successes ? 'healthy' : history.verdict;
      return { ...NO_HISTORY, verdict, successes, failure: verdict === 'healthy' ? null : history.failure };
    }
    case 'failure': {
      // The start period excuses a failure, but what failed was no success in a row either.
      const isExcused = upForMs < probe.startPeriodMs;
      const failures = isExcused ? history.failures : history.failures + 1;
      const verdict = failures >= probe.retries ? 'unhealthy' : history.verdict;
      return { ...NO_HISTORY, verdict, failures, failure: result.message };
    }
    case 'notRun': {
      const missed = history.missed + 1;
      const known = missed >= probe.retries ? NO_HISTORY : history;
      return { ...known, missed, missing: result.message };
    }
  }
}

/**
 * What all probes of a container come to together: every one must hold, none is guessed. Null: nothing yet.
 * `illWord` is what was said of the instance elsewhere and counts like a failed probe; null: nothing bad.
 */
export function probedOf(probes: readonly ProbeRecord[], illWord: string | null): Probed | null {
  if (illWord !== null) return { status: 'unhealthy', message: illWord, unreachable: null };
  const failed = probes.find(({ history }) => history.verdict === 'unhealthy');
  if (failed !== undefined)
    return { status: 'unhealthy', message: sentenceOf(failed, failed.probe.retries), unreachable: null };
  if (probes.every(({ history }) => history === NO_HISTORY)) return null;
  const open = probes.filter(({ history }) => history.verdict === 'unknown');
  const [first] = open;
  if (first === undefined) return { status: 'healthy', message: '', unreachable: null };
  const missing = open.find(({ history }) => history.missing !== null);
  const unreachable =
    missing === undefined ? null : `${titleOf(missing.probe)} ${missing.history.missing ?? ''}`;
  return { status: 'starting', message: unreachable ?? sentenceOf(first, 1), unreachable };
}

/** The probe as people name it, without anything of it that may be a secret: `http :9000/health`, `exec pg_isready`. */
function titleOf({ action }: Probe): string {
  switch (action.kind) {
    case 'http':
      return `http :${action.port}${action.path.split('?')[0] ?? ''}`;
    case 'tcp':
      return `tcp :${action.port}`;
    case 'exec':
      return `exec ${action.command[0] ?? ''}`;
    case 'mqtt':
      return `mqtt ${action.topic}`;
  }
}

/** The same words for as long as the same is wrong, however often it is seen: they are published. */
function sentenceOf({ probe, history }: ProbeRecord, times: number): string {
  const title = titleOf(probe);
  if (history.failure === null)
    return `${title} has ${history.successes === 0 ? 'no result' : 'not held often enough'} yet`;
  return times > 1 ? `${title} ${history.failure}, ${times} times in a row` : `${title} ${history.failure}`;
}

/** Where a probe goes, or why there is nowhere to go. */
export type Target =
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'nowhere'; readonly message: string };

/** The address of a container: its own first one, that of the host, or that of the container whose network it shares in the end. */
export function targetOf(
  container: ObservedContainer,
  find: (id: ContainerId) => ObservedContainer | null,
): Target {
  let owner = container;
  // Docker lets a container share what another one shares; nothing can be in a ring, but a wrong answer may say so.
  for (const seen = new Set<ContainerId>(); !seen.has(owner.id); ) {
    seen.add(owner.id);
    const shared = parentOf(owner);
    if (shared === null) return ownTarget(owner);
    const other = find(containerId(shared));
    if (other === null) break;
    owner = other;
  }
  return { kind: 'nowhere', message: 'cannot be made: the container whose network it shares is not known' };
}

function ownTarget({ networkMode, endpoints }: ObservedContainer): Target {
  if (networkMode === 'host') return { kind: 'host', host: '127.0.0.1' };
  const host = endpoints.map(({ ipAddress }) => ipAddress).find((address) => address !== '');
  if (host !== undefined) return { kind: 'host', host };
  return { kind: 'nowhere', message: 'cannot be made: the container has no address on any network' };
}
