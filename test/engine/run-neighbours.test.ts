// Services beside each other, and commands beside the controller: nobody stands in the way of those who are not concerned.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/mosquitto.js';
import { createEngineWire } from './support/engine-wire.js';
import {
  gated,
  healthy,
  letIn,
  lives,
  object,
  of,
  PATIENCE_MS,
  readyOf,
  service,
  test,
} from './support/project.js';

describe.concurrent('a service that waits', () => {
  test('must not be made before the last replica of its dependency is ready', async ({ project, expect }) => {
    await project.write(
      'stack.yaml',
      service('api', { replicas: 2, healthcheck: gated }),
      service('web', { depends_on: { api: { condition: 'service_healthy' } } }),
    );
    const controller = await project.run();
    const running = await project.until('both replicas run', (seen) =>
      seen.every(({ status }) => status === 'running') && seen.length === 2 ? seen : null,
    );
    for (const [index, replica] of running.entries()) {
      const waiting = await eventually(
        async () => {
          const status = await controller.service('web');
          return status.message.includes(`${index}/2`) && status;
        },
        { timeoutMs: PATIENCE_MS, describe: `web waits with ${index} of 2` },
      );
      expect(waiting).toMatchObject({ reason: 'DependencyNotReady', waiting_for: ['api'], state: 'stopped' });
      expect(of(await project.engine.containers(), 'web')).toEqual([]);
      await letIn(project, replica);
    }
    expect(readyOf(await project.untilInSync(controller), 'web')).toHaveLength(1);
  });
});

describe.concurrent('a service that fails', () => {
  test('must delay nobody but its dependents, and these by name', async ({ project, bus, expect }) => {
    const registry = `127.0.0.1:${await freePort()}`;
    await project.write(
      'stack.yaml',
      service('ghost', { image: `${registry}/nobody/ghost:1`, pull_policy: 'missing' }),
      service('crash', { image: 'alicia-test:broken' }),
      service('nowhere', { command: ['/bin/no-such-command'] }),
      service('after-ghost', { depends_on: ['ghost'] }),
      service('after-nowhere', { depends_on: { nowhere: { condition: 'service_started' } } }),
      service('free', { healthcheck: healthy }),
      service('after-free', { depends_on: { free: { condition: 'service_healthy' } } }),
    );
    const controller = await project.run({ 'mqtt-url': bus.url });
    await project.until('who needs none of them runs', (seen) => readyOf(seen, 'after-free').length === 1);
    const status = (name: string) => controller.service(name);
    await eventually(
      async () =>
        (await status('ghost')).reason === 'ImagePullFailed' &&
        (await status('nowhere')).reason === 'StartFailed',
      { timeoutMs: PATIENCE_MS, describe: 'the reasons are told' },
    );
    expect((await status('ghost')).message).toContain(registry);
    expect(await status('after-ghost')).toMatchObject({
      reason: 'DependencyNotReady',
      waiting_for: ['ghost'],
    });
    expect(await status('after-nowhere')).toMatchObject({
      reason: 'DependencyNotReady',
      waiting_for: ['nowhere'],
    });
    expect(await status('after-free')).toMatchObject({ health: 'Healthy', sync: 'Synced' });
    const seen = await project.engine.containers();
    expect(of(seen, 'after-ghost')).toEqual([]);
    expect(of(seen, 'after-nowhere')).toEqual([]);
    await eventually(
      () => bus.events('image_pull_failed').length > 0 && bus.events('service_failed').length > 1,
      { timeoutMs: PATIENCE_MS },
    );

    // Mended, it and its dependents go on; the others are not touched.
    const free = lives([...of(seen, 'free'), ...of(seen, 'after-free')]);
    await project.write(
      'stack.yaml',
      ...['ghost', 'crash', 'nowhere'].map((name) => service(name)),
      service('after-ghost', { depends_on: ['ghost'] }),
      service('after-nowhere', { depends_on: ['nowhere'] }),
      service('free', { healthcheck: healthy }),
      service('after-free', { depends_on: { free: { condition: 'service_healthy' } } }),
    );
    const mended = await project
      .untilInSync(controller)
      .then(() =>
        project.until('all seven run', (all) =>
          all.length === 7 && all.every(({ status: word }) => word === 'running') ? all : null,
        ),
      );
    expect(lives([...of(mended, 'free'), ...of(mended, 'after-free')])).toEqual(free);
    await eventually(() => bus.events('recovery').length > 1, { timeoutMs: PATIENCE_MS });
  });
});

describe.concurrent('commands beside the running controller', () => {
  test('apply must wait for it and write nothing itself, plan must then print no step', async ({
    project,
    expect,
  }) => {
    const wire = await createEngineWire();
    try {
      await project.write('web.yaml', service('web', { healthcheck: healthy }));
      const controller = await project.run();
      await project.untilInSync(controller);
      await project.write('web.yaml', service('web', { healthcheck: healthy, replicas: 3 }));
      const applied = await project.command(['apply'], { 'docker-host': wire.url });
      expect(readyOf(await project.engine.containers(), 'web')).toHaveLength(3);
      expect(applied.code, applied.stderr).toBe(0);
      expect(wire.writes).toEqual([]);
      expect(applied.stderr).toContain(`pid ${controller.pid}`);

      const planned = await project.command(['plan', '-o', 'json'], { 'docker-host': wire.url });
      expect(planned.code, planned.stderr).toBe(0);
      expect(JSON.parse(planned.stdout)).toMatchObject({ steps: [], waiting: [], summary: { unchanged: 1 } });
      expect(wire.writes).toEqual([]);
    } finally {
      await wire.remove();
    }
  });

  test('a second run must end with 1, name the first and change nothing', async ({
    project,
    bus,
    expect,
  }) => {
    await project.write('web.yaml', service('web'));
    const first = await project.run({ 'mqtt-url': bus.url });
    const before = await project.untilInSync(first);
    const online = bus.latest('alicia/orchestrator/box/availability');
    const second = await project.command(['run'], { 'mqtt-url': bus.url });
    expect(second).toMatchObject({ code: 1, signal: null });
    expect(second.stderr).toContain(`pid ${first.pid}`);
    expect(lives(await project.engine.containers())).toEqual(lives(before));
    expect(bus.latest('alicia/orchestrator/box/availability')).toBe(online);
    // Another project is nobody's business.
    const other = await project.command(['plan', '-o', 'json'], { project: `${project.name}-other` });
    expect(other.code, other.stderr).toBe(2);
  });
});

describe.concurrent('without a controller', () => {
  test('plan must print no step right after apply, and down must take all of it away, dependants first', async ({
    project,
    expect,
  }) => {
    await project.write(
      'stack.yaml',
      object('Volume', 'data'),
      object('Network', 'inner'),
      service('base', { volumes: ['data:/data'], networks: ['inner'] }),
      service('middle', { depends_on: ['base'], replicas: 2, networks: ['inner'] }),
      service('init', { restart: 'no', command: ['true'] }),
      service('top', {
        depends_on: {
          middle: { condition: 'service_started' },
          init: { condition: 'service_completed_successfully' },
        },
      }),
    );
    const applied = await project.command(['apply']);
    expect(
      (await project.engine.containers()).map(({ service: name, status }) => `${name} ${status}`),
    ).toEqual(['base running', 'init exited', 'middle running', 'middle running', 'top running']);
    expect(applied.code, applied.stderr).toBe(0);
    const before = lives(await project.engine.containers());
    const planned = await project.command(['plan', '-o', 'json']);
    expect(planned.code, planned.stderr).toBe(0);
    expect(JSON.parse(planned.stdout)).toMatchObject({ steps: [], waiting: [] });
    expect(lives(await project.engine.containers())).toEqual(before);

    const begun = project.engine.happenings.length;
    const down = await project.command(['down', '--yes']);
    expect(await project.engine.containers()).toEqual([]);
    expect(await project.engine.networks()).toEqual([]);
    expect(await project.engine.volumes()).toEqual([`${project.name}_data`]);
    expect(down.code, down.stderr).toBe(0);
    const stops = project.engine.happenings
      .slice(begun)
      .flatMap(({ action, service: name }) => (action === 'die' ? [name] : []));
    expect(stops).toEqual(['top', 'middle', 'middle', 'base']);

    const again = await project.command(['down', '--yes', '--volumes']);
    expect(await project.engine.volumes()).toEqual([]);
    expect(again.code, again.stderr).toBe(0);
  });
});
