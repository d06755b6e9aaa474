// The tag of an image moves: containers of an unchanged spec are replaced, under names that they share with the old ones.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import { healthy, lives, of, PATIENCE_MS, readyOf, service, type TestProject } from './support/project.js';
import { boundsOf } from './support/rollout-bounds.js';
import { test } from './support/rollout-image.js';

/** Ids of the images that the containers of a service are of. */
async function imageIds({ engine }: TestProject, name: string): Promise<readonly string[]> {
  const all = of(await engine.containers(), name);
  const inspected = await Promise.all(all.map(({ id }) => engine.docker.getContainer(id).inspect()));
  return inspected.map(({ Image }) => Image);
}

describe('a tag that moves', () => {
  test('3.4 4.3 must have its containers replaced by way of `-old`, one after the other, and nothing left over', async ({
    project,
    bus,
    registry,
    expect,
  }) => {
    const image = `${registry.host}/web:latest`;
    registry.push('web', 'latest', registry.content('1'));
    await project.write(
      'web.yaml',
      service('web', { image, pull_policy: 'every_1s', replicas: 2, healthcheck: healthy }),
      service('rest'),
    );
    const controller = await project.run({ 'mqtt-url': bus.url, resync: '1s' });
    const before = await project.untilInSync(controller);
    const [oldImage] = await imageIds(project, 'web');
    expect(await imageIds(project, 'web')).toEqual([oldImage, oldImage]);

    // Pulled again and again, and the same each time: nothing happens.
    const asked = registry.asked();
    await eventually(() => registry.asked() >= asked + 4, {
      ...{ timeoutMs: PATIENCE_MS, describe: 'the tag is looked up again, twice at least' },
    });
    expect(lives(await project.engine.containers())).toEqual(lives(before));
    const since = project.engine.happenings.length;
    registry.push('web', 'latest', registry.content('2'));
    const aside = new Set<string>();
    await project.until('two containers of the moved tag are all there is', async (seen) => {
      for (const { name } of of(seen, 'web')) if (name.endsWith('-old')) aside.add(name);
      const ids = await imageIds(project, 'web');
      return ids.length === 2 && readyOf(seen, 'web').length === 2 && !ids.includes(oldImage ?? '');
    });
    const after = await project.untilInSync(controller);
    const names = of(before, 'web').map(({ name }) => name);
    expect(of(after, 'web').map(({ name }) => name)).toEqual(names);
    expect([...aside].sort()).toEqual(names.map((name) => `${name}-old`));
    expect(of(after, 'rest')).toEqual(of(before, 'rest'));
    expect((await project.engine.docker.getImage(image).inspect()).Id).toBe(
      (await imageIds(project, 'web'))[0],
    );

    const { fewestReady, mostLive } = boundsOf(project.engine.happenings, { service: 'web', since });
    expect(fewestReady).toBeGreaterThanOrEqual(1);
    expect(mostLive).toBeLessThanOrEqual(3);
    const made = project.engine.happenings.slice(since).filter(({ action }) => action === 'create');
    expect(made).toHaveLength(2);
    await eventually(() => bus.events('service_update_completed').length === 1, { timeoutMs: PATIENCE_MS });
    expect(bus.events('service_update_started')).toHaveLength(1);
    expect(bus.events('drift_detected')).toEqual([]);
  });
});
