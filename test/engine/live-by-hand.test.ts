// Somebody stops or kills a container by hand: what is meant to be so is left, what is not is mended.
import { describe } from 'vitest';
import { onlyOf, startsOf, untilOnly, untilStatus } from './support/live-words.js';
import { letIn, lives, type Spec, service, type TestProject, test } from './support/project.js';

const stop = (project: TestProject, { id }: { readonly id: string }): Promise<unknown> =>
  project.engine.docker.getContainer(id).stop({ t: 1 });

describe.concurrent('by hand', () => {
  test('6.4 a one-shot that is killed while it runs must be run again, and its own end must count', async ({
    project,
    expect,
  }) => {
    const command = ['sh', '-c', 'until [ -e /tmp/open ]; do sleep 0.1; done'];
    await project.write('stack.yaml', service('job', { restart: 'no', command }), service('rest'));
    const controller = await project.run();
    const first = await project.until(
      'the job runs',
      (seen) => onlyOf(seen, 'job').status === 'running' && onlyOf(seen, 'job'),
    );
    await project.engine.docker.getContainer(first.id).kill();
    const again = await untilOnly(
      project,
      'job',
      ({ status, startedAt }) => status === 'running' && startedAt > first.startedAt,
    );
    expect(again.id).toBe(first.id);
    await letIn(project, again);
    await untilStatus(controller, 'job', ({ health }) => health === 'Completed');
    const ended = onlyOf(await project.untilInSync(controller), 'job');
    expect(ended).toMatchObject({ id: first.id, status: 'exited', exitCode: 0 });
    expect(startsOf(project, 'job')).toBe(2);
  });

  test('6.3 who is in maintenance or does not heal itself must be left as stopped, and be mended when that is over', async ({
    project,
    expect,
  }) => {
    const web = (spec: Spec): Promise<void> => project.write('web.yaml', service('web', spec));
    await project.write('rest.yaml', service('rest'), service('lazy', { self_heal: false }));
    await web({});
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    const [lazy, rest] = [onlyOf(before, 'lazy'), onlyOf(before, 'rest')];
    await web({ maintenance: true });
    await untilStatus(controller, 'web', ({ state }) => state === 'maintenance');

    for (const each of [onlyOf(before, 'web'), lazy, rest]) await stop(project, each);
    // Whoever is stopped last is mended: the others would have been before.
    await untilOnly(
      project,
      'rest',
      ({ status, startedAt }) => status === 'running' && startedAt > rest.startedAt,
    );
    const left = await untilStatus(controller, 'lazy', ({ reason }) => reason === 'Stopped');
    expect(left).toMatchObject({ state: 'stopped', health: 'Suspended' });
    expect(left.message).toMatch(/stopped by hand, and self_heal is false/);
    expect(await controller.service('web')).toMatchObject({
      ...{ state: 'maintenance', health: 'Suspended', reason: 'Maintenance' },
    });
    expect([startsOf(project, 'web'), startsOf(project, 'lazy')]).toEqual([1, 1]);

    await web({});
    const mended = await untilOnly(project, 'web', ({ status }) => status === 'running');
    expect(mended.id).toBe(onlyOf(before, 'web').id);
    expect(startsOf(project, 'lazy')).toBe(1);
    await project.engine.docker.getContainer(lazy.id).start();
    const after = await project.untilInSync(controller);
    expect(lives(after.map((each) => ({ ...each, startedAt: '' })))).toEqual(
      lives(before.map((each) => ({ ...each, startedAt: '' }))),
    );
    expect(await controller.service('lazy')).toMatchObject({ health: 'Healthy', reason: null });
    expect(startsOf(project, 'lazy')).toBe(2);
  });
});
