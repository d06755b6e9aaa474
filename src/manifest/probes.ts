/**
 * Checks that the controller makes itself.
 * Owns: their four kinds, their times. Must not know: how they are made.
 */
import type { Probe, ProbeAction } from '../model/probe.js';
import { parseDuration } from './durations.js';
import type { ExecProbe, ProbeSpec, ServiceSpec } from './generated/manifest-types.js';
import { readDuration } from './healthcheck.js';
import type { Scope } from './scope.js';
import { splitShellWords } from './shell-words.js';
import type { Path } from './tree.js';

const KINDS = ['http', 'tcp', 'mqtt', 'exec'] as const;

/** All probes of a service, in the order of the manifest. */
export function resolveProbes(scope: Scope, spec: ServiceSpec, service: string): readonly Probe[] {
  return (spec.probes ?? []).flatMap((probe, index) => {
    const path = ['spec', 'probes', index];
    const given = KINDS.filter((kind) => probe[kind] !== undefined);
    if (given.length === 1) return [resolveProbe(scope, path, { probe, service })];
    if (given.length === 0) scope.error(path, 'MISSING_FIELD', `missing one of ${KINDS.join(', ')}`);
    else {
      const text = `${given.join(' and ')} in one probe — write a probe for each; all of them must hold`;
      scope.error(path, 'BAD_VALUE', text);
    }
    return [];
  });
}

interface ProbeSource {
  readonly probe: ProbeSpec;
  readonly service: string;
}

function resolveProbe(scope: Scope, path: Path, from: ProbeSource): Probe {
  const { probe } = from;
  const periodMs = readWait(scope, [...path, 'period'], probe.period) ?? 10_000;
  return {
    action: resolveAction(scope, path, { ...from, periodMs }),
    periodMs,
    timeoutMs: readWait(scope, [...path, 'timeout'], probe.timeout) ?? 1000,
    retries: probe.retries ?? 3,
    successes: probe.successes ?? 1,
    startPeriodMs:
      probe.start_period === undefined
        ? 0
        : readDuration(scope, [...path, 'start_period'], probe.start_period),
  };
}

function resolveAction(
  scope: Scope,
  path: Path,
  from: ProbeSource & { readonly periodMs: number },
): ProbeAction {
  const { http, tcp, mqtt, exec } = from.probe;
  if (http !== undefined) return { kind: 'http', port: http.port, path: http.path ?? '/' };
  if (tcp !== undefined) return { kind: 'tcp', port: tcp.port };
  if (exec !== undefined) return { kind: 'exec', command: resolveProgram(scope, [...path, 'exec'], exec) };
  return {
    kind: 'mqtt',
    topic: mqtt?.topic ?? `alicia/system/health/${from.service}`,
    request: mqtt?.request ?? null,
    maxAgeMs: readWait(scope, [...path, 'mqtt', 'max_age'], mqtt?.max_age) ?? 3 * from.periodMs,
    payload: mqtt?.payload ?? null,
  };
}

function resolveProgram(scope: Scope, path: Path, exec: ExecProbe): readonly string[] {
  const given = typeof exec === 'string' || Array.isArray(exec) ? exec : exec.command;
  const words = typeof given === 'string' ? splitShellWords(given) : given;
  if (words === null)
    scope.error(path, 'BAD_VALUE', 'a quote is not closed — close it, or write a list of words');
  else if ((words[0] ?? '') === '')
    scope.error(path, 'BAD_VALUE', 'names no program — write one such as [redis-cli, ping]');
  return words ?? [];
}

/** A duration in ms that must not be 0; null when none is given. */
function readWait(scope: Scope, path: Path, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (parseDuration(text) === 0) scope.error(path, 'BAD_VALUE', 'must be longer than 0');
  return readDuration(scope, path, text);
}
