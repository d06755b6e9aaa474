// Owns: which reason stands for a manifest in error.
import { expect, test } from 'vitest';
import { manifestReasonOf } from '../../src/core/manifest-reason.js';
import type { Problem, ProblemCode } from '../../src/model/problem.js';

const problem = (code: ProblemCode, rest: Partial<Problem> = {}): Problem => ({
  ...{ code, severity: 'error', file: 'web.yaml', line: 1, column: 1, message: '', service: 'web' },
  ...rest,
});

test.each([
  ['UNKNOWN_DEPENDENCY', 'DependencyNotFound'],
  ['DEPENDENCY_CYCLE', 'DependencyCycle'],
  ['DUPLICATE_NAME', 'DuplicateName'],
  ['UNSUPPORTED', 'UnsupportedField'],
  ['POLICY_DENIED', 'PolicyDenied'],
  ['BAD_VALUE', 'InvalidManifest'],
] as const)('%s must be said as %s', (code, reason) => {
  expect(manifestReasonOf('web', [problem(code)])).toBe(reason);
});

test('what is wrong with others, and warnings, must not be taken for its reason', () => {
  const others = [
    problem('DUPLICATE_NAME', { service: 'db' }),
    problem('UNKNOWN_DEPENDENCY', { severity: 'warning' }),
  ];
  expect(manifestReasonOf('web', others)).toBe('InvalidManifest');
  expect(manifestReasonOf('web', [...others, problem('DEPENDENCY_CYCLE')])).toBe('DependencyCycle');
});
