// Owns: whose word counts where a controller and a command were given different settings.
import { expect, test } from 'vitest';
import { problemsBeside } from '../../src/cli/beside.js';
import type { Problem, ProblemCode } from '../../src/model/problem.js';

const problem = (code: ProblemCode, line: number, file: string): Problem => ({
  ...{ code, severity: 'error', file, line, column: 1, message: '', service: 'web' },
});

test('9.3 what is denied must be what the controller denies, and all else what is seen here', () => {
  const ours = [problem('BAD_VALUE', 5, 'm/web.yaml'), problem('POLICY_DENIED', 2, 'm/web.yaml')];
  expect(problemsBeside(ours, { problems: [] })).toEqual([ours[0]]);
  const theirs = [problem('POLICY_DENIED', 3, 'm/web.yaml'), problem('BAD_VALUE', 5, '/manifests/web.yaml')];
  expect(problemsBeside(ours, { problems: theirs })).toEqual([theirs[0], ours[0]]);
});
