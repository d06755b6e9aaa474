// A dependency is edited or restarted: who declared to follow it does, once, and who shares its network always.
import { describe } from 'vitest';
import type { Sighting } from './support/engine-view.js';
import { inspect, onlyOf, startsOf, untilOnly } from './support/live-words.js';
import { healthy, lives, type Spec, service, type TestProject, test } from './support/project.js';

/** The network that a container is in. */
const networkOf = async (project: TestProject, container: Pick<Sighting, 'id'>): Promise<string> =>
  (await project.engine.execute(container.id, ['readlink', '/proc/self/ns/net'])).trim();

describe.concurrent('a dependency', () => {
  // It takes its time to end, and is the same name on the network until then.
  const command = ['sh', '-c', 'trap "sleep 1; exit 0" TERM; sleep 2147483647 & wait'];
  const declare = (project: TestProject, image: string): Promise<void> =>
    project.write(
      'stack.yaml',
      service('db', { image, command, stop_grace_period: '10s', healthcheck: healthy }),
      service('app', { depends_on: { db: { condition: 'service_healthy', restart: true } } }),
      service('rest', { depends_on: ['db'] }),
    );

  test('2.4 that was edited must restart who declares restart: true, in place, once it has been replaced, and nobody else', async ({
    project,
    expect,
  }) => {
    await declare(project, 'alicia-test:1');
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    const [db, app, rest] = [onlyOf(before, 'db'), onlyOf(before, 'app'), onlyOf(before, 'rest')];

    await declare(project, 'alicia-test:2');
    const fresh = await untilOnly(project, 'db', ({ id, health }) => id !== db.id && health === 'healthy');
    const followed = await untilOnly(
      project,
      'app',
      ({ status, startedAt }) => status === 'running' && startedAt > fresh.startedAt,
    );
    expect(followed.id).toBe(app.id);
    expect(lives(await project.untilInSync(controller))).toEqual(lives([followed, fresh, rest]));
    expect([startsOf(project, 'app'), startsOf(project, 'rest')]).toEqual([2, 1]);
    expect(controller.events('drift_detected')).toEqual([]);
    const ends = project.engine.happenings.filter(({ action }) => action === 'die').map(({ id }) => id);
    expect(ends).toEqual([db.id, app.id]);
  });
});

describe.concurrent('a shared network', () => {
  const declare = (project: TestProject, image: string): Promise<void> => {
    const side: Spec = { network_mode: 'service:main' };
    return project.write('stack.yaml', service('main', { image }), service('side', side));
  };

  test('2.4 must be followed: restarted with it, and replaced with the container that it belongs to', async ({
    project,
    expect,
  }) => {
    await declare(project, 'alicia-test:1');
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    const [main, side] = [onlyOf(before, 'main'), onlyOf(before, 'side')];
    expect(await networkOf(project, side)).toBe(await networkOf(project, main));

    await project.engine.docker.getContainer(main.id).restart({ t: 1 });
    const again = await untilOnly(
      project,
      'main',
      ({ status, startedAt }) => status === 'running' && startedAt > main.startedAt,
    );
    const followed = await untilOnly(project, 'side', ({ startedAt }) => startedAt > again.startedAt);
    expect([again.id, followed.id]).toEqual([main.id, side.id]);
    await project.untilInSync(controller);
    expect(await networkOf(project, followed)).toBe(await networkOf(project, again));
    expect(startsOf(project, 'side')).toBe(2);

    await declare(project, 'alicia-test:2');
    const fresh = await untilOnly(
      project,
      'main',
      ({ id, status }) => id !== main.id && status === 'running',
    );
    const moved = await untilOnly(
      project,
      'side',
      ({ id, status }) => id !== side.id && status === 'running',
    );
    expect((await inspect(project, moved)).HostConfig.NetworkMode).toBe(`container:${fresh.id}`);
    expect(await networkOf(project, moved)).toBe(await networkOf(project, fresh));
    expect(lives(await project.untilInSync(controller))).toEqual(lives([fresh, moved]));
    expect(startsOf(project, 'side')).toBe(3);
  });
});
