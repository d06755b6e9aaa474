/**
 * Restart, pull and update policies.
 * Owns: their words. Must not know: when they are applied.
 */
import type { PullPolicy, RestartPolicy, UpdatePolicy } from '../model/desired.js';
import { parseDuration } from './durations.js';
import type { ServiceSpec, UpdateConfig } from './generated/manifest-types.js';
import { readDuration } from './healthcheck.js';
import type { Scope } from './scope.js';
import { quote } from './validate.js';

/** What is declared by `restart` or by its other name; null when nothing is. */
export function resolveRestart(scope: Scope, spec: ServiceSpec): RestartPolicy | null {
  const { restart, restart_policy: other } = spec;
  if (restart !== undefined && other !== undefined && restart !== other)
    scope.error(
      ['spec', 'restart_policy'],
      'BAD_VALUE',
      'says another thing than restart — keep one of them',
    );
  const text = restart ?? other;
  if (text === undefined) return null;
  if (text.startsWith('on-failure'))
    return { name: 'on-failure', maximumRetryCount: Number(text.split(':')[1] ?? 0) };
  if (text === 'no' || text === 'always' || text === 'unless-stopped')
    return { name: text, maximumRetryCount: 0 };
  scope.error(['spec', 'restart'], 'BAD_VALUE', `not a restart policy: ${quote(text)}`);
  return null;
}

const DAY_MS = 86_400_000;

/** When the image is fetched; `missing` unless said otherwise. */
export function resolvePullPolicy(scope: Scope, text: string | undefined): PullPolicy {
  const path = ['spec', 'pull_policy'];
  switch (text) {
    case undefined:
    case 'missing':
    case 'if_not_present':
      return { kind: 'missing' };
    case 'always':
    case 'never':
      return { kind: text };
    case 'daily':
      return { kind: 'every', periodMs: DAY_MS };
    case 'weekly':
      return { kind: 'every', periodMs: 7 * DAY_MS };
    case 'build':
      scope.error(
        path,
        'UNSUPPORTED',
        '"build" is not supported by this version yet — build the image, then name it',
      );
      return { kind: 'missing' };
    default: {
      const periodMs = parseDuration(text.slice('every_'.length)) ?? 0;
      if (periodMs === 0)
        scope.error(path, 'BAD_VALUE', `not a period: ${quote(text)} — such as "every_12h"`);
      return { kind: 'every', periodMs };
    }
  }
}

/** `deploy.update_config` with Compose's defaults, but for `failure_action`, which rolls back. */
export function resolveUpdatePolicy(scope: Scope, config: UpdateConfig | undefined): UpdatePolicy {
  const duration = (field: 'delay' | 'monitor', standardMs: number): number => {
    const text = config?.[field];
    return text === undefined
      ? standardMs
      : readDuration(scope, ['spec', 'deploy', 'update_config', field], text);
  };
  return {
    parallelism: config?.parallelism ?? 1,
    delayMs: duration('delay', 0),
    monitorMs: duration('monitor', 5000),
    maxFailureRatio: config?.max_failure_ratio ?? 0,
    failureAction: config?.failure_action ?? 'rollback',
    order: config?.order ?? null,
  };
}
