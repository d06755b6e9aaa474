// Somebody else lays hands on our containers: what is declared comes back, and it is said that it had to.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Sighting } from './support/engine-view.js';
import {
  type Bus,
  healthy,
  lives,
  of,
  PATIENCE_MS,
  readyOf,
  service,
  type TestProject,
  test,
} from './support/project.js';

/** Two services that run, and the controller with them. */
async function settle(project: TestProject, bus: Bus) {
  await project.write(
    'stack.yaml',
    service('web', { replicas: 2, healthcheck: healthy }),
    service('rest', { depends_on: ['web'] }),
  );
  // No look at all without a hint.
  const controller = await project.run({ 'mqtt-url': bus.url, resync: '1h' });
  const before = await project.untilInSync(controller);
  await eventually(() => bus.events('reconcile_completed').length > 0, { timeoutMs: PATIENCE_MS });
  const [victim, other] = of(before, 'web');
  if (victim === undefined || other === undefined) throw new Error('web does not run twice');
  return { controller, victim, untouched: lives([other, ...of(before, 'rest')]) };
}

const drift = (bus: Bus, type: 'drift_detected' | 'drift_corrected') =>
  bus.events(type).map(({ event_data: data }) => `${data.service_name}: ${data.what}`);

const untilTold = (bus: Bus, what: string) =>
  eventually(
    () => drift(bus, 'drift_detected').join() === what && drift(bus, 'drift_corrected').join() === what,
    { timeoutMs: PATIENCE_MS, describe: `both events tell of "${what}" once` },
  );

const untouchedOf = (seen: readonly Sighting[], victim: Sighting): readonly string[] =>
  lives(seen.filter(({ service: name, slot }) => name !== 'web' || slot !== victim.slot)).toSorted();

describe.concurrent('what others do to our containers', () => {
  test('a container that was removed must be back, with drift_detected and drift_corrected', async ({
    project,
    bus,
    expect,
  }) => {
    const { controller, victim, untouched } = await settle(project, bus);
    await project.engine.docker.getContainer(victim.id).remove({ force: true });
    await project.until('two replicas are healthy', (seen) => readyOf(seen, 'web').length === 2);
    const after = await project.untilInSync(controller);
    expect(after.find(({ name }) => name === victim.name)).toMatchObject({ slot: victim.slot });
    expect(after.map(({ id }) => id)).not.toContain(victim.id);
    expect(untouchedOf(after, victim)).toEqual(untouched.toSorted());
    await untilTold(bus, 'web: container web-1 was removed');
  });

  test('a container that was stopped by hand must be started again', async ({ project, bus, expect }) => {
    const { controller, victim, untouched } = await settle(project, bus);
    await project.engine.docker.getContainer(victim.id).stop({ t: 1 });
    await project.until('it runs again', (seen) =>
      seen.some(
        ({ id, status, startedAt }) =>
          id === victim.id && status === 'running' && startedAt > victim.startedAt,
      ),
    );
    const after = await project.untilInSync(controller);
    expect(untouchedOf(after, victim)).toEqual(untouched.toSorted());
    await untilTold(bus, 'web: container web-1 had stopped');
  });

  test('a container that was paused must go on', async ({ project, bus, expect }) => {
    const { controller, victim, untouched } = await settle(project, bus);
    await project.engine.docker.getContainer(victim.id).pause();
    await project.until('it runs on', () =>
      project.engine.happenings.some(({ action, id }) => action === 'unpause' && id === victim.id),
    );
    const after = await project.untilInSync(controller);
    expect(lives(after)).toContain(lives([victim])[0]);
    expect(untouchedOf(after, victim)).toEqual(untouched.toSorted());
    await untilTold(bus, 'web: container web-1 was paused');
  });

  test('a container that was taken off its network must be on it again, under its name', async ({
    project,
    bus,
    expect,
  }) => {
    const { controller, victim } = await settle(project, bus);
    const network = project.engine.docker.getNetwork(`${project.name}-bus`);
    await network.disconnect({ Container: victim.id });
    await project.until('it is on the network', (seen) =>
      seen.some(({ id, networks }) => id === victim.id && networks.length === 1),
    );
    const after = await project.untilInSync(controller);
    expect(lives(after)).toContain(lives([victim])[0]);
    await untilTold(bus, `web: container web-1 was taken off ${project.name}-bus`);
    const [asker] = of(after, 'rest');
    const answer = await project.engine.execute(asker?.id ?? '', ['nslookup', 'web']);
    // Both replicas answer to the name; the first address is that of the name server.
    expect(answer.match(/^Address(?: \d+)?:\s+(?!127\.)\S+/gm)).toHaveLength(2);
  });

  test('everything removed at once must be back in the order of the dependencies', async ({
    project,
    bus,
    expect,
  }) => {
    const { controller } = await settle(project, bus);
    const begun = project.engine.happenings.length;
    const all = await project.engine.containers();
    await Promise.all(all.map(({ id }) => project.engine.docker.getContainer(id).remove({ force: true })));
    await project.until(
      'all are new and run',
      (seen) =>
        seen.length === 3 &&
        seen.every(({ id, status }) => status === 'running' && all.every((old) => old.id !== id)),
    );
    await project.untilInSync(controller);
    const starts = project.engine.happenings
      .slice(begun)
      .flatMap(({ action, service: name }) => (action === 'start' ? [name] : []));
    expect(starts).toEqual(['web', 'web', 'rest']);
  });

  test('9.1 what does not carry our label must never be touched, whatever its name', async ({
    project,
    bus,
    expect,
  }) => {
    const { controller } = await settle(project, bus);
    const stranger = await project.engine.docker.createContainer({
      name: `${project.name}-stranger-1-00000000`,
      Image: 'alicia-test:1',
      NetworkingConfig: { EndpointsConfig: { [`${project.name}-bus`]: {} } },
    });
    try {
      await stranger.start();
      const { State } = await stranger.inspect();
      await project.write(
        'stack.yaml',
        service('web', { healthcheck: healthy }),
        service('rest'),
        service('stranger'),
      );
      await project.until(
        'the edit has been followed',
        (seen) => of(seen, 'web').length === 1 && readyOf(seen, 'stranger').length === 1,
      );
      await project.untilInSync(controller);
      expect((await stranger.inspect()).State).toEqual(State);
    } finally {
      await stranger.remove({ force: true });
    }
  });
});
