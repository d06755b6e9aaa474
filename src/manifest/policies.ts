/**
 * Restart, pull and update policies.
 * Owns: their words. Must not know: when they are applied.
 */
import type { PullPolicy, RestartPolicy, UpdatePolicy } from '../model/desired.js';
import { parseDuration } from './durations.js';
import type { DeployRestartPolicy, ServiceSpec, UpdateConfig } from './generated/manifest-types.js';
import { readDuration } from './healthcheck.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';

/** What is declared by `restart`, by its other name or by `deploy.restart_policy`; null when nothing is. */
export function resolveRestart(scope: Scope, spec: ServiceSpec): RestartPolicy | null {
  const { condition } = spec.deploy?.restart_policy ?? {};
  const declared = readRestart(scope, spec);
  const policy = declared ?? (condition === undefined ? null : RESTART_OF[condition]);
  if (declared !== null && condition !== undefined && !agree(declared, condition))
    scope.error(
      ['spec', 'deploy', 'restart_policy', 'condition'],
      'BAD_VALUE',
      `${condition}, but spec.restart is ${declared.name} — keep one of them`,
    );
  const attempts = resolveMaxAttempts(spec);
  if (policy?.name !== 'on-failure' || attempts === null) return policy;
  const { maximumRetryCount } = policy;
  if (maximumRetryCount !== 0 && maximumRetryCount !== attempts)
    scope.error(
      ['spec', 'deploy', 'restart_policy', 'max_attempts'],
      'BAD_VALUE',
      `${attempts}, but spec.restart is on-failure:${maximumRetryCount} — keep one of them`,
    );
  return { name: 'on-failure', maximumRetryCount: attempts };
}

/** How often an unhealthy replica is restarted; null: without end. */
export function resolveMaxAttempts(spec: ServiceSpec): number | null {
  const attempts = spec.deploy?.restart_policy?.max_attempts ?? 0;
  return attempts === 0 ? null : attempts;
}

type RestartCondition = NonNullable<NonNullable<DeployRestartPolicy>['condition']>;

const RESTART_OF: Readonly<Record<RestartCondition, RestartPolicy>> = {
  none: { name: 'no', maximumRetryCount: 0 },
  'on-failure': { name: 'on-failure', maximumRetryCount: 0 },
  any: { name: 'unless-stopped', maximumRetryCount: 0 },
};

const agree = (policy: RestartPolicy, condition: RestartCondition): boolean =>
  policy.name === RESTART_OF[condition].name || (policy.name === 'always' && condition === 'any');

function readRestart(scope: Scope, spec: ServiceSpec): RestartPolicy | null {
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
