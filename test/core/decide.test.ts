// Owns: what a pass says beside its steps: who has changed, when to look again, and what it was not asked about.
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { serviceName } from '../../src/model/ids.js';
import { afterSteps, contextOf, linesOf, pass, passes, type Scene } from '../support/decision.js';

const BOTH = 'a: {image: a:1, healthcheck: {test: [CMD, ok]}}\nb: {image: b:1}';

describe('1.1 those that others wait for', () => {
  const changed = (...scenes: readonly Scene[]): readonly (readonly string[])[] =>
    passes(scenes.map((scene, index) => ({ at: 1000 + index, ...scene }))).map(
      ({ decision }) => decision.changed,
    );
  const at = (a: string, manifests = BOTH): Scene => ({ manifests, docker: `a-1 running ${a}\nb-1 running` });

  test('1.1 must be told of once, and again when one of them is well or ill', () => {
    expect(changed(at('starting'), at('starting'), at('healthy'), at('healthy'), at('unhealthy'))).toEqual([
      ['a', 'b'],
      [],
      ['a'],
      [],
      ['a'],
    ]);
  });

  test('1.1 must be told of when one of them is in sync or is not any more, well or not', () => {
    const edit = BOTH.replace('b:1}', 'b:1, mem_limit: 64m}');
    const after = { manifests: edit, docker: 'a-1 running healthy\nb-1 running mem=32m' };
    expect(changed(at('healthy'), after)).toEqual([['a', 'b'], ['b']]);
  });

  test('1.1 must be told of when one of them is gone', () => {
    const scene: Scene = { manifests: 'b: {image: b:1}', docker: 'b-1 running\nc-1 exited' };
    const first = pass(scene);
    const gone = pass({ ...scene, docker: 'b-1 running', memory: afterSteps(first), at: 1001 });
    expect(gone.decision.changed).toEqual(['c']);
    expect(gone.decision.statuses.get(serviceName('c'))).toBe(null);
  });
});

describe('1.1 when to look again', () => {
  test('1.1 must be left open where only a change can bring news', () => {
    const settled = pass({ manifests: BOTH, docker: 'a-1 running healthy\nb-1 running' });
    expect(settled.decision.recheckAtMs).toEqual(new Map());
  });

  test('1.1 must be the earliest of all moments', () => {
    const manifests = 'web: {image: web:1, pull_policy: every_12h}';
    const first = pass({ manifests, docker: 'web-1 running' });
    const next = pass({ manifests, docker: 'web-1 exited ended=0', memory: afterSteps(first), at: 1001 });
    expect(next.recheckIn('web')).toBe(2);
  });
});

test('1.1 what is wanted twice must be made once', () => {
  const manifests = '{web: {image: web:1, volumes: ["data:/a", "data:/b"]}, volumes: {data: {}}}';
  expect(linesOf({ manifests, volumes: [] })).toEqual(['create volume alicia_data  does not exist']);
});

test('7.6 a pass over declared services alone must say nothing of those that no manifest names', () => {
  const context = contextOf({
    manifests: 'b: {image: b:1}',
    docker: 'b-1 running\nc-1 running',
    absence: { kind: 'blocked', reason: 'directoryEmpty', message: 'nothing is there' },
  });
  const told = (services: readonly string[], objects: boolean): readonly string[] =>
    decide({ services: new Set(services.map(serviceName)), objects }, context).events.map(({ type }) => type);
  expect(told(['b'], false)).not.toContain('prune_blocked');
  expect(told(['b', 'c'], false)).toContain('prune_blocked');
  expect(told(['b'], true)).toContain('prune_blocked');
});
