// Owns: restarts of what is unhealthy, their back-off and their end.
import { describe, expect, test } from 'vitest';
import { afterSteps, eventTypes, linesOf, type Pass, pass, passes } from '../support/decision.js';

const web = (fields = ''): string =>
  `web: {image: web:1, healthcheck: {test: [CMD, ok]}${fields === '' ? '' : `, ${fields}`}}`;
const SICK = 'web-1 running unhealthy';
const RESTART = ['restart container web-1  unhealthy'];

/**
 * Plays one container that is unhealthy from second 1000 on, looked at after each restart, when the decision asks for
 * it, and every 20 s; returns the seconds of its restarts.
 */
function restartsOf(
  untilS: number,
  manifests = web(),
): { readonly atS: readonly number[]; readonly last: Pass } {
  const atS: number[] = [];
  let last = pass({ manifests, docker: `${SICK} up=100` });
  const nextAfter = (at: number): number => {
    const soonest = last.lines.length > 0 ? 1 : 20;
    return at + Math.max(1, Math.min(soonest, Math.ceil(last.recheckIn('web') ?? soonest)));
  };
  for (let at = nextAfter(1000); at <= untilS; at = nextAfter(at)) {
    const memory = afterSteps(last);
    // Each restart is another run, which is unhealthy at once.
    last = pass({ manifests, docker: `${SICK} up=${100 - atS.length}`, at, memory });
    if (last.lines.length > 0) atS.push(at);
  }
  return { atS, last };
}

describe('6.2 what is unhealthy is restarted in place', () => {
  test('6.2 not at once, but after ten seconds', () => {
    const first = pass({ manifests: web(), docker: SICK });
    expect(first.lines).toEqual([]);
    expect(first.recheckIn('web')).toBeGreaterThanOrEqual(9);
    expect(first.recheckIn('web')).toBeLessThanOrEqual(11);
    expect(linesOf({ manifests: web(), docker: SICK, at: 1011, memory: first.memory })).toEqual(RESTART);
  });

  test('6.2 one that becomes healthy meanwhile must be left', () => {
    const first = pass({ manifests: web(), docker: SICK });
    const well = pass({ manifests: web(), docker: 'web-1 running healthy', at: 1005, memory: first.memory });
    expect(linesOf({ manifests: web(), docker: SICK, at: 1011, memory: well.memory })).toEqual([]);
  });

  test('6.2 the delay must double up to 300 s, give or take a tenth, without end', () => {
    const { atS } = restartsOf(2600);
    const delays = atS.map((at, index) => at - (atS[index - 1] ?? 1000));
    for (const [index, expected] of [10, 20, 40, 80, 160, 300, 300, 300].entries()) {
      expect(delays[index]).toBeGreaterThanOrEqual(expected * 0.9 - 1);
      expect(delays[index]).toBeLessThanOrEqual(expected * 1.1 + 2);
    }
  });

  test('6.2 replicas that fall ill together must not be restarted in step', () => {
    const manifests = web('replicas: 3');
    const docker = 'web-1 running unhealthy\nweb-2 running unhealthy\nweb-3 running unhealthy';
    const first = pass({ manifests, docker });
    const restarted = [1009, 1009.5, 1010, 1010.5, 1011].map(
      (at) => linesOf({ manifests, docker, at, memory: first.memory }).length,
    );
    expect(restarted[0]).toBeLessThan(3);
    expect(restarted.at(-1)).toBe(3);
  });

  test('6.2 ten minutes of health must begin it anew', () => {
    const { last } = restartsOf(1040);
    const well = pass({
      manifests: web(),
      docker: 'web-1 running healthy up=90',
      at: 1041,
      memory: afterSteps(last),
    });
    const at = (second: number, docker: string, memory = well.memory): Pass =>
      pass({ manifests: web(), docker, at: second, memory });
    const soon = at(1600, 'web-1 running unhealthy up=90');
    expect(soon.recheckIn('web')).toBeGreaterThan(30);
    const longAfter = at(1641, 'web-1 running healthy up=90');
    expect(at(1700, 'web-1 running unhealthy up=90', longAfter.memory).recheckIn('web')).toBeLessThan(12);
  });

  test('6.2 ten minutes of health with a break between must not', () => {
    let last = restartsOf(1040).last;
    for (const [at, word] of [
      [1041, 'healthy'],
      [1400, 'starting'],
      [1401, 'healthy'],
      [1800, 'healthy'],
      [1801, 'unhealthy'],
    ] as const)
      last = pass({
        manifests: web(),
        docker: `web-1 running ${word} up=90`,
        at,
        memory: afterSteps(last),
      });
    expect(last.recheckIn('web')).toBeGreaterThan(30);
  });

  test('6.2 the status must say when it is restarted next', () => {
    expect(pass({ manifests: web(), docker: SICK }).status('web')).toMatch(
      /^failed Synced Degraded Unhealthy: .*; it is restarted after 1?\d s of that$/,
    );
  });
});

describe('6.2 max_attempts ends it', () => {
  const manifests = web('deploy: {restart_policy: {max_attempts: 2}}');

  test('6.2 after so many restarts it must be left, as failed, and told once', () => {
    const { atS, last } = restartsOf(1300, manifests);
    expect(atS).toHaveLength(2);
    expect(last.status('web')).toContain('failed Synced Degraded Unhealthy');
    expect(last.status('web')).toContain('given up after 2 restarts (max_attempts)');
  });

  test('6.2 a last restart that helps for a while must be the last all the same', () => {
    const once = web('deploy: {restart_policy: {max_attempts: 1}}');
    let last = pass({ manifests: once, docker: `${SICK} up=100` });
    let restartedAt: number | null = null;
    const atS: number[] = [];
    for (let at = 1001; at <= 1500; at += 1) {
      const isWell = restartedAt !== null && at - restartedAt <= 60;
      const docker = `web-1 running ${isWell ? 'healthy' : 'unhealthy'} up=${100 - atS.length}`;
      last = pass({ manifests: once, docker, at, memory: afterSteps(last) });
      if (last.lines.length === 0) continue;
      atS.push(at);
      restartedAt = at;
    }
    expect(atS).toHaveLength(1);
    expect(last.status('web')).toContain('given up after 1 restarts (max_attempts)');
  });

  test('6.2 a start by hand that becomes ready must end it', () => {
    const { last } = restartsOf(1300, manifests);
    const well = pass({
      manifests,
      docker: 'web-1 running healthy up=10',
      at: 1301,
      memory: afterSteps(last),
    });
    expect(well.status('web')).toBe('running Synced Healthy');
    const sick = pass({ manifests, docker: 'web-1 running unhealthy up=10', at: 1310, memory: well.memory });
    expect(
      linesOf({ manifests, docker: 'web-1 running unhealthy up=10', at: 1322, memory: sick.memory }),
    ).toEqual(RESTART);
  });

  test('6.2 a restart of the controller must end it', () => {
    const first = pass({ manifests, docker: SICK });
    expect(linesOf({ manifests, docker: SICK, at: 1012, memory: first.memory })).toEqual(RESTART);
  });

  test('6.2 a new spec must end it', () => {
    const { last } = restartsOf(1300, manifests);
    const edited = manifests.replace('web:1', 'web:2');
    expect(
      linesOf({
        manifests: edited,
        docker: 'web-1 other running unhealthy',
        at: 1301,
        memory: afterSteps(last),
      }),
    ).toEqual(['create container web-1  its spec changed']);
  });
});

describe('6.5 all declared checks must hold', () => {
  const both = web('probes: [{http: {port: 9000}}]');
  const status = (docker: string): string => pass({ manifests: both, docker }).status('web');

  test('6.5 a service must not be ready while one of its checks is not', () => {
    expect(status('web-1 running healthy probed=healthy')).toBe('running Synced Healthy');
    expect(status('web-1 running healthy probed=starting')).toContain('starting Synced Progressing');
    expect(status('web-1 running healthy')).toContain('starting Synced Progressing');
    expect(status('web-1 running starting probed=healthy')).toContain('starting Synced Progressing');
  });

  test('6.5 a probe that failed must make it unhealthy, and be restarted like any other', () => {
    const docker = 'web-1 running healthy probed=unhealthy';
    const first = pass({ manifests: both, docker });
    expect(first.status('web')).toContain('failed Synced Degraded Unhealthy: http :9000/ answered 503');
    expect(linesOf({ manifests: both, docker, at: 1012, memory: first.memory })).toEqual(RESTART);
  });

  test('6.4 what Docker said of an earlier run must not be given as the reason', () => {
    expect(status('web-1 running unhealthy streak=0 probed=unhealthy')).toContain('http :9000/ answered 503');
  });

  test('6.6 a probe that cannot be made must say nothing but that it cannot be made', () => {
    expect(status('web-1 running healthy blind')).toContain('Unknown ProbeUnreachable: no way to 172.20.0.2');
    expect(linesOf({ manifests: both, docker: 'web-1 running healthy blind', at: 1100 })).toEqual([]);
  });

  test('6.5 probes alone must be enough for service_healthy', () => {
    const manifests =
      '{bus: {image: bus:1, probes: [{tcp: {port: 1}}]}, web: {image: web:1, depends_on: {bus: {condition: service_healthy}}}}';
    expect(linesOf({ manifests, docker: 'bus-1 running probed=starting\nweb-1 created' })).toEqual([]);
    expect(linesOf({ manifests, docker: 'bus-1 running probed=healthy\nweb-1 created' })).toEqual([
      'start container web-1  created, not yet started',
    ]);
  });

  test('4.4 a rollout must wait for the probes of the new one', () => {
    const manifests = 'web: {image: web:2, probes: [{tcp: {port: 1}}]}';
    expect(
      linesOf({
        manifests,
        docker: 'web-1 other running probed=healthy\nweb-1 running probed=starting up=9',
      }),
    ).toEqual([]);
    expect(
      linesOf({ manifests, docker: 'web-1 other running probed=healthy\nweb-1 running probed=healthy up=1' }),
    ).toEqual(['stop container web-1 (other)  its successor is ready']);
  });

  test('4.4 a new one that is probed must have its time from when it is looked at: nobody probed it before', () => {
    const manifests = 'web: {image: web:2, probes: [{tcp: {port: 1}}]}';
    const docker = 'web-1 other running probed=healthy\nweb-1 running probed=starting up=200';
    const first = pass({ manifests, docker });
    expect(first.lines).toEqual([]);
    expect(first.status('web')).not.toContain('ProgressDeadlineExceeded');
    // (3 + 1) × (10 + 1) + 5
    expect(first.recheckIn('web')).toBeCloseTo(49, 2);
    expect(linesOf({ manifests, docker, at: 1048, memory: first.memory })).toEqual([]);
    expect(linesOf({ manifests, docker, at: 1050, memory: first.memory })).toEqual([
      'stop container web-1  not ready after 49 s',
    ]);
  });
});

test('6.2 being unhealthy must be told once, and being well again once', () => {
  const all = passes([
    { manifests: web(), docker: 'web-1 running healthy' },
    { manifests: web(), docker: SICK, at: 1001 },
    { manifests: web(), docker: SICK, at: 1002 },
    { manifests: web(), docker: 'web-1 running healthy', at: 1003 },
  ]);
  const types = all.flatMap(eventTypes);
  expect(types.filter((type) => type === 'service_unhealthy')).toHaveLength(1);
  expect(types.filter((type) => type === 'service_recovered')).toHaveLength(1);
});
