// Owns: what counts against a new container in a rollout, and what is too broken to take part.
import { expect, test } from 'vitest';
import { afterSteps, failed, linesOf, pass } from '../support/decision.js';

const PLAIN = 'web: {image: web:2}';

test('8.12 what is dead of another spec must be put aside, so that its slot can be filled', () => {
  const manifests = 'web: {image: web:1}';
  expect(linesOf({ manifests, docker: 'web-1 other dead' })).toEqual([
    'rename container web-1 (other) → stuck  it is dead: Docker could not remove it',
  ]);
});

test('4.5 a failed one that is dead must not keep the old one from coming back', () => {
  const manifests = 'web: {image: web:1}';
  expect(linesOf({ manifests, docker: 'web-1-old other exited policy=no\nweb-1-failed dead' })).toEqual([
    'rename container web-1 (other) → plain  rolling back',
  ]);
});

test.each([
  ['an engine that was away', failed('unreachable')],
  ['a first call without an answer', { kind: 'unknown', message: 'no answer' } as const],
])('4.5 %s must not count as having started it once more before it is judged', (_, outcome) => {
  const scene = { manifests: PLAIN, docker: 'web-1-old other exited policy=no\nweb-1 exited exit=1' };
  const first = pass(scene);
  expect(first.lines).toEqual(['start container web-1  started once more before it is judged']);
  const memory = afterSteps(first, outcome);
  expect(linesOf({ ...scene, memory, at: 1010 })).toEqual(first.lines);
  const tried = afterSteps(pass({ ...scene, memory, at: 1010 }), failed('engine'));
  expect(linesOf({ ...scene, memory: tried, at: 1100 })).toEqual([
    'rename container web-1 → failed  exited 1',
  ]);
});
