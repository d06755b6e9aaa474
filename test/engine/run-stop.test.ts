// SIGTERM at any moment: what has begun is brought to its end, nothing else is begun, and the containers run on.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  gated,
  letIn,
  lives,
  of,
  PATIENCE_MS,
  readyOf,
  type Spec,
  service,
  type TestProject,
} from './support/project.js';
import { test } from './support/rollout-image.js';

/** The command is to end by itself and well. */
const WELL = { code: 0, signal: null };

/** How long the end may take at most on a busy machine: a pull is not waited for. */
const ENOUGH_MS = 15_000;

/** Takes three seconds to stop. */
const slowToStop: Spec = {
  command: ['sh', '-c', 'trap "sleep 3; exit 0" TERM; sleep 100000 & wait'],
  stop_grace_period: '20s',
};

/** What was done to containers, without what their checks found. */
const doings = ({ engine }: TestProject): readonly string[] =>
  engine.happenings
    .filter(({ action }) => !action.startsWith('health_status'))
    .map(({ action, service: name }) => `${name} ${action}`);

describe('SIGTERM', () => {
  test('in the middle of a stop must wait for its end and begin nothing else; the next one must go on', async ({
    project,
    expect,
  }) => {
    const slow = (image: string): Spec =>
      service('slow', { ...slowToStop, image, deploy: { update_config: { order: 'stop-first' } } });
    await project.write('slow.yaml', slow('alicia-test:1'));
    await project.write('rest.yaml', service('rest'));
    const first = await project.run();
    const before = await project.untilInSync(first);

    await project.write('slow.yaml', slow('alicia-test:2'));
    await eventually(() => doings(project).includes('slow kill'), {
      ...{ timeoutMs: PATIENCE_MS, intervalMs: 5, describe: 'the stop has begun' },
    });
    const ending = first.terminate();
    await project.write('rest.yaml', service('rest', { replicas: 3 }));
    expect(await ending).toEqual(WELL);
    // It ended after the stop and not before, although the container took its time.
    const left = await project.engine.containers();
    expect(of(left, 'slow')).toMatchObject([
      { id: of(before, 'slow')[0]?.id, status: 'exited', exitCode: 0 },
    ]);
    expect(lives(of(left, 'rest'))).toEqual(lives(of(before, 'rest')));
    expect(doings(project).slice(-3)).toEqual(['slow kill', 'slow die', 'slow stop']);
    expect(first.log().map(({ msg }) => msg)).not.toContain(expect.stringMatching(/^rename/));

    const second = await project.run();
    const after = await project.untilInSync(second);
    expect(after.map(({ service: name, slot, image }) => `${name}-${slot} ${image}`)).toEqual([
      'rest-1 alicia-test:1',
      'rest-2 alicia-test:1',
      'rest-3 alicia-test:1',
      'slow-1 alicia-test:2',
    ]);
    expect(lives(after)).toEqual(expect.arrayContaining([...lives(of(before, 'rest'))]));
  });

  test('in the middle of a rollout must leave all that runs running; the next one must bring it to its end', async ({
    project,
    expect,
  }) => {
    const web = (image: string): Spec =>
      service('web', {
        ...{ image, replicas: 2, healthcheck: gated },
        deploy: { update_config: { order: 'start-first' } },
      });
    const open = async (): Promise<void> => {
      for (const each of of(await project.engine.containers(), 'web'))
        if (each.status === 'running' && each.health !== 'healthy') await letIn(project, each);
    };
    await project.write('web.yaml', web('alicia-test:1'));
    const first = await project.run();
    await project.until('both replicas are healthy', async (seen) => {
      await open();
      return readyOf(seen, 'web').length === 2;
    });
    const before = await project.untilInSync(first);

    await project.write('web.yaml', web('alicia-test:2'));
    const fresh = await project.until('a new one runs and is not ready', (seen) =>
      of(seen, 'web').find(({ image, status }) => image === 'alicia-test:2' && status === 'running'),
    );
    expect(await first.terminate()).toEqual(WELL);
    const left = await project.engine.containers();
    expect(lives(left)).toEqual(expect.arrayContaining([...lives(before)]));
    expect(left.find(({ id }) => id === fresh.id)).toMatchObject({ status: 'running' });
    expect(left).toHaveLength(3);

    const second = await project.run();
    const after = await project.until('the new ones are all there is', async (seen) => {
      await open();
      const isNew = ({ image }: { readonly image: string }): boolean => image === 'alicia-test:2';
      return seen.length === 2 && readyOf(seen, 'web').filter(isNew).length === 2 ? seen : null;
    });
    expect(after.map(({ id }) => id)).toContain(fresh.id);
    expect(lives(await project.untilInSync(second))).toEqual(lives(after));
    expect(second.events('drift_detected')).toEqual([]);
  });

  test('in the middle of a pull that stands still must end within half a minute all the same; the next one must pull and start', async ({
    project,
    registry,
    expect,
  }) => {
    registry.push('big', '1', registry.content('1'));
    registry.stall();
    await project.write('rest.yaml', service('rest'));
    const first = await project.run();
    const before = await project.untilInSync(first);
    await project.write(
      'big.yaml',
      service('big', { image: `${registry.host}/big:1`, pull_policy: 'missing' }),
    );
    await eventually(() => registry.stalled() > 0, {
      ...{ timeoutMs: PATIENCE_MS, describe: 'the layer stands still in its middle' },
    });
    const sinceMs = performance.now();
    const ending = await eventually(() => first.terminate(), {
      ...{ timeoutMs: ENOUGH_MS, describe: 'it has ended' },
    });
    console.info(`ended ${Math.round(performance.now() - sinceMs)} ms after SIGTERM in mid-pull`);
    expect(ending).toEqual(WELL);
    expect(lives(await project.engine.containers())).toEqual(lives(before));

    registry.release();
    const second = await project.run();
    const seen = await project.untilInSync(second);
    expect(of(seen, 'big')).toMatchObject([{ status: 'running' }]);
    expect(lives(of(seen, 'rest'))).toEqual(lives(of(before, 'rest')));
  });
});
