// Owns: for how long a failure holds: what takes its matter away, and what only seems to.
import { describe, expect, test } from 'vitest';
import type { Memory } from '../../src/core/memory.js';
import { afterSteps, failed, linesOf, pass, passes, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const GOOD = 'running Synced Healthy';

/** The memory after the steps of a scene were refused, and after one more look a second later. */
function refused(scene: Scene, code: Parameters<typeof failed>[0] = 'engine', then: Scene = scene): Memory {
  const memory = afterSteps(pass({ ...scene, at: 1000 }), failed(code, 'refused'));
  return pass({ ...then, at: 1001, memory }).memory;
}

describe('3.3 what is passed over while it waits', () => {
  test.each([
    ['an update', { manifests: 'web: {image: web:1, mem_limit: 64m}', docker: 'web-1 running mem=32m' }],
    ['a rename', { manifests: WEB, docker: 'web-1 running named=mine' }],
  ])('3.3 %s must be held back until its time, and be told meanwhile', (_, scene) => {
    const memory = refused(scene);
    const held = pass({ ...scene, at: 1002, memory });
    expect(held.lines).toEqual([]);
    expect(held.status('web')).toContain('Degraded StartFailed: refused');
    expect(linesOf({ ...scene, at: 1009.999, memory })).toEqual([]);
    expect(linesOf({ ...scene, at: 1010, memory })).toHaveLength(1);
  });

  test('3.3 an update that somebody else has made must be forgotten once its time has come', () => {
    const scene = { manifests: 'web: {image: web:1, mem_limit: 64m}', docker: 'web-1 running mem=32m id=x' };
    const memory = refused(scene);
    const mended = { ...scene, docker: 'web-1 running id=x', memory };
    expect(pass({ ...mended, at: 1010 }).status('web')).toBe(GOOD);
    expect(pass({ ...mended, at: 1011 }).status('web')).toBe(GOOD);
  });
});

describe('8.5 a failure must be forgotten', () => {
  test('8.5 with the slot that it was about', () => {
    const two = { manifests: 'web: {image: web:1, replicas: 2}', docker: 'web-1 running' };
    const memory = afterSteps(pass(two), failed('rejected'));
    const one = pass({ manifests: WEB, docker: 'web-1 running', at: 1001, memory });
    expect(one.status('web')).toBe(GOOD);
    expect(linesOf({ ...two, at: 1002, memory: one.memory })).toHaveLength(1);
  });

  test('8.5 when its container is left as it is on purpose', () => {
    const manifests = 'web: {image: web:1, self_heal: false}';
    const memory = afterSteps(pass({ manifests, docker: 'web-1 created id=x' }), failed('portInUse'));
    expect(pass({ manifests, docker: 'web-1 paused id=x', at: 1001, memory }).status('web')).toContain(
      'Suspended Stopped',
    );
  });

  test('8.5 when its time is over and it waits for others, to the moment', () => {
    const bus = `bus: {image: bus:1}\nweb: {image: web:1, depends_on: [bus]}`;
    const memory = afterSteps(pass({ manifests: bus, docker: 'bus-1 running' }), failed('rejected'));
    const waiting = { manifests: bus, docker: 'bus-1 exited ended=0', memory };
    expect(pass({ ...waiting, at: 1009.999 }).status('web')).toContain('StartFailed');
    expect(pass({ ...waiting, at: 1010 }).status('web')).toContain('DependencyNotReady');
  });

  test('8.5 when its time is over and what it needs is not there', () => {
    const memory = afterSteps(pass({ manifests: WEB }), failed('rejected'));
    const short = { manifests: WEB, images: { 'web:1': 'missing' } as const, memory };
    expect(pass({ ...short, at: 1009 }).status('web')).toContain('StartFailed');
    expect(pass({ ...short, at: 1010 }).status('web')).toContain('Progressing: pulls web:1');
  });
});

describe('8.5 a failure must hold', () => {
  test('8.5 while nothing but time is waited for, so that the next one counts as the second', () => {
    const created = { manifests: WEB, docker: 'web-1 created id=x' };
    const memory = afterSteps(pass(created), failed('portInUse'));
    const ended = { manifests: WEB, docker: 'web-1 exited id=x ended=0', memory, at: 1011 };
    expect(linesOf(ended)).toEqual([]);
    expect(pass(ended).status('web')).toContain('Degraded PortConflict');
    const again = pass({ ...ended, memory: pass(ended).memory, at: 1014 });
    expect(again.lines).toHaveLength(1);
    expect(
      pass({ ...ended, memory: afterSteps(again, failed('portInUse')), at: 1015 }).recheckIn('web'),
    ).toBe(19);
  });

  test('8.5 through maintenance: what is held back is not tried at once after it', () => {
    const memory = refused({ manifests: WEB }, 'rejected', {
      manifests: 'web: {image: web:1, maintenance: true}',
    });
    expect(linesOf({ manifests: WEB, at: 1002, memory })).toEqual([]);
    expect(linesOf({ manifests: WEB, at: 1010, memory })).toHaveLength(1);
  });

  test('8.5 against the very container alone: another one of its slot is not held back', () => {
    const manifests = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
    const docker = (word: string): string =>
      `web-1 other running healthy age=900 up=900\nweb-1 ${word} id=n age=300 up=300`;
    const [, , first] = passes([
      { manifests, docker: docker('running healthy'), at: 1000 },
      { manifests, docker: docker('running healthy'), at: 1001 },
      { manifests, docker: docker('running healthy'), at: 1002 },
    ]);
    if (first === undefined) throw new Error('no pass');
    expect(first.lines).toEqual(['stop container web-1 (other)  its successor is ready']);
    const memory = afterSteps(first, failed('engine'));
    expect(linesOf({ manifests, docker: docker('running healthy'), memory, at: 1003 })).toEqual([]);
    const ill = { manifests, docker: docker('restarting restarts=1 exit=3'), memory, at: 1003 };
    expect(linesOf(ill)).toEqual(['stop container web-1  it keeps exiting (exited 3)']);
  });
});
