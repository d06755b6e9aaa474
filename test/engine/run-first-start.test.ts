// The first start of a graph on an empty engine: what then runs, in which order, and what the world was told of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { eventually } from '../support/eventually.js';
import { observe } from '../support/mosquitto.js';
import { root } from '../support/paths.js';
import type { Sighting } from './support/engine-view.js';
import {
  type Bus,
  healthy,
  object,
  of,
  openBus,
  openProject,
  PATIENCE_MS,
  type RunningController,
  service,
  type TestProject,
} from './support/project.js';

const AVAILABILITY = 'alicia/orchestrator/box/availability';
const NAMES = ['api', 'bus', 'cache', 'migration', 'web'];

async function writeGraph(project: TestProject): Promise<void> {
  await project.write(
    'data.yaml',
    object('Volume', 'data'),
    service('migration', {
      restart: 'no',
      command: ['sh', '-c', 'echo 7 > /data/version; sleep 1'],
      volumes: ['data:/data'],
      depends_on: ['bus'],
    }),
  );
  await project.write(
    'bus.yaml',
    service('bus', { priority: 1 }),
    service('cache', { healthcheck: healthy }),
  );
  await project.write(
    'api.yaml',
    service('api', {
      replicas: 2,
      healthcheck: healthy,
      volumes: ['data:/data:ro'],
      depends_on: {
        bus: { condition: 'service_started' },
        cache: { condition: 'service_healthy' },
        migration: { condition: 'service_completed_successfully' },
      },
    }),
    service('web', { depends_on: { api: { condition: 'service_healthy' } } }),
  );
}

describe('the first start', () => {
  let project: TestProject;
  let bus: Bus;
  let controller: RunningController;
  let seen: readonly Sighting[];

  beforeAll(async () => {
    project = await openProject();
    bus = await openBus();
    await writeGraph(project);
    controller = await project.run({ 'mqtt-url': bus.url });
    seen = await project.untilInSync(controller);
  });

  afterAll(async () => {
    await project.close();
    await bus.close();
  });

  const only = (name: string): Sighting => {
    const [first] = of(seen, name);
    if (first === undefined) throw new Error(`there is no container of ${name}`);
    return first;
  };

  test('every service must run as often as declared, in slots from 1, under its deterministic name', () => {
    expect(seen.map(({ service: name, slot, status }) => `${name}-${slot} ${status}`).sort()).toEqual([
      'api-1 running',
      'api-2 running',
      'bus-1 running',
      'cache-1 running',
      'migration-1 exited',
      'web-1 running',
    ]);
    for (const { name, service: owner, slot } of seen)
      expect(name).toMatch(new RegExp(`^${project.name}-${owner}-${slot}-[0-9a-f]{8}$`));
    expect(seen.map(({ restarts }) => restarts)).toEqual(seen.map(() => 0));
  });

  test('2.2 a dependent must not start before every replica of its dependency meets the condition', () => {
    const order = project.engine.happenings.map(({ action, service: name }) => `${name} ${action}`);
    const first = (what: string): number => {
      expect(order).toContain(what);
      return order.indexOf(what);
    };
    const healthyAt = (name: string) =>
      order.flatMap((line, at) => (line === `${name} health_status: healthy` ? [at] : []));

    expect(first('bus start')).toBeLessThan(first('migration start'));
    expect(first('bus start')).toBeLessThan(first('api start'));
    expect(first('cache health_status: healthy')).toBeLessThan(first('api start'));
    expect(first('migration die')).toBeLessThan(first('api start'));
    expect(healthyAt('api')).toHaveLength(2);
    for (const at of healthyAt('api')) expect(at).toBeLessThan(first('web start'));

    // The same by Docker's own clock.
    expect(only('migration').finishedAt < only('api').startedAt).toBe(true);
    expect(only('bus').startedAt < only('migration').startedAt).toBe(true);
    for (const { startedAt } of of(seen, 'api')) expect(startedAt < only('web').startedAt).toBe(true);
  });

  test('a one-shot must have ended well, and what it left on the volume must be there for its dependents', async () => {
    expect(only('migration')).toMatchObject({ status: 'exited', exitCode: 0, restartPolicy: 'no' });
    expect(await project.engine.volumes()).toEqual([`${project.name}_data`]);
    expect(await project.engine.execute(only('api').id, ['cat', '/data/version'])).toContain('7');
  });

  test('services that name no network must find each other on the common one by name', async () => {
    expect(await project.engine.networks()).toEqual([`${project.name}-bus`]);
    for (const { networks } of seen) expect(networks).toEqual([`${project.name}-bus`]);
    expect(await project.engine.execute(only('web').id, ['nslookup', 'cache'])).toMatch(/Name:\s+cache/);
  });

  test('whoever comes later must find the state of every service and of the controller on the broker', async () => {
    const late = await observe(bus.url);
    await eventually(() => NAMES.every((name) => late.latest(`alicia/services/${name}/state`) !== null));
    await eventually(() => late.latest('alicia/orchestrator/box/state'));
    await late.end();
    expect(late.seen.every(({ isRetained }) => isRetained)).toBe(true);
    expect(late.latest(AVAILABILITY)).toBe('online');
    const states = await eventually(
      () => {
        const all = NAMES.map((name) => bus.state(name));
        return all.every((state) => state?.sync === 'Synced') ? all : null;
      },
      { describe: 'every retained state is Synced' },
    );
    expect(states.map((state) => `${state?.service} ${state?.state} ${state?.health}`)).toEqual([
      'api running Healthy',
      'bus running Healthy',
      'cache running Healthy',
      'migration stopped Completed',
      'web running Healthy',
    ]);
    const api = bus.state('api');
    expect(api?.replicas).toEqual({ desired: 2, current: 2, updated: 2, ready: 2 });
    expect(api?.instances.map(({ container_id: id }) => id).sort()).toEqual(
      of(seen, 'api')
        .map(({ id }) => id)
        .sort(),
    );
    expect(api).toMatchObject({ required_by: ['web'], project: project.name, instance: 'box' });
  });

  test('states and events must be valid by the published schemas', async () => {
    const ajv = new Ajv2020({ allErrors: true, validateFormats: false });
    const read = (name: string) => JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8')) as object;
    const isStatus = ajv.compile(read('status.schema.json'));
    const isEvent = ajv.compile(read('event.schema.json'));
    for (const status of await controller.services())
      expect(isStatus(status) ? null : [status, isStatus.errors]).toBeNull();
    for (const event of bus.events()) expect(isEvent(event) ? null : [event, isEvent.errors]).toBeNull();
  });

  test('every event must be on both topics, byte for byte the same, and not retained', async () => {
    await eventually(() => bus.events('reconcile_completed').length > 0);
    const main = bus.seen.filter(({ topic }) => topic === 'alicia/services/events');
    expect(main.length).toBeGreaterThan(10);
    for (const { payload, isRetained } of main) {
      const { event_type: type } = JSON.parse(payload) as Event;
      const copies = bus.seen.filter((each) => each.topic === `alicia/services/${type}`);
      expect(copies.map((each) => each.payload)).toContain(payload);
      expect(isRetained).toBe(false);
    }
    expect(new Set(bus.events().map(({ id }) => id)).size).toBe(main.length);
  });

  test('every instance must have been told of once, each service once ready or completed', async () => {
    const told = (type: 'service_created' | 'service_started') =>
      bus
        .events(type)
        .map(({ event_data: { container_id: id } }) => id)
        .sort();
    const ids = seen.map(({ id }) => id).sort();
    await eventually(() => bus.events('reconcile_completed').length > 0);
    expect(told('service_created')).toEqual(ids);
    expect(told('service_started')).toEqual(ids);
    const names = (type: 'service_ready' | 'service_completed') =>
      bus
        .events(type)
        .map(({ event_data: { service_name: name } }) => name)
        .sort();
    expect(names('service_ready')).toEqual(['api', 'bus', 'cache', 'web']);
    expect(names('service_completed')).toEqual(['migration']);
    expect(bus.events('orchestrator_started')).toHaveLength(1);
    expect(bus.events('service_blocked').map(({ event_data: data }) => data.service_name)).toContain('web');
    expect(bus.events('drift_detected')).toEqual([]);
    expect(bus.events('service_failed')).toEqual([]);
    const [started] = bus
      .events('service_started')
      .filter(({ event_data: data }) => data.service_name === 'web');
    expect(started?.event_data.dependencies).toEqual(['bus', 'cache', 'migration', 'api']);
    const [arrived] = bus.events('reconcile_completed');
    expect(arrived?.event_data.changed).toEqual(NAMES);
  });

  test('health, readiness and services must be answered over HTTP', async () => {
    expect(await controller.get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await controller.get('/readyz')).toEqual({ status: 200, text: 'ok\n' });
    const services = await controller.services();
    expect(services.map(({ service: name }) => name)).toEqual(NAMES);
    expect(await controller.service('web')).toMatchObject({ health: 'Healthy', sync: 'Synced' });
    expect((await controller.get('/api/v1/services/nobody')).status).toBe(404);
  });

  test('SIGTERM must end it with 0 and `offline`, and leave every container running; the next one changes nothing', async () => {
    expect(await controller.terminate()).toEqual({ code: 0, signal: null });
    expect(await project.engine.containers()).toEqual(seen);
    await eventually(() => bus.latest(AVAILABILITY) === 'offline');
    await eventually(() => bus.events('orchestrator_stopped').length > 0);

    const before = project.engine.happenings.length;
    controller = await project.run({ 'mqtt-url': bus.url });
    expect(await project.untilInSync(controller)).toEqual(seen);
    await eventually(() => bus.latest(AVAILABILITY) === 'online');
    const since = project.engine.happenings.slice(before).map(({ action }) => action);
    expect(since.filter((action) => !action.startsWith('health_status'))).toEqual([]);
  });

  test('kill -9 must let the broker say `offline`, and leave every container running', async () => {
    await eventually(() => bus.latest(AVAILABILITY) === 'online', { timeoutMs: PATIENCE_MS });
    const stops = bus.events('orchestrator_stopped').length;
    await controller.kill();
    await eventually(() => bus.latest(AVAILABILITY) === 'offline', { timeoutMs: PATIENCE_MS });
    expect(await project.engine.containers()).toEqual(seen);
    expect(bus.events('orchestrator_stopped')).toHaveLength(stops);
  });
});
