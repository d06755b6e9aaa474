// Owns: what of our own unfinished work looks like drift and is none, and what of others looks like our work.
import { describe, expect, test } from 'vitest';
import { eventTypes, type Pass, pass, passes, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const TWO = 'web: {image: web:1, replicas: 2}';
const limited = (limit: string): string => `web: {image: web:1, mem_limit: ${limit}}`;
/** What is told as drift, in words. */
const driftIn = (done: Pass | undefined): readonly string[] =>
  (done?.events ?? []).flatMap(({ type, facts }) =>
    type === 'drift_detected' && 'what' in facts ? [String(facts.what)] : [],
  );
const driftAfter = (scenes: readonly Partial<Scene>[]): readonly string[] =>
  driftIn(passes(scenes.map((scene, index) => ({ manifests: WEB, at: 1000 + index, ...scene }))).at(-1));

describe('contract 5: a container that is gone', () => {
  const before = pass({ manifests: TWO, docker: 'web-1 running id=x\nweb-2 running id=y' });

  test('must be told of', () => {
    const { memory } = before;
    expect(driftIn(pass({ manifests: TWO, docker: 'web-1 running id=x', memory, at: 1001 }))).toEqual([
      'container web-2 was removed',
    ]);
  });

  test('must not be told of while nobody is to touch the service', () => {
    const { memory } = before;
    const manifests = TWO.replace('replicas', 'maintenance: true, replicas');
    expect(driftIn(pass({ manifests, docker: 'web-1 running id=x', memory, at: 1001 }))).toEqual([]);
  });

  test('must be no drift where our own removal of it is under way, and be one where that is of another', () => {
    const [, removing] = passes([
      { manifests: TWO, docker: 'web-1 running id=x\nweb-2 running id=y' },
      { manifests: WEB, docker: 'web-1 running id=x age=1\nweb-2 exited id=y', at: 1001 },
    ]);
    if (removing === undefined) throw new Error('no pass');
    expect(removing.lines).toEqual(['remove container web-2  more replicas than declared']);
    const seen = { manifests: WEB, memory: removing.memory, inFlight: removing.steps, at: 1002 };
    expect(driftIn(pass({ ...seen, docker: 'web-1 running id=x age=1' }))).toEqual([]);
    const double = passes([
      { manifests: WEB, docker: 'web-1 running id=x' },
      { manifests: WEB, docker: 'web-1 running id=x\nweb-1 exited id=b', at: 1001 },
    ]).at(-1);
    expect(double?.lines).toEqual(['remove container web-1  left over in its slot']);
    const gone = { manifests: WEB, memory: double?.memory ?? before.memory, inFlight: double?.steps ?? [] };
    expect(driftIn(pass({ ...gone, docker: 'web-1 exited id=b', at: 1002 }))).toEqual([
      'container web-1 was removed',
    ]);
  });
});

describe('contract 5: our own work must be no drift', () => {
  test('the first start of a replica more', () => {
    expect(
      driftAfter([
        { docker: 'web-1 running' },
        { manifests: TWO, docker: 'web-1 running\nweb-2 created age=1' },
      ]),
    ).toEqual([]);
  });

  test('a double at rest that is removed', () => {
    expect(
      driftAfter([{ docker: 'web-1 running id=x' }, { docker: 'web-1 running id=x\nweb-1 exited id=b' }]),
    ).toEqual([]);
  });

  test('an edit that is taken back once its update is made', () => {
    expect(
      driftAfter([
        { manifests: limited('32m'), docker: 'web-1 running mem=32m' },
        { manifests: limited('64m'), docker: 'web-1 running mem=32m' },
        { manifests: limited('32m'), docker: 'web-1 running mem=64m' },
      ]),
    ).toEqual([]);
  });

  test('what is done to one that has stopped, before it is started and told of', () => {
    const scenes = [
      { manifests: limited('32m'), docker: 'web-1 running mem=32m id=x' },
      { manifests: limited('64m'), docker: 'web-1 exited ended=0 mem=32m id=x' },
      { manifests: limited('64m'), docker: 'web-1 exited ended=0 mem=64m id=x', at: 1003 },
    ];
    expect(driftAfter(scenes.slice(0, 2))).toEqual([]);
    expect(driftAfter(scenes)).toEqual(['container web-1 had stopped']);
  });
});

test('contract 5: nothing that is as declared must be told of', () => {
  expect(passes([{ manifests: WEB, docker: 'web-1 running' }]).flatMap(eventTypes)).not.toContain(
    'drift_detected',
  );
});
