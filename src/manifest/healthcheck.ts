/**
 * Docker's health check.
 * Owns: its forms. Must not know: what the image brings.
 */
import type { Healthcheck } from '../model/desired.js';
import { parseDuration } from './durations.js';
import type { HealthcheckSpec } from './generated/manifest-types.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

const PATH = ['spec', 'healthcheck'];

/** Null: nothing is said. `{}` is said: the image brings a check. */
export function resolveHealthcheck(scope: Scope, spec: HealthcheckSpec | undefined): Healthcheck | null {
  if (spec === undefined || spec === null) return null;
  const test = resolveTest(scope, spec.test);
  if (spec.disable === true || test === 'none') return { kind: 'disabled' };
  const duration = (field: 'interval' | 'timeout' | 'start_period' | 'start_interval'): number | null => {
    const text = spec[field];
    return text === undefined ? null : orNull(readDuration(scope, [...PATH, field], text));
  };
  return {
    kind: 'test',
    test,
    intervalMs: duration('interval'),
    timeoutMs: duration('timeout'),
    retries: orNull(spec.retries ?? 0),
    startPeriodMs: duration('start_period'),
    startIntervalMs: duration('start_interval'),
  };
}

/** A duration in ms; 0 after saying that it is none. */
export function readDuration(scope: Scope, path: Path, text: string): number {
  const ms = parseDuration(text);
  if (ms === null)
    scope.error(path, 'BAD_VALUE', `not a duration: ${quote(text)} — at most ten years, such as "5s"`);
  return ms ?? 0;
}

/** Docker takes 0 for "not given". */
const orNull = (value: number): number | null => (value === 0 ? null : value);

function resolveTest(
  scope: Scope,
  test: string | readonly string[] | undefined,
): readonly string[] | 'none' | null {
  if (test === undefined) return null;
  if (typeof test === 'string') return test === 'NONE' ? 'none' : ['CMD-SHELL', test];
  const [word, ...rest] = test;
  if (word === 'NONE' && rest.length === 0) return 'none';
  if (word === 'CMD' && rest.length > 0) return test;
  if (word === 'CMD-SHELL' && rest.length === 1) return test;
  const message = `expected ["CMD", program, …], ["CMD-SHELL", line] or ["NONE"], got ${quote(test)}`;
  scope.error([...PATH, 'test'], 'BAD_VALUE', message);
  return null;
}
