// Owns: the state word of a service none of whose replicas is up: starting while it is brought up, stopped while it waits.
import { describe, expect, test } from 'vitest';
import { serviceName } from '../../src/model/ids.js';
import { keys } from '../../src/model/step.js';
import { afterSteps, failed, linesOf, pass, passes, type Scene } from '../support/decision.js';
import { CHECK, web } from '../support/web.js';

const STOP_FIRST = web('deploy: {update_config: {order: stop-first}}');
const BUS = `bus: {image: bus:1, ${CHECK}}`;
const NEEDING = `${BUS}\n${web('depends_on: {bus: {condition: service_healthy}}')}`;
const stateOf = (scene: Scene): string => pass(scene).facts('web').state;
/** While the steps that are due are under way. */
const stateAmid = (scene: Scene): string => stateOf({ ...scene, inFlight: pass(scene).steps });

describe('contract 3: the state of a service whose replica is replaced, stop-first', () => {
  const MOMENTS = [
    ['the old one serves', 'web-1 other running healthy', 'running', 'stopping'],
    ['the old one is stopped', 'web-1 other exited', 'starting', 'starting'],
    ['the old one is kept aside', 'web-1-old other exited', 'starting', 'starting'],
    ['the new one is made', 'web-1-old other exited\nweb-1 created', 'starting', 'starting'],
    ['the new one is not ready', 'web-1-old other exited\nweb-1 running starting', 'starting', 'starting'],
    ['the new one ended once', 'web-1-old other exited\nweb-1 exited exit=1', 'starting', 'starting'],
    ['the new one is ready', 'web-1-old other exited\nweb-1 running healthy', 'running', 'running'],
  ] as const;

  test.each(MOMENTS)('it must never be stopped: %s', (_, docker, atFirst, amid) => {
    const scene = { manifests: STOP_FIRST, docker };
    expect([stateOf(scene), stateAmid(scene)]).toEqual([atFirst, amid]);
  });
});

describe('contract 3: a service must be starting while a step of ours brings a replica of it up', () => {
  test.each([
    ['nothing is there', ''],
    ['only the evidence of a spec that is no longer wanted is there', 'web-1-failed other exited exit=1'],
    ['the old one comes back because its spec is wanted again', 'web-1-old exited'],
    ['it was put aside as stuck', 'web-1-stuck-abcd dead'],
    ['it is paused', 'web-1 paused'],
  ])('%s', (_, docker) => {
    const scene = { manifests: web(), docker };
    expect(linesOf(scene).length).toBeGreaterThan(0);
    expect([stateOf(scene), stateAmid(scene)]).toEqual(['starting', 'starting']);
  });

  test('its image is pulled before its old run is removed', () => {
    const scene: Scene = {
      manifests: 'web: {image: web:1, restart: "no"}',
      docker: 'web-1 other exited',
      images: { 'web:1': 'missing' },
    };
    const { steps } = pass(scene);
    expect(steps.map(({ kind }) => kind)).toContain('pullImage');
    const pulling = steps.filter(({ kind }) => kind === 'pullImage');
    expect([stateOf(scene), stateOf({ ...scene, inFlight: pulling })]).toEqual(['starting', 'starting']);
  });

  test('one that has ended is started again, once that is decided', () => {
    const scene = { manifests: web(), docker: 'web-1 exited' };
    const [seen, decided] = passes([scene, { ...scene, at: 1003 }]);
    expect([seen?.facts('web').state, decided?.facts('web').state]).toEqual(['stopped', 'starting']);
  });
});

describe('contract 3: a service that waits must be stopped', () => {
  test.each([
    ['without a container', ''],
    ['with one that was made and never started', 'web-1 created'],
    ['with one that has ended', 'web-1 exited'],
    ['with an old one that has ended', 'web-1 other exited'],
  ])('for a dependency: %s', (_, docker) => {
    const scene = { manifests: NEEDING, docker: `bus-1 running starting\n${docker}` };
    expect(linesOf(scene)).toEqual([]);
    expect(stateOf(scene)).toBe('stopped');
    expect(stateOf({ ...scene, docker: scene.docker.replace('starting', 'healthy') })).toBe(
      docker === 'web-1 exited' ? 'stopped' : 'starting',
    );
  });

  test('for a dependency, also while what else it needs is made', () => {
    const scene = { manifests: NEEDING, docker: 'bus-1 running starting\nweb-1 created', networks: [] };
    expect(pass(scene).steps.map(({ kind }) => kind)).toContain('createNetwork');
    expect(stateOf(scene)).toBe('stopped');
  });

  test('for the container whose network it shares, also while its image is pulled', () => {
    const manifests = 'vpn: {image: vpn:1, restart: "no"}\nweb: {image: web:1, network_mode: "service:vpn"}';
    const scene: Scene = { manifests, docker: 'vpn-1 exited', images: { 'web:1': 'missing' } };
    expect(linesOf(scene)).toEqual(['pull image web:1  not on this host']);
    expect(stateOf(scene)).toBe('stopped');
  });

  test('for a back-off to end, and be starting when it is tried again', () => {
    const scene: Scene = { manifests: STOP_FIRST, docker: 'web-1-old other exited' };
    const memory = afterSteps(pass(scene), failed('unreachable', 'the engine is away'));
    expect(stateOf({ ...scene, memory, at: 1000.1 })).toBe('stopped');
    expect(stateOf({ ...scene, memory, at: 1001 })).toBe('starting');
  });

  test('for a pull to be tried again, and be starting when it is', () => {
    const scene: Scene = { manifests: web(), images: { 'web:1': 'missing' } };
    const memory = afterSteps(pass(scene), failed('unreachable', 'the engine is away'));
    expect(stateOf({ ...scene, memory, at: 1000.1 })).toBe('stopped');
    expect(stateOf({ ...scene, memory, at: 1001 })).toBe('starting');
  });
});

describe('contract 3: a service must be stopped where nothing brings it up', () => {
  test('scaled to 0, whatever is removed of it', () => {
    expect(stateOf({ manifests: web('replicas: 0'), docker: 'web-1-old other exited' })).toBe('stopped');
  });

  test('a completed one, though its limits are updated in place', () => {
    const manifests = 'web: {image: web:1, restart: "no", mem_limit: 256m}';
    const scene = { manifests, docker: 'web-1 exited exit=0 mem=512m swap=1024m' };
    expect(pass(scene).steps.map(({ kind }) => kind)).toEqual(['updateContainer']);
    expect(stateOf(scene)).toBe('stopped');
  });

  test('one that goes, before it is told as stopping', () => {
    const scene = { manifests: web(), docker: 'web-1 exited id=a\nweb-1 exited id=b age=9' };
    const { steps } = pass(scene);
    expect(steps.map(({ kind, key }) => [kind, key])).toEqual([
      ['removeContainer', keys.replica(serviceName('web'), 1)],
    ]);
    expect([stateOf(scene), stateAmid(scene)]).toEqual(['stopped', 'stopping']);
  });
});

test('contract 3: a replica that is left stopped must stay so while another one is brought up', () => {
  const scene = { manifests: web('replicas: 2, self_heal: false'), docker: 'web-1 exited' };
  expect(linesOf(scene)).toEqual([expect.stringContaining('create container web-2')]);
  const states = pass(scene)
    .facts('web')
    .instances.map(({ slot, state }) => [slot, state]);
  expect(states).toEqual([[1, 'stopped']]);
});
