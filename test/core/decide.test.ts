// Owns: what a pass says beside its steps: who has changed, when to look again, and what it was not asked about.
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { serviceName } from '../../src/model/ids.js';
import type { Problem } from '../../src/model/problem.js';
import { afterSteps, contextOf, eventTypes, linesOf, pass, passes, type Scene } from '../support/decision.js';

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

test('2.6 what can begin at once must begin by priority, and what goes comes last', () => {
  const manifests =
    'a: {image: a:1, priority: 3}\nb: {image: b:1, priority: 2}\nc: {image: c:1, priority: 1}';
  expect(linesOf({ manifests, docker: 'aa-1 exited' }).map((line) => line.split('  ')[0])).toEqual([
    'create container c-1',
    'create container b-1',
    'create container a-1',
    'remove container aa-1',
  ]);
});

describe('7.6 those that no manifest names', () => {
  const context = contextOf({
    manifests: '{b: {image: b:1}, networks: {front: {}}}',
    docker: 'b-1 running\nc-1 running',
    networks: ['alicia_bus_network'],
    absence: { kind: 'blocked', reason: 'directoryEmpty', message: 'nothing is there' },
  });
  const decided = (services: readonly string[], objects: boolean) =>
    decide({ services: new Set(services.map(serviceName)), objects }, context);
  const told = (services: readonly string[], objects: boolean): readonly string[] =>
    decided(services, objects).events.map(({ type }) => type);

  test('7.6 must be told of by a pass that looks at one of them, or at objects', () => {
    expect(told(['b', 'c'], false)).toContain('prune_blocked');
    expect(told(['b'], true)).toContain('prune_blocked');
  });

  test('7.6 must be no matter of a pass over declared services, nor must objects be', () => {
    const { events, steps, needsSecondScan, objectsRecheckAtMs } = decided(['b'], false);
    expect([events, steps, needsSecondScan, objectsRecheckAtMs]).toEqual([[], [], false, null]);
    expect(decided(['b'], true).steps).toHaveLength(1);
  });

  test('7.6 must be told of with the errors that are the reason, and not any more once they may go', () => {
    const problem = (severity: Problem['severity']): Problem => ({
      code: 'SYNTAX',
      severity,
      file: 'all.yaml',
      line: 1,
      column: 1,
      message: severity,
      service: null,
    });
    const desired = { ...context.desired, problems: [problem('warning'), problem('error')] };
    const all = { services: new Set([serviceName('c')]), objects: true };
    const { events } = decide(all, { ...context, desired });
    expect(events.find(({ type }) => type === 'prune_blocked')?.facts).toMatchObject({
      problems: [problem('error')],
      services: ['c'],
    });
    const scene: Scene = { manifests: 'b: {image: b:1}', docker: 'b-1 running\nc-1 running' };
    const blocked = pass({ ...scene, absence: context.desired.absence });
    expect(eventTypes(blocked)).toContain('prune_blocked');
    expect(eventTypes(pass({ ...scene, memory: blocked.memory, at: 1001 }))).not.toContain('prune_blocked');
  });

  test('7.6 must be forgotten once they are gone', () => {
    const all = passes([
      { manifests: 'b: {image: b:1}', docker: 'b-1 running\nc-1 running' },
      { manifests: 'b: {image: b:1}', docker: 'b-1 running', at: 1001 },
      { manifests: 'b: {image: b:1}', docker: 'b-1 running', at: 1002 },
    ]);
    expect(all.map(({ memory }) => memory.services.has(serviceName('c')))).toEqual([true, false, false]);
    const nobody = decide({ services: new Set([serviceName('x')]), objects: false }, contextOf({}));
    expect([nobody.steps, nobody.events, nobody.statuses]).toEqual([
      [],
      [],
      new Map([[serviceName('x'), null]]),
    ]);
  });
});
