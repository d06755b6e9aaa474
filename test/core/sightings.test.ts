// Owns: how what is remembered of a service is brought up to what is seen.
import { describe, expect, test } from 'vitest';
import { emptyServiceMemory, type ServiceMemory } from '../../src/core/memory.js';
import { type ContainerId, containerId, serviceName, stepKey } from '../../src/model/ids.js';
import {
  eventTypes,
  firstContainerOf,
  lastPass,
  linesOf,
  type Pass,
  pass,
  passes,
  type Scene,
  settledMemory,
} from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const JOB = 'job: {image: job:1, restart: "no"}';
const web = serviceName('web');

const knownOf = ({ memory }: Pass, service: string): ServiceMemory =>
  memory.services.get(serviceName(service)) ?? emptyServiceMemory;

function idOf(scene: Scene, service = 'web'): ContainerId {
  const id = firstContainerOf(scene, service);
  if (id === null) throw new Error('no container');
  return id;
}

/** All that can be remembered of one container. */
const traces = (id: ContainerId): ServiceMemory => ({
  ...emptyServiceMemory,
  backoffs: new Map([
    [
      'a',
      {
        ...{ key: stepKey('replica:web/1'), kind: 'renameContainer', failures: 1, untilMs: 9e9, hash: null },
        failure: { code: 'engine', message: 'no', status: 500 },
        container: id,
      },
    ],
  ]),
  startedAgain: new Set([id]),
  verdicts: new Map([[id, 'not ready']]),
  stoppedByUs: new Set([id]),
  removedByUs: new Set([id]),
  restarts: new Map([[id, 2]]),
  takenOff: new Set([`${id} front`]),
  updated: new Map([[id, '']]),
  followed: new Map([[id, new Map([[serviceName('bus'), 'a']])]]),
  refused: new Map([[id, '']]),
  interruptions: new Map([[id, 1]]),
});

describe('nothing may be remembered of a container that is gone', () => {
  const kept = (scene: Scene, id: ContainerId): readonly string[] => {
    const memory = { ...settledMemory, services: new Map([[web, traces(id)]]) };
    const { told: _told, status: _status, runs: _runs, ...rest } = knownOf(pass({ ...scene, memory }), 'web');
    return Object.entries(rest)
      .filter(([, value]) => typeof value === 'object' && value !== null && value.size > 0)
      .map(([name]) => name)
      .sort();
  };

  test('neither failures nor anything else', () => {
    expect(kept({ manifests: WEB, docker: 'web-1 running' }, containerId('f'.repeat(64)))).toEqual([
      'crashes',
    ]);
  });

  test('but all of one that is there, as long as it counts', () => {
    const scene = { manifests: WEB, docker: 'web-1 exited' };
    expect(kept(scene, idOf(scene))).toEqual([
      ...['backoffs', 'crashes', 'exits', 'followed', 'interruptions', 'refused', 'restarts'],
      ...['startedAgain', 'stoppedByUs', 'takenOff', 'verdicts'],
    ]);
  });
});

test('6.3 the end of one that we stopped once, and that has run since, must be drift', () => {
  const running = { manifests: WEB, docker: 'web-1 running id=x' };
  const stopped = { ...emptyServiceMemory, stoppedByUs: new Set([idOf(running)]) };
  const done = passes([
    { ...running, memory: { ...settledMemory, services: new Map([[web, stopped]]) } },
    { manifests: WEB, docker: 'web-1 exited ended=-1 id=x', at: 1001 },
    { manifests: WEB, docker: 'web-1 exited ended=-1 id=x', at: 1004 },
  ]);
  expect(done.map(({ lines }) => lines)).toEqual([[], [], ['start container web-1  exited 0']]);
  expect(done.flatMap(eventTypes)).toContain('drift_detected');
});

describe('4.5 a stop whose end is seen before its reply', () => {
  const verdictsAfter = (scene: Scene, after: string): number =>
    knownOf(pass({ ...scene, docker: after, inFlight: pass(scene).steps }), 'web').verdicts.size;
  const slow = { manifests: 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}' };
  const old = 'web-1-old other exited policy=no';

  test('4.5 must be a verdict where it was made for one', () => {
    const docker = `${old}\nweb-1 running starting up=9000`;
    expect(verdictsAfter({ ...slow, docker }, `${old}\nweb-1 exited`)).toBe(1);
  });

  test('4.5 must be none otherwise, and neither must another step', () => {
    const docker = 'web-1 running age=5\nweb-2 running';
    expect(verdictsAfter({ manifests: WEB, docker }, 'web-1 running age=5\nweb-2 exited')).toBe(0);
    const ended = { manifests: 'web: {image: web:2}', docker: `${old}\nweb-1 exited` };
    expect(pass(ended).lines[0]).toContain('start container web-1  ');
    expect(verdictsAfter(ended, ended.docker)).toBe(0);
  });
});

test('3.3 a limit that was set in place must be set again once somebody changes it', () => {
  const manifests = 'web: {image: web:1, mem_limit: 64m}';
  const done = passes([
    { manifests, docker: 'web-1 running mem=32m' },
    { manifests, docker: 'web-1 running mem=32m', at: 1001 },
    { manifests, docker: 'web-1 running mem=64m', at: 1002 },
    { manifests, docker: 'web-1 running mem=32m', at: 1003 },
  ]);
  expect(done.map(({ lines }) => lines.length)).toEqual([1, 0, 0, 1]);
});

describe('6.3 what is known of an end', () => {
  const endOf = (scenes: readonly Scene[], service = 'job') => {
    const last = lastPass(scenes);
    const [container] = last.context.observed.services.get(serviceName(service)) ?? [];
    return knownOf(last, service).exits.get(container?.id ?? containerId(''))?.isResult ?? null;
  };
  const run = { manifests: JOB, docker: 'job-1 running id=x', at: 999 };

  test('6.3 must be nothing while it has not ended', () => {
    expect(endOf([{ manifests: JOB, docker: 'job-1 running' }])).toBeNull();
    expect(endOf([{ manifests: JOB, docker: 'job-1 dead' }])).toBeNull();
  });

  test('6.3 must be a result for the run of a one-shot alone', () => {
    expect(endOf([run, { manifests: JOB, docker: 'job-1 exited id=x' }])).toBe(true);
    expect(endOf([run, { manifests: JOB, docker: 'job-1 exited exit=1 id=x' }])).toBe(true);
    const scenes = [{ manifests: WEB, docker: 'web-1 running id=x', at: 999 }];
    expect(endOf([...scenes, { manifests: WEB, docker: 'web-1 exited id=x' }], 'web')).toBe(false);
  });

  test('6.3 must be no result by a spec that the container was not made for', () => {
    expect(endOf([{ manifests: JOB, docker: 'job-1 other exited' }])).toBe(false);
    const edited = 'job: {image: job:2, restart: "no"}';
    const ended = { manifests: JOB, docker: 'job-1 exited id=x' };
    expect(endOf([run, ended, { manifests: edited, docker: 'job-1 other exited id=x', at: 1001 }])).toBe(
      true,
    );
  });

  test('6.4 must be no result where it was found so, by a signal', () => {
    expect(endOf([{ manifests: JOB, docker: 'job-1 exited exit=143' }])).toBe(false);
    expect(endOf([run, { manifests: JOB, docker: 'job-1 exited exit=143 id=x' }])).toBe(true);
  });
});

describe('4.1 the pause between two groups of a rollout', () => {
  const spec = (image: string): string =>
    `web: {image: "${image}", replicas: 3, deploy: {update_config: {delay: 10m, order: start-first}}}`;

  test('4.1 must not follow from replicas that are in no rollout', () => {
    const rest = 'web-1 running\nweb-2 running';
    const [, second] = passes([
      { manifests: spec('web:1'), docker: `${rest}\nweb-3 running` },
      { manifests: spec('web:1'), docker: `${rest}\nweb-3 other running`, at: 1001 },
    ]);
    expect(second?.lines).toEqual(['create container web-3  its spec changed']);
  });

  test('4.1 must be over with the rollout', () => {
    const manifests = spec('web:1').replace('replicas: 3, ', '');
    const scenes = [
      { manifests, docker: 'web-1-old other exited policy=no\nweb-1 running' },
      { manifests, docker: 'web-1 running', at: 1001 },
      { manifests: manifests.replace('web:1', 'web:2'), docker: 'web-1 other running', at: 1002 },
    ];
    expect(lastPass(scenes).lines).toEqual(['create container web-1  its spec changed']);
    expect(linesOf({ manifests, docker: 'web-1 running' })).toEqual([]);
  });
});
