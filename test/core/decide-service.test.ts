// Owns: which of what is found out about a service is said, when it is looked at again, and that we leave ourselves alone.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, firstContainerOf, linesOf, pass, passes } from '../support/decision.js';

const WEB = 'web: {image: web:1}';

describe('2.4 what a service waits for', () => {
  test('2.4 must be said only while something is not done for it', () => {
    const manifests = 'bus: {image: bus:1}\nweb: {image: web:1, depends_on: [bus]}';
    expect(pass({ manifests, docker: 'web-1 running' }).facts('web').waiting_for).toEqual([]);
    expect(pass({ manifests, docker: 'web-1 created' }).facts('web').waiting_for).toEqual(['bus']);
  });

  test('9.2 must not be somebody in the way of a start that is not due yet', () => {
    const scene = {
      manifests: 'web: {image: web:1, volumes: ["./files:/data"], replicas: 2}',
      docker: 'web-1 running\nweb-2 exited ended=0',
      others: [{ name: 'guest', writes: ['/manifests/files'] }],
    };
    const first = pass(scene);
    expect(first.status('web')).toContain('Progressing: has just exited');
    expect(pass({ ...scene, memory: first.memory, at: 1002 }).status('web')).toContain('HeldByOther');
  });
});

describe('1.1 when to look again', () => {
  test('1.1 must be no moment that is over: a failure whose time has come is tried, or waits for another reason', () => {
    const memory = afterSteps(pass({ manifests: WEB, docker: 'web-1 created id=x' }), failed('portInUse'));
    const ended = { manifests: WEB, docker: 'web-1 exited id=x ended=0', memory };
    expect(pass({ ...ended, at: 1009 }).recheckIn('web')).toBe(1);
    expect(pass({ ...ended, at: 1010 }).recheckIn('web')).toBe(2);
    expect(pass({ ...ended, at: 1011 }).recheckIn('web')).toBe(2);
  });

  test('5.5 must be soon where a declaration is refused', () => {
    const manifests = '{web: {image: web:1, volumes: ["data:/data"]}, volumes: {data: {}}}';
    const docker = 'web-1 running';
    expect(pass({ manifests, docker, changed: ['alicia_data'] }).recheckIn('web')).toBe(5);
    expect(pass({ manifests, docker }).recheckIn('web')).toBe(null);
  });
});

test('contract 5: an event must carry the cause of the step that it comes with, else that it was observed', () => {
  const scenes = [
    { manifests: WEB, docker: 'web-1 running id=x' },
    { manifests: WEB, docker: 'web-1 running id=x mem=32m', at: 1001 },
    { manifests: WEB, docker: '', at: 1002 },
  ];
  const [first, , gone] = passes(scenes);
  expect(first?.events.map(({ cause }) => cause)).toEqual([]);
  expect(new Set(gone?.events.map(({ cause }) => cause))).toEqual(new Set(['no container in its slot']));
  const healthy = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
  const ill = passes([
    { manifests: healthy, docker: 'web-1 running healthy' },
    { manifests: healthy, docker: 'web-1 running unhealthy', at: 1001 },
  ]).at(-1);
  expect(new Set(ill?.events.map(({ cause }) => cause))).toEqual(new Set(['observed']));
});

describe('8.13 a stuck container', () => {
  test('8.13 must be left while nobody is to touch its service', () => {
    const docker = 'web-1-stuck-ab12 exited\nweb-1 running';
    expect(linesOf({ manifests: WEB, docker })).toEqual(['remove container web-1  it was stuck']);
    expect(linesOf({ manifests: 'web: {image: web:1, maintenance: true}', docker })).toEqual([]);
  });
});

describe('9.1 the controller’s own container', () => {
  const self = (docker: string, manifests = WEB) => {
    const settings = { ownContainerId: firstContainerOf({ manifests, docker }, 'web') };
    return pass({ manifests, docker, settings });
  };

  test('9.1 must not be stopped, even where its name says that it is stuck', () => {
    expect(self('web-1-stuck-ab12 running').lines).toEqual([]);
  });

  test('9.1 must be called out of our reach only where something is to be done about it', () => {
    const checked = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
    expect(self('web-1 running unhealthy', checked).status('web')).toMatch(/^\S+ Synced Degraded Unhealthy/);
    expect(self('web-1 other running', checked).status('web')).toContain('SelfManaged');
  });

  test('9.1 must stay when its manifest is gone, the whole service with it, and this be said', () => {
    const scene = { manifests: 'a: {image: a:1}', docker: 'web-1 running\nweb-2 running\na-1 running' };
    const found = pass({ ...scene, settings: { ownContainerId: firstContainerOf(scene, 'web') } });
    expect(found.lines).toEqual([]);
    expect(found.status('web')).toContain(
      'OutOfSync Healthy SelfManaged: its manifest is gone, but it is the controller itself',
    );
    expect(pass(scene).lines).toHaveLength(2);
  });
});
