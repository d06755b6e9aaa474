// The broker or the engine is away for a while: converging never waits for the one, and nothing changes for the other.
import { createServer } from 'node:net';
import { describe, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { freePort, observe } from '../support/mosquitto.js';
import { createEngineWire, type EngineWire } from './support/engine-wire.js';
import {
  test as base,
  gated,
  healthy,
  letIn,
  lives,
  of,
  PATIENCE_MS,
  readyOf,
  service,
} from './support/project.js';

/** A test with a wire to the engine of its own. */
const test = base.extend<{ wire: EngineWire }>({
  wire: async ({ project }, use) => {
    const wire = await createEngineWire();
    await use(wire);
    await project.killAll();
    await wire.remove();
  },
});

describe('the broker', () => {
  test('away at the start, it must delay nothing; all states must be there when it comes', async ({
    project,
    bus,
    expect,
  }) => {
    await bus.broker.kill();
    await project.write(
      'web.yaml',
      service('bus'),
      service('web', { depends_on: ['bus'], healthcheck: healthy }),
    );
    const controller = await project.run({ 'mqtt-url': bus.url });
    const seen = await project.untilInSync(controller);
    expect(seen.map(({ status }) => status)).toEqual(['running', 'running']);
    expect((await controller.report()).orchestrator.mqtt.queued).toBeGreaterThan(0);

    await bus.broker.start();
    await eventually(() => bus.state('web')?.health === 'Healthy' && bus.state('bus')?.health === 'Healthy', {
      timeoutMs: PATIENCE_MS,
      describe: 'the states of both services are on the broker',
    });
    expect(bus.latest('alicia/orchestrator/box/availability')).toBe('online');
    // What happened meanwhile is told as well, once.
    await eventually(() => bus.events('reconcile_completed').length === 1, { timeoutMs: PATIENCE_MS });
    expect(bus.events('service_started')).toHaveLength(2);
    expect(lives(await project.engine.containers())).toEqual(lives(seen));
  });

  test('killed while files are edited, it must delay nothing; what was removed meanwhile must not come back on it', async ({
    project,
    bus,
    expect,
  }) => {
    for (const name of ['one', 'two', 'three']) await project.write(`${name}.yaml`, service(name));
    const controller = await project.run({ 'mqtt-url': bus.url });
    await project.untilInSync(controller);
    await eventually(() => bus.state('one') !== null);

    await bus.broker.kill();
    await project.write('two.yaml', service('two', { replicas: 2 }));
    await project.erase('one.yaml');
    await project.until(
      'both edits are followed',
      (seen) => of(seen, 'two').length === 2 && of(seen, 'one').length === 0,
    );
    await project.untilInSync(controller);

    await bus.broker.start();
    await eventually(() => bus.state('two')?.replicas.ready === 2, { timeoutMs: PATIENCE_MS });
    const late = await observe(bus.url);
    await eventually(() => late.latest('alicia/orchestrator/box/state'));
    await eventually(() => late.latest('alicia/services/three/state'));
    await late.end();
    expect(late.latest('alicia/services/one/state') ?? '').toBe('');
    await eventually(() => bus.events('service_scaled_up').length === 1, { timeoutMs: PATIENCE_MS });
  });

  test('not named, one of its own must serve the states to whoever connects', async ({ project, expect }) => {
    const port = await freePort();
    await project.write('web.yaml', service('web'));
    const controller = await project.run({ 'mqtt-url': '', 'mqtt-listen': `127.0.0.1:${port}` });
    await project.untilInSync(controller);
    const listener = await observe(`mqtt://127.0.0.1:${port}`, 4);
    onTestFinished(() => listener.end());
    const state = await eventually(() => listener.latest('alicia/services/web/state'));
    expect(JSON.parse(state)).toMatchObject({ health: 'Healthy', sync: 'Synced' });
    expect(listener.latest('alicia/orchestrator/box/availability')).toBe('online');
    await project.write('web.yaml', service('web', { replicas: 2 }));
    await eventually(() => listener.latest('alicia/services/service_scaled_up'), { timeoutMs: PATIENCE_MS });
  });

  test('that takes connections and never answers must delay nothing, not even the end', async ({
    project,
    expect,
  }) => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void mute.close());
    const address = mute.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await project.write('web.yaml', service('web'));
    const controller = await project.run({ 'mqtt-url': `mqtt://127.0.0.1:${port}` });
    await project.untilInSync(controller);
    expect(await controller.terminate()).toEqual({ code: 0, signal: null });
  });
});

describe('the engine', () => {
  const names = (list: readonly { readonly event_type: string }[]) =>
    list.map(({ event_type: type }) => type);

  test('8.1 away for a while, engine_lost and engine_restored must be told and nothing be changed', async ({
    project,
    bus,
    wire,
    expect,
  }) => {
    await project.write('web.yaml', service('web', { replicas: 2 }));
    await project.write('init.yaml', service('init', { restart: 'no', command: ['true'] }));
    const controller = await project.run({ 'docker-host': wire.url, 'mqtt-url': bus.url });
    const before = await project.untilInSync(controller);
    const writes = wire.writes.length;
    expect(writes).toBeGreaterThan(0);

    await wire.cut();
    await eventually(() => bus.events('engine_lost').length === 1, { timeoutMs: PATIENCE_MS });
    await eventually(() => bus.state('web')?.state === 'unknown', { timeoutMs: PATIENCE_MS });
    expect(bus.state('web')).toMatchObject({ sync: 'Unknown', health: 'Unknown' });
    expect((await controller.get('/healthz')).status).toBe(200);
    expect((await controller.report()).orchestrator).toMatchObject({ phase: 'engine_lost', in_sync: false });
    // What is edited meanwhile counts as soon as the engine is back, and not before.
    await project.write('web.yaml', service('web', { replicas: 3 }));

    await wire.open();
    await eventually(() => bus.events('engine_restored').length === 1, { timeoutMs: PATIENCE_MS });
    const after = await project.until('the edit is followed', (seen) =>
      readyOf(seen, 'web').length === 3 ? seen : null,
    );
    expect(lives(after)).toEqual(expect.arrayContaining([...lives(before)]));
    await project.untilInSync(controller);
    expect(
      wire.writes
        .slice(writes)
        .map((line) => line.replace(/^(\S+ )\/v[\d.]+(\/\w+\/)(?:[0-9a-f]{12,}\/)?(\w+).*/, '$1$2$3')),
    ).toEqual(['POST /containers/create', 'POST /containers/start']);
    const all = names(bus.events());
    const told = all.slice(all.indexOf('engine_lost'));
    expect(told).not.toContain('drift_detected');
    expect(told).not.toContain('service_stopped');
    expect(bus.events('engine_lost')).toHaveLength(1);
  });

  test('away in the middle of a replacement, it must be brought to its end afterwards', async ({
    project,
    wire,
    expect,
  }) => {
    const web = (image: string) =>
      service('web', { image, healthcheck: gated, deploy: { update_config: { order: 'stop-first' } } });
    await project.write('web.yaml', web('alicia-test:1'));
    await project.write('rest.yaml', service('rest'));
    const controller = await project.run({ 'docker-host': wire.url });
    const [first] = await project.until('web runs', (seen) =>
      readyOf(seen, 'rest').length === 1 && of(seen, 'web').some(({ status }) => status === 'running')
        ? of(seen, 'web')
        : null,
    );
    if (first === undefined) throw new Error('web is gone');
    await letIn(project, first);
    const before = await project.untilInSync(controller);

    await project.write('web.yaml', web('alicia-test:2'));
    const fresh = await project.until('the new one runs', (seen) =>
      of(seen, 'web').find(({ image, status }) => image === 'alicia-test:2' && status === 'running'),
    );
    await wire.cut();
    await eventually(() => controller.events('engine_lost').length === 1, { timeoutMs: PATIENCE_MS });
    await letIn(project, fresh);
    await project.until('the new one is healthy', (seen) => readyOf(seen, 'web').length === 1);
    expect(of(await project.engine.containers(), 'web')).toHaveLength(2);

    await wire.open();
    const after = await project.untilInSync(controller);
    expect(of(after, 'web')).toMatchObject([{ id: fresh.id }]);
    expect(lives(of(after, 'rest'))).toEqual(lives(of(before, 'rest')));
    expect(controller.events('drift_detected')).toEqual([]);
  });

  test('8.2 cut off in the middle of a reply, nobody must wait for the rest of it', async ({
    project,
    wire,
    expect,
  }) => {
    await project.write('web.yaml', service('web'));
    const controller = await project.run({ 'docker-host': wire.url, resync: '1h' });
    const [web] = await project.untilInSync(controller);
    const id = web?.id ?? '';
    wire.cutInReplyTo(new RegExp(`^GET \\S+/containers/${id}/json`, 'm'));
    await project.engine.docker.getContainer(id).stop({ t: 1 });
    await eventually(() => controller.events('engine_lost').length === 1, { timeoutMs: PATIENCE_MS });
    await wire.open();
    // Half of what a call may take: it cannot be the deadline of the reply that ends the waiting.
    await eventually(
      async () =>
        (await controller.report()).orchestrator.in_sync &&
        (await controller.service('web')).state === 'running',
      { timeoutMs: 15_000, describe: 'web runs again' },
    );
    expect(await project.engine.containers()).toMatchObject([{ id, status: 'running' }]);
  });

  test('away, SIGTERM must end the controller with 0 all the same', async ({ project, wire, expect }) => {
    await project.write('web.yaml', service('web'));
    const controller = await project.run({ 'docker-host': wire.url });
    const before = await project.untilInSync(controller);
    await wire.cut();
    await eventually(() => controller.events('engine_lost').length === 1, { timeoutMs: PATIENCE_MS });
    expect(await controller.terminate()).toEqual({ code: 0, signal: null });
    expect(lives(await project.engine.containers())).toEqual(lives(before));
  });
});
