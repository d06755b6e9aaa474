// Owns: when a container counts as stuck to the second, and what a stuck one keeps from being started.
import { describe, expect, test } from 'vitest';
import { linesOf, pass } from '../support/decision.js';

const web = (fields = ''): string => `web: {image: web:1${fields}}`;
const RESTARTING = 'web-1 restarting restarts=1 up=500';

describe('6.1 a container that restarts for ever', () => {
  test('6.1 must be looked at when two minutes are over, and count as stuck then', () => {
    const first = pass({ manifests: web(), docker: RESTARTING });
    expect(first.recheckIn('web')).toBe(120);
    expect(linesOf({ manifests: web(), docker: RESTARTING, at: 1119.999, memory: first.memory })).toEqual([]);
    expect(linesOf({ manifests: web(), docker: RESTARTING, at: 1120, memory: first.memory })).toEqual([
      'rename container web-1 → stuck  it restarts for ever: Docker lost it',
    ]);
  });

  test('6.1 of several the first must be looked at first, and of none none', () => {
    const manifests = web(', replicas: 2');
    const first = pass({ manifests, docker: `${RESTARTING}\nweb-2 running` });
    const docker = `${RESTARTING}\n${RESTARTING.replace('web-1', 'web-2')}`;
    expect(pass({ manifests, docker, at: 1050, memory: first.memory }).recheckIn('web')).toBe(70);
    expect(pass({ manifests, docker: 'web-1 running\nweb-2 running' }).recheckIn('web')).toBe(null);
  });
});

describe('8.13 a stuck container with a live process', () => {
  const beside = (fields: string, stuck: string): readonly string[] =>
    linesOf({ manifests: web(fields), docker: `web-1-stuck-ab12 ${stuck}\nweb-1 created` });
  const START = ['start container web-1  created, not yet started'];
  const LIVE = 'restarting pid=7';

  test.each([', ports: ["8080:80"]', ', volumes: [./srv:/data]'])(
    '8.13 must keep from being started what has its%s',
    (fields) => {
      expect(beside(fields, LIVE)).toEqual([]);
      expect(beside(fields, 'restarting pid=0')).toEqual(START);
    },
  );

  test.each(['', ', ports: ["80"]', ', volumes: [/data]', ', volumes: ["./srv:/data:ro"]'])(
    '8.13 but nothing that shares neither port nor data with it:%s',
    (fields) => {
      expect(beside(fields, LIVE)).toEqual(START);
    },
  );
});

test('8.12 what was put aside must be stopped or removed once it can be, as nothing else than that', () => {
  const { lines, steps } = pass({
    manifests: web(),
    docker:
      'web-1 running\nweb-1-stuck-bb22 exited anonymous=/data\nweb-1-stuck-aa11 running\nweb-1-stuck-cc33 paused\nweb-1-stuck-dd44 created',
  });
  expect(lines).toEqual([
    'stop container web-1  it was stuck',
    'remove container web-1  it was stuck',
    'remove container web-1  it was stuck',
  ]);
  expect(steps).toMatchObject([
    { kind: 'stopContainer', isVerdict: false },
    { kind: 'removeContainer', withVolumes: false, carried: [] },
    { kind: 'removeContainer', withVolumes: false, carried: [] },
  ]);
});
