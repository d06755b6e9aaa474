// Owns: that every event is told once per change, by what is seen and not by what was done.
import { describe, expect, test } from 'vitest';
import type { EventDraft, EventType } from '../../src/model/event.js';
import { afterSteps, eventTypes, failed, type Pass, pass, passes, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
const at = (second: number, docker: string, more: Partial<Scene> = {}): Scene => ({
  manifests: WEB,
  docker,
  at: second,
  ...more,
});
const told = (scenes: readonly Scene[]): readonly (readonly string[])[] => passes(scenes).map(eventTypes);

/** The facts of the one event of a type. */
function factsOf(one: Pass | undefined, type: EventType): EventDraft['facts'] {
  const found = one?.events.filter((event) => event.type === type) ?? [];
  expect(found).toHaveLength(1);
  return found[0]?.facts ?? { message: '' };
}

describe('contract 5: once per instance', () => {
  test('creation, start and readiness of a new instance must be told, each once', () => {
    expect(
      told([
        at(1000, ''),
        at(1001, 'web-1 created'),
        at(1002, 'web-1 running starting up=-2'),
        at(1003, 'web-1 running starting up=-2'),
        at(1004, 'web-1 running healthy up=-2'),
        at(1005, 'web-1 running healthy up=-2'),
      ]),
    ).toEqual([[], ['service_created'], ['service_started'], [], ['service_ready'], []]);
  });

  test('service_started must name address, ports and what it needed, in start order', () => {
    const manifests = `
bus: {image: bus:1}
db: {image: db:1, depends_on: [bus]}
web: {image: web:1, depends_on: [db]}`;
    const before = 'bus-1 running\ndb-1 running';
    const [, second] = passes([
      { manifests, docker: `${before}\nweb-1 created` },
      { manifests, docker: `${before}\nweb-1 running port=8080 up=-1`, at: 1001 },
    ]);
    expect(factsOf(second, 'service_started')).toMatchObject({
      service_name: 'web',
      slot: 1,
      dependencies: ['bus', 'db'],
      ip_address: '172.20.0.2',
      ports: { '80/tcp': 8080 },
    });
  });

  test('a stop and a removal must be told, the removal of what ran as both', () => {
    const running = 'web-1 running healthy id=x';
    expect(told([at(1000, running), at(1001, 'web-1 exited id=x'), at(1002, '')]).slice(1)).toEqual([
      ['service_stopped'],
      ['drift_detected', 'service_removed'],
    ]);
    expect(told([at(1000, running), at(1001, '')])[1]).toEqual([
      'drift_detected',
      'service_stopped',
      'service_removed',
    ]);
  });

  test('a new start of the same container must be told as a restart', () => {
    const events = told([
      at(1000, 'web-1 running healthy id=x'),
      at(1001, 'web-1 running starting id=x up=-1'),
    ]);
    expect(events[1]).toEqual(['service_restarted']);
  });

  test('sickness and recovery must be told, each once', () => {
    const [, sick, still, well] = passes([
      at(1000, 'web-1 running healthy'),
      at(1001, 'web-1 running unhealthy'),
      at(1002, 'web-1 running unhealthy'),
      at(1003, 'web-1 running healthy'),
    ]);
    expect(factsOf(sick, 'service_unhealthy')).toMatchObject({ health_status: 'unhealthy', slot: 1 });
    expect(still === undefined ? [] : eventTypes(still)).toEqual([]);
    expect(well === undefined ? [] : eventTypes(well)).toEqual([
      'service_recovered',
      'service_ready',
      'recovery',
    ]);
  });

  test('what a fresh process finds running must be no news', () => {
    expect(told([at(1000, 'web-1 running healthy')])).toEqual([[]]);
  });

  test('what a fresh process finds wrong must be told', () => {
    const [first] = told([at(1000, 'web-1 running unhealthy')]);
    expect(first).toContain('service_failed');
  });
});

describe('contract 5: once per service', () => {
  test('service_ready must not be told anew for every crash of a container that nothing checks', () => {
    const manifests = 'web: {image: web:1}';
    const moment = (second: number, docker: string): Scene => ({ manifests, docker, at: second });
    const scenes = [
      moment(1000, ''),
      moment(1001, 'web-1 running id=x up=-1'),
      moment(1005, 'web-1 restarting restarts=1 id=x up=-1'),
      moment(1006, 'web-1 running restarts=1 id=x up=-6'),
      moment(1015, 'web-1 restarting restarts=2 id=x up=-6'),
      moment(1017, 'web-1 running restarts=2 id=x up=-17'),
    ];
    const counts = (of: readonly Scene[]): readonly number[] =>
      ['service_ready', 'service_restarted'].map(
        (type) =>
          told(of)
            .flat()
            .filter((other) => other === type).length,
      );
    expect(counts(scenes)).toEqual([1, 2]);
    const checked = scenes.map((scene) => ({
      ...scene,
      manifests: WEB,
      docker: scene.docker?.replace('running', 'running healthy') ?? '',
    }));
    expect(counts(checked)).toEqual([3, 2]);
  });

  test('service_ready must be told anew once a failure that was told is over, and for a start by us', () => {
    const manifests = 'web: {image: web:1}';
    const loop = [1, 2, 3, 4, 5].map((restarts): Scene => {
      return {
        manifests,
        docker: `web-1 restarting restarts=${restarts} id=x up=-${restarts}`,
        at: 1001 + restarts,
      };
    });
    const events = told([
      { manifests, docker: 'web-1 running id=x' },
      ...loop,
      { manifests, docker: 'web-1 running restarts=5 id=x up=-7', at: 1700 },
      { manifests, docker: 'web-1 exited id=x up=-7 ended=-701', at: 1701 },
      { manifests, docker: 'web-1 running id=x up=-705', at: 1705 },
    ]);
    expect(events[5]).toContain('service_failed');
    expect(events[6]).toEqual(expect.arrayContaining(['service_ready', 'recovery']));
    expect(events[8]).toContain('service_ready');
  });

  test('service_completed must be told when a one-shot has ended well', () => {
    const manifests = 'job: {image: job:1, restart: "no"}';
    const events = told([
      { manifests, docker: 'job-1 running id=j', at: 1000 },
      { manifests, docker: 'job-1 exited exit=0 id=j', at: 1001 },
      { manifests, docker: 'job-1 exited exit=0 id=j', at: 1002 },
    ]);
    expect(events.slice(1)).toEqual([['service_stopped', 'service_completed'], []]);
  });

  test('a one-shot that is over before it is seen to run must be told of whole', () => {
    const manifests = 'job: {image: job:1, restart: "no"}';
    const events = told([
      { manifests, docker: '', at: 1000 },
      { manifests, docker: 'job-1 exited exit=0', at: 1001 },
    ]);
    expect(events[1]).toEqual(['service_created', 'service_started', 'service_stopped', 'service_completed']);
  });

  test('service_failed and orchestration_errors must be told of a failure, recovery of its end', () => {
    const broken = pass(at(1000, 'web-1 created'));
    const memory = afterSteps(broken, failed('portInUse', 'port is already allocated'));
    const [failing, again, well] = passes([
      at(1001, 'web-1 created', { memory }),
      at(1002, 'web-1 created'),
      at(1010, 'web-1 running healthy up=-5'),
    ]);
    expect(factsOf(failing, 'service_failed')).toMatchObject({ service_name: 'web' });
    expect(factsOf(failing, 'orchestration_errors')).toMatchObject({
      service_name: 'web',
      category: 'engine',
    });
    expect(again === undefined ? [] : eventTypes(again)).toEqual([]);
    expect(well === undefined ? [] : eventTypes(well)).not.toContain('service_failed');
  });

  test('recovery must be told once, whatever lies between the failure and its end', () => {
    const broken = pass(at(1000, 'web-1 created'));
    const memory = afterSteps(broken, failed('portInUse', 'port is already allocated'));
    const events = told([
      at(1001, 'web-1 created', { memory }),
      at(1012, 'web-1 running starting up=-1'),
      at(1014, 'web-1 running healthy up=-3'),
      at(1015, 'web-1 running healthy up=-4'),
    ]);
    expect(events.map((types) => types.filter((type) => type === 'recovery').length)).toEqual([0, 0, 1, 0]);
  });

  test('the class of an error must be told: an image', () => {
    const scene: Scene = { manifests: WEB, images: { 'web:1': 'missing' } };
    const memory = afterSteps(pass(scene), failed('pullFailed', 'not found'));
    expect(factsOf(pass({ ...scene, memory, at: 1001 }), 'orchestration_errors')).toMatchObject({
      category: 'image',
    });
  });

  test('service_blocked must be told once per set of what is waited for', () => {
    const manifests = 'bus: {image: bus:1, replicas: 0}\nweb: {image: web:1, depends_on: [bus]}';
    const [first, second] = passes([
      { manifests, at: 1000 },
      { manifests, at: 1001 },
    ]);
    expect(factsOf(first, 'service_blocked')).toMatchObject({ service_name: 'web', waiting_for: ['bus'] });
    expect(second === undefined ? [] : eventTypes(second)).toEqual([]);
  });

  test('a smaller number must be told with the names that are gone', () => {
    const docker = 'web-1 running healthy\nweb-2 running healthy';
    const two = WEB.replace('{image', '{replicas: 2, image');
    const [, , third] = passes([
      at(1000, docker, { manifests: two }),
      at(1001, docker),
      at(1002, 'web-1 running healthy'),
    ]);
    expect(factsOf(third, 'service_scaled_down')).toMatchObject({
      removed_instances: 1,
      new_total: 1,
      instance_ids: [expect.stringMatching(/^alicia-web-2-/)],
    });
  });

  test('the removal of a service must be told, and its status be taken back', () => {
    const kept = 'a: {image: a:1}\nb: {image: b:1}';
    const both = 'a-1 running\nb-1 running';
    const [, , gone] = passes([
      { manifests: kept, docker: `${both}\nold-1 running`, at: 1000 },
      { manifests: kept, docker: `${both}\nold-1 exited`, at: 1001 },
      { manifests: kept, docker: both, at: 1002 },
    ]);
    expect(gone === undefined ? [] : eventTypes(gone)).toEqual(['service_removed']);
    expect([...(gone?.decision.statuses ?? [])].find(([name]) => name === 'old')?.[1]).toBeNull();
  });
});

describe('contract 5: once per object', () => {
  test('the removal of a container by others must be told as drift, mended when all is as declared', () => {
    const [, gone, back] = passes([
      at(1000, 'web-1 running healthy id=x'),
      at(1001, ''),
      at(1003, 'web-1 running healthy id=y up=-2'),
    ]);
    expect(factsOf(gone, 'drift_detected')).toEqual({
      service_name: 'web',
      what: 'container web-1 was removed',
    });
    expect(factsOf(back, 'drift_corrected')).toEqual({
      service_name: 'web',
      what: 'container web-1 was removed',
    });
  });

  test('drift of a last good version must be told as mended while the manifest is still in error', () => {
    const stale = { stale: { web: 'line 3' } };
    const [, , back] = passes([
      at(1000, 'web-1 running healthy id=x', stale),
      at(1001, '', stale),
      at(1002, 'web-1 running healthy id=y', stale),
    ]);
    expect(factsOf(back, 'drift_corrected')).toMatchObject({ what: 'container web-1 was removed' });
  });

  test('a pause and a lost network must be told as drift', () => {
    const [, paused] = passes([at(1000, 'web-1 running healthy'), at(1001, 'web-1 paused')]);
    expect(factsOf(paused, 'drift_detected')).toMatchObject({ what: 'container web-1 was paused' });
    const [, off] = passes([
      at(1000, 'web-1 running healthy'),
      at(1001, 'web-1 running healthy off=alicia_bus_network'),
    ]);
    expect(factsOf(off, 'drift_detected')).toMatchObject({
      what: 'container web-1 was taken off alicia_bus_network',
    });
  });

  test('what we remove ourselves must be no drift', () => {
    const none = WEB.replace('{image', '{replicas: 0, image');
    const events = told([
      at(1000, 'web-1 running healthy id=x', { manifests: none }),
      at(1001, 'web-1 exited id=x', { manifests: none }),
      at(1002, '', { manifests: none }),
    ]);
    expect(events.flat()).not.toContain('drift_detected');
  });
});
