// Files are edited while the controller runs: what runs follows, and nothing else is touched.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Sighting } from './support/engine-view.js';
import {
  gated,
  healthy,
  letIn,
  lives,
  of,
  PATIENCE_MS,
  readyOf,
  type Spec,
  service,
  test,
} from './support/project.js';

const others = (seen: readonly Sighting[], name: string): readonly string[] =>
  lives(seen.filter((each) => each.service !== name));

/** Says how long something took since the edit; nothing depends on it. */
const say = (what: string, sinceMs: number): void =>
  console.info(`${what}: ${Math.round(performance.now() - sinceMs)} ms after the edit`);

const namesOf = (seen: readonly Sighting[], name: string): readonly string[] =>
  of(seen, name).map((each) => each.name);

describe.concurrent('an edit of a running project', () => {
  test('more replicas must be added beside the others, fewer must leave the youngest', async ({
    project,
    bus,
    expect,
  }) => {
    await project.write('web.yaml', service('web', { healthcheck: healthy }), service('rest'));
    const controller = await project.run({ 'mqtt-url': bus.url });
    const before = await project.untilInSync(controller);

    await project.write('web.yaml', service('web', { healthcheck: healthy, replicas: 3 }), service('rest'));
    const editedMs = performance.now();
    await project.until('a second replica is there', (seen) => of(seen, 'web').length > 1);
    say('the first new replica exists', editedMs);
    const three = await project.until('three replicas are healthy', (seen) =>
      readyOf(seen, 'web').length === 3 ? seen : null,
    );
    expect(of(three, 'web').map(({ slot }) => slot)).toEqual([1, 2, 3]);
    expect(lives(three)).toEqual(expect.arrayContaining([...lives(before)]));
    const up = await eventually(() => bus.events('service_scaled_up')[0], { timeoutMs: PATIENCE_MS });
    expect(up.event_data).toMatchObject({ service_name: 'web', added_instances: 2, new_total: 3 });

    await project.write('web.yaml', service('web', { healthcheck: healthy, replicas: 1 }), service('rest'));
    const one = await project.until('one replica is left', (seen) =>
      of(seen, 'web').length === 1 ? seen : null,
    );
    // The oldest go first: who stays is one of those that came last.
    expect(others(one, 'web')).toEqual(others(before, 'web'));
    expect(lives(three)).toEqual(expect.arrayContaining([...lives(of(one, 'web'))]));
    expect(of(one, 'web')[0]?.id).not.toBe(of(before, 'web')[0]?.id);
    const down = await eventually(() => bus.events('service_scaled_down')[0], { timeoutMs: PATIENCE_MS });
    expect(down.event_data).toMatchObject({ service_name: 'web', removed_instances: 2, new_total: 1 });
    expect(bus.events('drift_detected')).toEqual([]);
  });

  test('4.3 a new image must replace the container, and the old one must be kept until the new one is ready', async ({
    project,
    bus,
    expect,
  }) => {
    const web = (image: string): Spec =>
      service('web', { image, healthcheck: gated, deploy: { update_config: { order: 'stop-first' } } });
    await project.write('web.yaml', web('alicia-test:1'));
    await project.write(
      'user.yaml',
      service('user', { depends_on: { web: { condition: 'service_healthy' } } }),
    );
    const controller = await project.run({ 'mqtt-url': bus.url });
    const [old] = await project.until('web runs', (seen) =>
      of(seen, 'web').some(({ status }) => status === 'running') ? of(seen, 'web') : null,
    );
    if (old === undefined) throw new Error('web is gone');
    expect(of(await project.engine.containers(), 'user')).toEqual([]);
    await letIn(project, old);
    const before = await project.untilInSync(controller);

    await project.write('web.yaml', web('alicia-test:2'));
    const editedMs = performance.now();
    await project.until('the old one is stopped', (seen) =>
      of(seen, 'web').some(({ status }) => status === 'exited'),
    );
    say('the old container has stopped', editedMs);
    const during = await project.until('the new one runs beside the old one', (seen) =>
      of(seen, 'web').length === 2 &&
      of(seen, 'web').some(({ image, status }) => image === 'alicia-test:2' && status === 'running')
        ? seen
        : null,
    );
    const kept = of(during, 'web').find(({ id }) => id === old.id);
    expect(kept).toMatchObject({ name: `${old.name}-old`, status: 'exited', restartPolicy: 'no' });
    const fresh = of(during, 'web').find(({ id }) => id !== old.id);
    if (fresh === undefined) throw new Error('there is no new one');
    await eventually(() => bus.events('service_update_started').length > 0, { timeoutMs: PATIENCE_MS });
    expect(bus.events('service_update_completed')).toEqual([]);

    await letIn(project, fresh);
    const after = await project.until('only the new one is left', (seen) =>
      of(seen, 'web').length === 1 ? seen : null,
    );
    expect(of(after, 'web')).toMatchObject([{ id: fresh.id, image: 'alicia-test:2', health: 'healthy' }]);
    expect(others(after, 'web')).toEqual(others(before, 'web'));
    await eventually(() => bus.events('service_update_completed').length === 1, { timeoutMs: PATIENCE_MS });
    expect(bus.events('drift_detected')).toEqual([]);
  });

  test('4.6 replicas must be replaced one after the other, so that the rest goes on serving', async ({
    project,
    expect,
  }) => {
    const web = (image: string): Spec =>
      service('web', {
        image,
        replicas: 3,
        healthcheck: healthy,
        deploy: { update_config: { order: 'stop-first' } },
      });
    await project.write('web.yaml', web('alicia-test:1'));
    const controller = await project.run();
    await project.untilInSync(controller);
    await project.write('web.yaml', web('alicia-test:2'));
    let fewest = 3;
    const after = await project.until('three of the new image are all there is', (seen) => {
      fewest = Math.min(fewest, of(seen, 'web').filter(({ status }) => status === 'running').length);
      const all = of(seen, 'web');
      return all.length === 3 && all.every(({ image }) => image === 'alicia-test:2') ? all : null;
    });
    expect(fewest).toBe(2);
    expect(after.map(({ slot }) => slot)).toEqual([1, 2, 3]);
  });

  test.for([
    ['an image that ends at once', { image: 'alicia-test:broken' }],
    ['a command that does not exist', { command: ['/bin/no-such-command'] }],
  ] as const)(
    'after %s the old container must be put back, with the evidence beside it',
    async ([, broken], { project, bus, expect }) => {
      const web = (spec: Spec): Spec =>
        service('web', { ...spec, deploy: { update_config: { order: 'stop-first', monitor: '1s' } } });
      await project.write('web.yaml', web({}), service('rest'));
      const controller = await project.run({ 'mqtt-url': bus.url });
      const before = await project.untilInSync(controller);
      const [old] = of(before, 'web');

      await project.write('web.yaml', web(broken), service('rest'));
      const evidence = (seen: readonly Sighting[]) =>
        of(seen, 'web').find(({ name }) => name.endsWith('-failed'));
      await project.until('the old one runs again under its name, the evidence rests', (seen) => {
        const back = of(seen, 'web').find(({ id }) => id === old?.id);
        const failed = evidence(seen);
        return (
          back?.name === old?.name &&
          back?.status === 'running' &&
          failed !== undefined &&
          failed.status !== 'running'
        );
      });
      const status = await eventually(
        async () => {
          const now = await controller.service('web');
          return now.reason === 'RolledBack' && now.replicas.ready === 1 ? now : null;
        },
        { timeoutMs: PATIENCE_MS, describe: 'the status says RolledBack' },
      );
      expect(status).toMatchObject({ sync: 'OutOfSync', health: 'Degraded' });
      const after = await project.engine.containers();
      expect(namesOf(after, 'web')).toHaveLength(2);
      expect(evidence(after)).toMatchObject({ restartPolicy: 'no' });
      expect(of(after, 'web').find(({ id }) => id === old?.id)).toMatchObject({
        restartPolicy: 'unless-stopped',
      });
      expect(others(after, 'web')).toEqual(others(before, 'web'));
      await eventually(() => bus.events('service_rolled_back').length === 1, { timeoutMs: PATIENCE_MS });
      expect(bus.events('service_update_failed')).toHaveLength(1);

      // Taking the edit back removes the evidence and touches the old one no more.
      await project.write('web.yaml', web({}), service('rest'));
      const mended = await project.until('the evidence is gone', (seen) =>
        evidence(seen) === undefined ? seen : null,
      );
      expect(lives(mended)).toEqual(lives(after.filter((each) => each !== evidence(after))));
      await project.untilInSync(controller);
    },
  );

  test('a deleted file must take its service away, and its retained state with it', async ({
    project,
    bus,
    expect,
  }) => {
    for (const name of ['one', 'two', 'three']) await project.write(`${name}.yaml`, service(name));
    const controller = await project.run({ 'mqtt-url': bus.url });
    const before = await project.untilInSync(controller);
    await eventually(() => bus.state('one') !== null);

    await project.erase('one.yaml');
    const editedMs = performance.now();
    const after = await project.until('it is gone', (seen) => (of(seen, 'one').length === 0 ? seen : null));
    say('the container is gone', editedMs);
    expect(lives(after)).toEqual(others(before, 'one'));
    await eventually(() => bus.latest('alicia/services/one/state') === '', { timeoutMs: PATIENCE_MS });
    expect(bus.state('two')).not.toBeNull();
    await eventually(() => bus.events('service_removed').length > 0, { timeoutMs: PATIENCE_MS });
    expect(bus.events('service_removed').map(({ event_data: data }) => data.service_name)).toEqual(['one']);
    expect((await controller.services()).map(({ service: name }) => name)).toEqual(['three', 'two']);
  });

  test('a new file must start its service and touch no other', async ({ project, expect }) => {
    await project.write('one.yaml', service('one'));
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    await project.write('two.yaml', service('two', { depends_on: ['one'] }));
    const editedMs = performance.now();
    const after = await project.until('it runs', (seen) => (readyOf(seen, 'two').length === 1 ? seen : null));
    say('the new service runs', editedMs);
    expect(others(after, 'two')).toEqual(lives(before));
  });

  test('2.8 a service that another one requires must stay when its file goes, and go after that one', async ({
    project,
    expect,
  }) => {
    await project.write('base.yaml', service('base'));
    await project.write('user.yaml', service('user', { depends_on: ['base'] }));
    await project.write('rest.yaml', service('rest-1'), service('rest-2'), service('rest-3'));
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    await project.erase('base.yaml');
    await eventually(async () => (await controller.service('user')).reason === 'DependencyNotFound', {
      timeoutMs: PATIENCE_MS,
      describe: 'user misses base',
    });
    expect(await project.engine.containers()).toEqual(before);

    await project.erase('user.yaml');
    await project.until('both are gone', (seen) => of(seen, 'base').length + of(seen, 'user').length === 0);
    const ends = project.engine.happenings.flatMap(({ action, service: name }) =>
      action === 'destroy' ? [name] : [],
    );
    expect(ends).toEqual(['user', 'base']);
  });
});
