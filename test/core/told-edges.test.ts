// Owns: which changes are news, and what is said of them, where two could be meant.
import { describe, expect, test } from 'vitest';
import type { EventDraft, EventType } from '../../src/model/event.js';
import { afterSteps, eventTypes, failed, pass, passes, story } from '../support/decision.js';
import { CHECK, web } from '../support/web.js';

const BARE = 'web: {image: web:1, replicas: 2}';

/** Of one type, what each moment says. */
const sayings = (
  told: readonly (readonly EventDraft[])[],
  type: EventType,
): readonly (readonly EventDraft['facts'][])[] =>
  told.map((events) => events.filter((event) => event.type === type).map(({ facts }) => facts));

const typesOf = (told: readonly (readonly EventDraft[])[]): readonly (readonly string[])[] =>
  told.map((events) => events.map(({ type }) => type));

describe('contract 5: once per service', () => {
  test('readiness, completion and maintenance must be told with the name of the service', () => {
    const ready = story(web(), 'web-1 running starting', 'web-1 running healthy');
    expect(sayings(ready, 'service_ready')[1]).toEqual([{ service_name: 'web', message: 'web is ready' }]);
    const done = story('job: {image: job:1, restart: "no"}', 'job-1 running', 'job-1 exited');
    expect(sayings(done, 'service_completed')[1]).toEqual([
      { service_name: 'job', message: 'job has completed' },
    ]);
    const docker = 'web-1 running healthy';
    const hands = story(web(), docker, { manifests: web('maintenance: true'), docker }, docker);
    expect(sayings(hands, 'service_maintenance_started')[1]).toEqual([{ service_name: 'web' }]);
    expect(sayings(hands, 'service_maintenance_ended')[2]).toEqual([{ service_name: 'web' }]);
  });

  test('a dependency that is met must not be told as one more that is waited for', () => {
    const manifests = `bus: {image: bus:1, ${CHECK}}\nweb: {image: web:1, depends_on: {bus: {condition: service_healthy}}}`;
    const told = story(manifests, 'bus-1 running starting', 'bus-1 running healthy');
    expect(sayings(told, 'service_blocked').map((facts) => facts.length)).toEqual([1, 0]);
  });

  test('service_ready must be told where not all that is up again was known to be well', () => {
    const told = story(
      BARE,
      'web-1 running id=x\nweb-2 running id=y',
      'web-1 restarting restarts=1 id=x',
      'web-1 running restarts=1 id=x up=-2\nweb-2 running id=z up=-2',
    );
    expect(sayings(told, 'service_ready')[2]).toHaveLength(1);
  });

  test('service_ready must be told where one of those that are up again is checked', () => {
    const told = story(
      BARE,
      'web-1 running id=x\nweb-2 running healthy id=y',
      'web-1 restarting restarts=1 id=x\nweb-2 restarting restarts=1 id=y checked',
      'web-1 running restarts=1 id=x up=-2\nweb-2 running healthy restarts=1 id=y up=-2',
    );
    expect(sayings(told, 'service_ready')[2]).toHaveLength(1);
  });

  test('what no manifest declares must be neither ready nor in maintenance, nor must its manifest’s return end one', () => {
    const left = { manifests: 'a: {image: a:1}', rejected: { web: 'line 3' } };
    const told = story(
      web(),
      { ...left, docker: 'web-1 running id=x' },
      { ...left, docker: 'web-1 running unhealthy id=x' },
      { ...left, docker: 'web-1 running healthy id=x' },
      'web-1 running healthy id=x',
    );
    expect(typesOf(told)).toEqual([[], ['service_unhealthy'], ['service_recovered'], []]);
  });
});

describe('contract 5: service_started', () => {
  test('one that was over before it was seen to run must have no address', () => {
    const told = story('job: {image: job:1, restart: "no"}', '', 'job-1 exited');
    expect(sayings(told, 'service_started')[1]).toMatchObject([{ ip_address: null }]);
  });
});

describe('contract 5: failures and their end', () => {
  test('a failure for another reason must be told anew, each with its class', () => {
    const told = story(
      web(),
      'web-1 running healthy',
      'web-1 running unhealthy',
      'web-1 restarting restarts=5 exit=1',
      'web-1 running healthy restarts=5',
    );
    expect(sayings(told, 'orchestration_errors')).toEqual([
      [],
      [
        {
          service_name: 'web',
          category: 'health',
          error: expect.stringMatching(/^Unhealthy: its health check failed 3 times/),
        },
      ],
      [{ service_name: 'web', category: 'health', error: expect.stringMatching(/^CrashLoopBackOff: /) }],
      [],
    ]);
    expect(sayings(told, 'service_failed').map((facts) => facts.length)).toEqual([0, 1, 1, 0]);
  });

  test('a rollback must be told as a failure of health', () => {
    const docker = 'web-1 other running healthy\nweb-1-failed exited exit=1';
    const told = story(web(), docker);
    expect(sayings(told, 'orchestration_errors')[0]).toMatchObject([{ category: 'health' }]);
  });

  test('a failure with the reason of what was refused before must be told', () => {
    const manifests = `volumes: {data: {}}\n${web('volumes: ["data:/data"]')}`;
    const changed = ['alicia_data'];
    const [well] = passes([{ manifests, changed, docker: 'web-1 running healthy' }]);
    expect(well?.status('web')).toMatch(/ Healthy NameConflict: volume /);
    const gone = pass({
      manifests,
      changed,
      at: 1001,
      ...(well === undefined ? {} : { memory: well.memory }),
    });
    const memory = afterSteps(gone, failed('nameInUse', 'in use'));
    const failing = pass({ manifests, changed, at: 1002, memory });
    expect(failing.facts('web')).toMatchObject({ health: 'Degraded', reason: 'NameConflict' });
    expect(eventTypes(failing)).toContain('service_failed');
  });

  test('the end of a failure must be told with its class, also where it is the good end of a one-shot', () => {
    const told = story(
      'job: {image: job:1, restart: "no"}',
      'job-1 running id=a',
      'job-1 exited exit=2 id=a',
      '',
      'job-1 running id=b up=-3',
      'job-1 exited id=b up=-3',
    );
    expect(sayings(told, 'recovery')).toEqual([
      [],
      [],
      [],
      [],
      [{ status: 'recovered', service_name: 'job', category: 'engine' }],
    ]);
  });

  test('maintenance must be told as the end of a failure', () => {
    const told = story(web(), 'web-1 running unhealthy', {
      manifests: web('maintenance: true'),
      docker: 'web-1 running unhealthy',
    });
    expect(sayings(told, 'recovery')[1]).toMatchObject([{ category: 'health' }]);
  });
});

describe('contract 5: drift', () => {
  test('what lasts must be told once', () => {
    const told = story(web(), 'web-1 running healthy', 'web-1 paused', 'web-1 paused');
    expect(sayings(told, 'drift_detected').map((facts) => facts.length)).toEqual([0, 1, 0]);
  });

  test('what happened twice before it was mended must be told as mended once', () => {
    const told = story(
      web(),
      'web-1 running healthy id=x',
      '',
      'web-1 running starting id=y up=-2',
      'web-1 running healthy id=z up=-3',
    );
    expect(sayings(told, 'drift_detected').map((facts) => facts.length)).toEqual([0, 1, 0, 0]);
    expect(sayings(told, 'drift_corrected').map((facts) => facts.length)).toEqual([0, 0, 0, 1]);
  });
});

describe('contract 5: having scaled', () => {
  test('instances must be told in the order of their names', () => {
    const told = story(web(), 'web-1 running healthy', {
      manifests: web('replicas: 3'),
      docker: 'web-3 running healthy\nweb-2 running healthy\nweb-1 running healthy',
    });
    expect(sayings(told, 'service_scaled_up')[1]).toMatchObject([
      {
        added_instances: 2,
        new_total: 3,
        instance_ids: [expect.stringMatching(/-web-2-/), expect.stringMatching(/-web-3-/)],
      },
    ]);
  });

  test('the way to no replica must be told', () => {
    const told = story(web(), 'web-1 running healthy', { manifests: web('replicas: 0'), docker: '' });
    expect(sayings(told, 'service_scaled_down')[1]).toMatchObject([{ removed_instances: 1, new_total: 0 }]);
  });

  test('what is stuck and was put aside must not stand for the replica of its slot', () => {
    const aside = 'web-2-stuck-abcd dead';
    const told = story(web('replicas: 2'), `web-1 running healthy\nweb-2 running healthy\n${aside}`, {
      manifests: web(),
      docker: `web-1 running healthy\n${aside}`,
    });
    expect(sayings(told, 'service_scaled_down')[1]).toMatchObject([
      { instance_ids: [expect.stringMatching(/^alicia-web-2-[0-9a-f]{8}$/)] },
    ]);
  });
});

test('2.2 the spec of the last fixed point must be known while a new one waits: what is missing is no mere gap', () => {
  const old = `bus: {image: bus:1, ${CHECK}}\nweb: {image: web:1, depends_on: [bus]}`;
  const edited = old.replace('bus:1', 'bus:2').replace('web:1', 'web:2');
  const bus = 'bus-1 other running healthy id=b';
  const steps = passes([
    { manifests: old, docker: 'bus-1 running healthy id=b\nweb-1 running id=w' },
    { manifests: edited, docker: bus, at: 1001 },
    { manifests: edited, docker: bus, at: 1002 },
  ]).map(({ lines }) => lines.filter((line) => line.includes('web')));
  expect(steps).toEqual([[], [], []]);
});
