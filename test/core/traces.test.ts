// Owns: what later decisions read from the steps that were made: who was tried again, who was ended by us, who was restarted.
import { describe, expect, test } from 'vitest';
import { afterSteps, eventTypes, failed, lastPass, linesOf, pass, passes } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const NEXT = 'web: {image: web:2}';
const UNKNOWN = { kind: 'unknown', message: 'no answer' } as const;
const ONCE_MORE = 'start container web-1  started once more before it is judged';

describe('4.5 a new one that came to nothing', () => {
  const ended = { manifests: NEXT, docker: 'web-1-old other exited policy=no\nweb-1 exited exit=1' };

  test('4.5 must be judged once the engine has refused to start it again', () => {
    const memory = afterSteps(pass(ended), failed('engine'));
    expect(linesOf({ ...ended, memory, at: 1100 })).toEqual(['rename container web-1 → failed  exited 1']);
  });

  test('4.5 must not be judged however often the engine was away', () => {
    let memory = pass(ended).memory;
    for (const at of [1000, 1100, 1200, 1300])
      memory = afterSteps(pass({ ...ended, memory, at }), failed('unreachable'));
    expect(linesOf({ ...ended, memory, at: 1400 })).toEqual([ONCE_MORE]);
  });

  test('4.5 must be started once more although its very first start failed', () => {
    const scene = { manifests: NEXT, docker: 'web-1-old other exited policy=no\nweb-1 created' };
    const memory = afterSteps(pass(scene), failed('engine', 'no such device'));
    const docker = `${scene.docker} error=no_such_device`;
    expect(linesOf({ manifests: NEXT, docker, memory, at: 1100 })).toEqual([ONCE_MORE]);
  });

  test('4.5 must be named so for the cause that it was stopped for, even if no answer came to the stop', () => {
    const manifests = 'web: {image: web:2, healthcheck: {test: [CMD, ok]}}';
    const old = 'web-1-old other exited policy=no';
    const first = pass({ manifests, docker: `${old}\nweb-1 running starting restarts=2` });
    expect(first.lines[0]).toContain('stop container web-1  ');
    const cause = first.steps[0]?.cause ?? '';
    const memory = afterSteps(first, UNKNOWN);
    expect(linesOf({ manifests, docker: `${old}\nweb-1 exited exit=143`, memory, at: 1001 })).toEqual([
      `rename container web-1 → failed  ${cause}`,
    ]);
  });
});

describe('3.3b an end in a network that we took off', () => {
  const manifests = 'networks: {front: {}, back: {}}\nweb: {image: web:1, networks: [front, back]}';
  const off = (network: string): string => `web-1 running off=alicia_${network}`;

  test('3.3b must be drift again once it was put back', () => {
    const scenes = [
      { manifests, docker: 'web-1 running', changed: ['alicia_front'] },
      { manifests, docker: off('front'), at: 1001 },
      { manifests, docker: 'web-1 running', at: 1002 },
      { manifests, docker: off('front'), at: 1003 },
    ];
    expect(passes(scenes).map((done) => done.lines.length)).toEqual([1, 1, 0, 1]);
    expect(passes(scenes).map((done) => eventTypes(done).includes('drift_detected'))).toEqual([
      ...[false, false, false, true],
    ]);
  });

  test('3.3b must be forgotten for the network that is put back alone', () => {
    const done = passes([
      { manifests, docker: 'web-1 running', changed: ['alicia_front', 'alicia_back'] },
      { manifests, docker: off('back'), changed: ['alicia_front'], at: 1001 },
      { manifests, docker: off('front'), at: 1002 },
      { manifests, docker: off('back'), at: 1003 },
    ]);
    expect(done.map(({ lines }) => lines)).toEqual([
      ['disconnect container web-1 ← alicia_back  network alicia_back is made anew'],
      ['disconnect container web-1 ← alicia_front  network alicia_front is made anew'],
      ['connect container web-1 → alicia_front  not on alicia_front'],
      ['connect container web-1 → alicia_back  not on alicia_back'],
    ]);
    expect(done.flatMap(eventTypes)).not.toContain('drift_detected');
  });
});

describe('the count of restarts', () => {
  const countAfter = (docker: string, manifests = WEB): number | undefined => {
    const scenes = [
      { manifests, docker },
      { manifests, docker, at: 1003 },
      { manifests, docker: 'web-1 running up=0 id=x', at: 1004 },
    ];
    return lastPass(scenes).facts('web').instances[0]?.restart_count;
  };

  test('must hold the starts of what had ended, and neither its first start nor what is unpaused', () => {
    expect(countAfter('web-1 exited exit=1 id=x')).toBe(1);
    expect(countAfter('web-1 created id=x')).toBe(0);
    expect(countAfter('web-1 paused id=x')).toBe(0);
  });
});

test('2.4 a restart that follows a dependency must be made again where nothing is known of it', () => {
  const manifests = `bus: {image: bus:1}\nweb: {image: web:1, depends_on: {bus: {condition: service_started, restart: true}}}`;
  const scene = { manifests, docker: 'bus-1 running up=5\nweb-1 running up=50' };
  const first = pass(scene);
  expect(first.lines).toEqual(['restart container web-1  bus was started again']);
  expect(linesOf({ ...scene, memory: afterSteps(first, UNKNOWN), at: 1100 })).toEqual(first.lines);
  expect(linesOf({ ...scene, memory: afterSteps(first), at: 1100 })).toEqual([]);
});

test('6.4 only runs that were cut off must count as such', () => {
  const manifests = 'job: {image: job:1, restart: on-failure}';
  let memory = pass({ manifests }).memory;
  for (let nth = 0; nth < 4; nth += 1) {
    const docker = `job-1 exited exit=1 ended=${900 - nth * 10}`;
    for (const at of [1000 + nth * 10, 1003 + nth * 10])
      memory = afterSteps(pass({ manifests, docker, memory, at }));
  }
  const cut = { manifests, docker: 'job-1 exited exit=143 ended=1', killed: ['job-1'] };
  const seen = pass({ ...cut, memory, at: 1050 });
  expect(linesOf({ ...cut, memory: seen.memory, at: 1053 })).toEqual([
    'start container job-1  its run was cut off',
  ]);
});

test('6.2 the start of an unhealthy one that had ended must not count as an attempt to heal it', () => {
  const manifests =
    'web: {image: web:1, healthcheck: {test: [CMD, ok]}, deploy: {restart_policy: {max_attempts: 1}}}';
  const ended = { manifests, docker: 'web-1 exited exit=1 id=x' };
  const all = passes([
    { manifests, docker: 'web-1 running unhealthy id=x' },
    { ...ended, at: 1001 },
    { ...ended, at: 1004 },
    { manifests, docker: 'web-1 running unhealthy up=-5 id=x', at: 1006 },
    { manifests, docker: 'web-1 running unhealthy up=-5 id=x', at: 1020 },
  ]);
  expect(all.map(({ lines }) => lines[0]?.split(' ')[0])).toEqual([
    ...[undefined, undefined, 'start', undefined, 'restart'],
  ]);
});
