// Data: what nobody named goes on to the next container and away with the last one, what has a name stays.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Sighting } from './support/engine-view.js';
import { test } from './support/live-stranger.js';
import { inspect, onlyOf, untilStatus } from './support/live-words.js';
import {
  lives,
  object,
  of,
  PATIENCE_MS,
  readyOf,
  type Spec,
  service,
  type TestProject,
} from './support/project.js';

/** The volume that is mounted at `/data`. */
async function volumeOf(project: TestProject, container: Pick<Sighting, 'id'>): Promise<string> {
  const { Mounts } = await inspect(project, container);
  const mount = Mounts.find(({ Destination }) => Destination === '/data');
  if (mount?.Name === undefined) throw new Error(JSON.stringify(Mounts));
  return mount.Name;
}

/** Of these volumes, those that are there. */
async function present({ engine }: TestProject, volumes: readonly string[]): Promise<readonly string[]> {
  const all = (await engine.docker.listVolumes()).Volumes ?? [];
  return volumes.filter((volume) => all.some(({ Name }) => Name === volume));
}

const untilPresent = (
  project: TestProject,
  volumes: readonly string[],
  expected: readonly string[],
): Promise<true> =>
  eventually(async () => (await present(project, volumes)).join() === expected.join() || null, {
    ...{ timeoutMs: PATIENCE_MS, describe: `of ${volumes} are there: ${expected}` },
  });

const read = async (project: TestProject, { id }: Pick<Sighting, 'id'>): Promise<string> =>
  (await project.engine.execute(id, ['cat', '/data/file', '/named/file'])).trim().replaceAll(/\s+/g, ' ');

describe.concurrent('volumes', () => {
  test('5.4 one without a name must be carried to each replacement and vanish with its replica, one with a name must stay', async ({
    project,
    passing,
    expect,
  }) => {
    const web = (spec: Spec): Promise<void> =>
      project.write('web.yaml', service('web', { volumes: ['/data', 'named:/named'], ...spec }));
    await project.write('rest.yaml', object('Volume', 'named'), service('rest'));
    await web({ replicas: 2 });
    const controller = await project.run();
    const before = of(await project.untilInSync(controller), 'web');
    for (const { id, slot } of before) {
      const write = `echo mine-${slot} > /data/file; echo ours > /named/file`;
      await project.engine.execute(id, ['sh', '-c', write]);
    }
    const volumes = await Promise.all(before.map((each) => volumeOf(project, each)));
    for (const volume of volumes) passing.add(volume);

    await web({ replicas: 2, image: 'alicia-test:2' });
    const after = await project.until('both are of the new image', (seen) => {
      const ready = readyOf(seen, 'web');
      return ready.length === 2 && of(seen, 'web').length === 2 && ready.every(isNew) ? ready : null;
    });
    expect(await Promise.all(after.map((each) => read(project, each)))).toEqual([
      'mine-1 ours',
      'mine-2 ours',
    ]);
    expect(await Promise.all(after.map((each) => volumeOf(project, each)))).toEqual(volumes);

    await web({ replicas: 1, image: 'alicia-test:2' });
    const [left] = await project.until(
      'one is left',
      (seen) => of(seen, 'web').length === 1 && of(seen, 'web'),
    );
    if (left === undefined) throw new Error('none is left');
    const kept = await volumeOf(project, left);
    await untilPresent(project, volumes, [kept]);
    await project.untilInSync(controller);
    expect(await read(project, left)).toBe(`mine-${left.slot} ours`);

    await project.erase('web.yaml');
    await untilPresent(project, volumes, []);
    await project.untilInSync(controller);
    expect(await project.engine.volumes()).toEqual([`${project.name}_named`]);
    expect(controller.events('drift_detected')).toEqual([]);
  });

  test('5.5 one whose declaration changed must not be touched, and its service must say so', async ({
    project,
    expect,
  }) => {
    const declare = (edition: string): Promise<void> =>
      project.write(
        'stack.yaml',
        object('Volume', 'named', { labels: { edition } }),
        service('web', { volumes: ['named:/data'] }),
        service('rest'),
      );
    await declare('1');
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    const volume = project.engine.docker.getVolume(`${project.name}_named`);
    await project.engine.execute(onlyOf(before, 'web').id, ['sh', '-c', 'echo kept > /data/file']);
    const shown = await volume.inspect();

    await declare('2');
    const refused = await untilStatus(controller, 'web', ({ reason }) => reason === 'NameConflict');
    expect(refused).toMatchObject({ state: 'running', sync: 'OutOfSync', health: 'Healthy' });
    expect(refused.message).toContain(`volume ${project.name}_named is declared otherwise now`);
    expect(await controller.service('rest')).toMatchObject({ sync: 'Synced', health: 'Healthy' });
    expect(await volume.inspect()).toEqual(shown);
    expect(lives(await project.engine.containers())).toEqual(lives(before));

    await declare('1');
    expect(lives(await project.untilInSync(controller))).toEqual(lives(before));
    expect(await volume.inspect()).toEqual(shown);
  });
});

const isNew = ({ image }: Sighting): boolean => image === 'alicia-test:2';
