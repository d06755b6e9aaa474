// Owns: what each failure is called, and which are worth a word at once.
import { expect, test } from 'vitest';
import { isPassing, reasonOf } from '../../src/core/failures.js';
import type { FailureCode } from '../../src/model/failure.js';
import type { StepKind } from '../../src/model/step.js';

const failureOf = (code: FailureCode) => ({ code, message: 'no', status: null });

test.each<readonly [StepKind, FailureCode, string]>([
  ['pullImage', 'unknownOutcome', 'ImagePullFailed'],
  ['createContainer', 'pullFailed', 'ImagePullFailed'],
  ['createNetwork', 'rejected', 'NetworkFailed'],
  ['connectNetwork', 'noAddressPool', 'NetworkFailed'],
  ['renameContainer', 'nameInUse', 'NameConflict'],
  ['startContainer', 'portInUse', 'PortConflict'],
  ['startContainer', 'engine', 'StartFailed'],
])('8 %s that fails as %s must be told as %s', (kind, code, reason) => {
  expect(reasonOf(kind, failureOf(code))).toBe(reason);
});

test.each<readonly [StepKind, FailureCode, number, boolean]>([
  ['pullImage', 'unreachable', 1, true],
  ['pullImage', 'unknownOutcome', 1, false],
  ['startContainer', 'unknownOutcome', 2, true],
  ['startContainer', 'unknownOutcome', 3, false],
  ['startContainer', 'engine', 1, false],
])('8.2 %s that ends as %s %i times: whether it may pass by itself is %s', (kind, code, failures, isSo) => {
  expect(isPassing({ kind, failure: failureOf(code), failures })).toBe(isSo);
});
