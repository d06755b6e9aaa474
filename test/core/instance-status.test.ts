// Owns: the state word of a replica, and the facts that programs outside read of it.
import { describe, expect, test } from 'vitest';
import { instanceStatus, versionOf } from '../../src/core/instance-status.js';
import { emptyServiceMemory } from '../../src/core/memory.js';
import { serviceName } from '../../src/model/ids.js';
import type { Step } from '../../src/model/step.js';
import { afterSteps, contextOf, failed, pass, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const PROBED = 'web: {image: web:1, probes: [{tcp: {port: 80}}]}';
const CHECKED = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';

const instanceOf = (scene: Scene) => {
  const [instance] = pass({ manifests: WEB, ...scene }).facts('web').instances;
  if (instance === undefined) throw new Error('no instance');
  return instance;
};
const stateOf = (docker: string, rest: Scene = {}): string => instanceOf({ docker, ...rest }).state;

describe('contract 3: the state of a replica', () => {
  test.each([
    ['running', 'running'],
    ['restarting', 'starting'],
    ['restarting error=no_such_device', 'starting'],
    ['created', 'starting'],
    ['created error=no_such_device', 'failed'],
    ['dead', 'failed'],
    ['removing', 'stopping'],
    ['paused', 'stopped'],
    ['exited', 'stopped'],
    ['running silent', 'unknown'],
  ])('%s must be called %s', (status, state) => {
    expect(stateOf(`web-1 ${status}`)).toBe(state);
  });

  test('one that is being stopped or removed must be called stopping, and nobody else', () => {
    const context = contextOf({ manifests: WEB, docker: 'web-1 running\nweb-2 exited' });
    const [first, second] = context.observed.services.get(serviceName('web')) ?? [];
    const stop = pass({ manifests: WEB, docker: 'web-1 running age=9\nweb-2 running' }).steps;
    expect(stop.map(({ kind }) => kind)).toEqual(['stopContainer']);
    const remove = pass({ manifests: WEB, docker: 'web-1 running\nweb-2 exited' }).steps;
    expect(remove.map(({ kind }) => kind)).toEqual(['removeContainer']);
    const states = (docker: string, inFlight: readonly Step[]): readonly string[] =>
      pass({ manifests: WEB, docker, inFlight })
        .facts('web')
        .instances.map(({ instance_id, state }) => `${instance_id.split('-')[2]} ${state}`);
    expect(first?.id).not.toBe(second?.id);
    expect(states('web-1 running\nweb-2 running', stop)).toEqual(['1 running', '2 stopping']);
    expect(states('web-1 running\nweb-2 exited', remove)).toEqual(['1 running', '2 stopping']);
    expect(states('web-1 running\nweb-2 exited id=other', remove)).toEqual(['1 running', '2 stopped']);
  });

  test('one that another step is about must be called what it is', () => {
    const start = pass({ manifests: WEB, docker: 'web-1 created id=x' }).steps;
    expect(start.map(({ kind }) => kind)).toEqual(['startContainer']);
    expect(stateOf('web-1 running id=x', { inFlight: start })).toBe('running');
  });

  test('one that has ended must not be called starting while we rename it', () => {
    const rename = pass({ manifests: WEB, docker: 'web-1 running named=x id=x' }).steps;
    expect(rename.map(({ kind }) => kind)).toEqual(['renameContainer']);
    expect(stateOf('web-1 exited named=x id=x', { inFlight: rename })).toBe('stopped');
  });

  test('one that has ended must be called starting while we start or restart it, and nobody else', () => {
    const seen = pass({ manifests: WEB, docker: 'web-1 exited id=x' });
    const start = pass({ manifests: WEB, docker: 'web-1 exited id=x', at: 1003, memory: seen.memory }).steps;
    expect(start.map(({ kind }) => kind)).toEqual(['startContainer']);
    const restart = start.map((step): Step => {
      if (step.kind !== 'startContainer') throw new Error('no start');
      return { ...step, kind: 'restartContainer', graceMs: 0, follows: null };
    });
    for (const inFlight of [start, restart]) {
      expect(stateOf('web-1 exited id=x', { inFlight })).toBe('starting');
      expect(stateOf('web-1 exited id=y', { inFlight })).toBe('stopped');
    }
  });

  test('one that was made must be called starting only while a step of ours brings it up', () => {
    const manifests = 'bus: {image: bus:1}\nweb: {image: web:1, depends_on: [bus]}';
    expect(stateOf('bus-1 running\nweb-1 created', { manifests })).toBe('starting');
    expect(stateOf('bus-1 exited\nweb-1 created', { manifests })).toBe('stopped');
    expect(stateOf('web-1 created other')).toBe('stopped');
  });

  test('8.9 one that was paused must be called stopped, although its start failed before', () => {
    const { observed, now } = contextOf({ manifests: WEB, docker: 'web-1 paused' });
    const [paused] = observed.services.get(serviceName('web')) ?? [];
    if (paused === undefined) throw new Error('no container');
    const about = {
      service: null,
      memory: emptyServiceMemory,
      step: null,
      due: null,
      hasFailedStart: true,
      now,
    };
    expect(instanceStatus(paused, about).state).toBe('stopped');
  });

  test('8.9 one that could not be started again must be called failed', () => {
    const docker = 'web-1 exited';
    const seen = pass({ manifests: WEB, docker });
    const tried = pass({ manifests: WEB, docker, at: 1003, memory: seen.memory });
    const memory = afterSteps(tried, failed('engine', 'no such device'));
    expect(stateOf(docker, { at: 1004, memory })).toBe('failed');
  });
});

describe('contract 3: the health of a replica', () => {
  test.each([
    [WEB, 'running', 'unknown'],
    [CHECKED, 'exited checked', 'unknown'],
    [CHECKED, 'running healthy', 'healthy'],
    [CHECKED, 'running starting', 'starting'],
    [CHECKED, 'running unhealthy', 'unhealthy'],
    [PROBED, 'running', 'starting'],
    [PROBED, 'running probed=starting', 'starting'],
    [PROBED, 'running probed=healthy', 'healthy'],
    [PROBED, 'running probed=unhealthy', 'unhealthy'],
    [PROBED, 'running blind', 'unknown'],
    [PROBED, 'exited probed=healthy', 'unknown'],
  ])('6.5 %s, %s: must be called %s', (manifests, status, health) => {
    expect(instanceOf({ manifests, docker: `web-1 ${status}` }).health_status).toBe(health);
  });
});

describe('contract 3: the facts of a replica', () => {
  const factsOf = (status: string) => {
    const { start_time, stop_time, exit_code } = instanceOf({ docker: `web-1 ${status}` });
    return { start: start_time?.slice(11, 19) ?? null, stop: stop_time?.slice(11, 19) ?? null, exit_code };
  };

  test('it must have begun once it was started, and ended while it is at rest', () => {
    expect(factsOf('created')).toEqual({ start: null, stop: null, exit_code: null });
    expect(factsOf('running up=60')).toEqual({ start: '12:15:40', stop: null, exit_code: null });
    expect(factsOf('exited up=60 ended=10 exit=3')).toEqual({
      start: '12:15:40',
      stop: '12:16:30',
      exit_code: 3,
    });
    expect(factsOf('dead up=60 ended=10 exit=137')).toEqual({
      start: '12:15:40',
      stop: '12:16:30',
      exit_code: 137,
    });
  });

  test('the end of an earlier run must not be told of a later one', () => {
    const { observed, ...rest } = contextOf({ manifests: WEB, docker: 'web-1 exited ended=10' });
    const [ended] = observed.services.get(serviceName('web')) ?? [];
    if (ended === undefined) throw new Error('no container');
    const again = { ...ended, status: 'running' as const };
    const about = {
      service: null,
      memory: emptyServiceMemory,
      step: null,
      due: null,
      hasFailedStart: false,
      now: rest.now,
    };
    expect(instanceStatus(again, about).stop_time).toBeNull();
    expect(instanceStatus({ ...ended, finishedAt: null }, about).stop_time).toBeNull();
  });

  test('the version must be the declared one, else what its image says, else the tag', () => {
    const context = contextOf({
      manifests: 'web: {image: "registry:5000/web:1.2"}',
      docker: 'web-1 running',
    });
    const service = context.desired.services.get(serviceName('web')) ?? null;
    const [container] = context.observed.services.get(serviceName('web')) ?? [];
    if (service === null || container === undefined) throw new Error('no web');
    const other = { ...container, image: 'web:0.9' };
    expect(versionOf({ ...service, version: '7' }, other)).toBe('7');
    expect(versionOf(service, { ...other, imageVersion: '8' })).toBe('8');
    expect(versionOf(service, other)).toBe('0.9');
    expect(versionOf(service, null)).toBe('1.2');
    expect(versionOf(null, { ...other, image: 'registry:5000/web' })).toBe('latest');
    expect(versionOf(null, { ...other, image: 'web:1.3@sha256:0' })).toBe('1.3');
    expect(versionOf(null, null)).toBe('latest');
  });
});
