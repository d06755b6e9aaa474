// The controller is killed at any moment and started again: it goes on from what it finds, nothing is doubled or lost.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Sighting } from './support/engine-view.js';
import {
  gated,
  healthy,
  letIn,
  lives,
  object,
  of,
  PATIENCE_MS,
  type Spec,
  service,
  type TestProject,
  test,
} from './support/project.js';

/** Containers of each service and slot that could run at the same time: never two. */
const crowdedSlots = (seen: readonly Sighting[]): readonly string[] => {
  const live = seen
    .filter(({ status }) => status === 'running' || status === 'restarting')
    .map(({ service: name, slot }) => `${name}-${slot}`);
  return live.filter((slot, index) => live.indexOf(slot) !== index);
};

const graph: readonly Spec[] = [
  object('Volume', 'data'),
  service('migration', {
    restart: 'no',
    command: ['sh', '-c', 'echo once >> /data/runs; sleep 1'],
    volumes: ['data:/data'],
  }),
  service('cache', { healthcheck: healthy }),
  service('api', {
    replicas: 2,
    healthcheck: healthy,
    volumes: ['data:/data:ro'],
    depends_on: {
      cache: { condition: 'service_healthy' },
      migration: { condition: 'service_completed_successfully' },
    },
  }),
  service('web', { depends_on: { api: { condition: 'service_healthy' } } }),
];

/** Moments of the first start, each as soon as it can be seen. */
const moments: readonly (readonly [
  string,
  (seen: readonly Sighting[], project: TestProject) => boolean | Promise<boolean>,
])[] = [
  ['when only the network is made', async (_, { engine }) => (await engine.networks()).length > 0],
  ['at the first container', (seen) => seen.length > 0],
  ['while the one-shot runs', (seen) => of(seen, 'migration').some(({ status }) => status === 'running')],
  ['when a replica is made and its sibling is not', (seen) => of(seen, 'api').length > 0],
  ['when the last container is made', (seen) => of(seen, 'web').length > 0],
];

describe.concurrent('kill -9 during the first start', () => {
  test('killed at five moments in turn, it must end as if nothing had happened', async ({
    project,
    expect,
  }) => {
    await project.write('graph.yaml', ...graph);
    for (const [moment, isNow] of moments) {
      const controller = await project.run();
      await eventually(async () => isNow(await project.engine.containers(), project), {
        ...{ timeoutMs: PATIENCE_MS, intervalMs: 10, describe: moment },
      });
      await controller.kill();
      expect(crowdedSlots(await project.engine.containers())).toEqual([]);
    }
    const controller = await project.run();
    const seen = await project.untilInSync(controller);
    expect(seen.map(({ service: name, slot, status }) => `${name}-${slot} ${status}`).toSorted()).toEqual([
      'api-1 running',
      'api-2 running',
      'cache-1 running',
      'migration-1 exited',
      'web-1 running',
    ]);
    // Not one container was made twice, and the one-shot ran once.
    const made = project.engine.happenings.filter(({ action }) => action === 'create');
    expect(made.map(({ id }) => id).toSorted()).toEqual(seen.map(({ id }) => id).toSorted());
    const [api] = of(seen, 'api');
    expect((await project.engine.execute(api?.id ?? '', ['cat', '/data/runs'])).trim()).toBe('once');
    expect(await project.engine.networks()).toHaveLength(1);
    expect(controller.events('drift_detected')).toEqual([]);
  });
});

/** Moments of a replacement, stop-first, each as soon as it can be seen. */
const replacementMoments = [
  ['as soon as the old one has stopped', (old: Sighting) => old.status === 'exited'],
  ['as soon as the old one is put aside', (old: Sighting) => old.name.endsWith('-old')],
  ['as soon as the new one is made', (_: Sighting, fresh: Sighting | undefined) => fresh !== undefined],
  [
    'while the new one is not ready',
    (_: Sighting, fresh: Sighting | undefined) => fresh?.status === 'running',
  ],
] as const;

describe.concurrent('kill -9 in the middle of a replacement', () => {
  const web = (image: string): Spec =>
    service('web', {
      ...{ image, replicas: 2, healthcheck: gated },
      deploy: { update_config: { order: 'stop-first' } },
    });

  test.for(replacementMoments)(
    '%s, the next one must bring it to its end',
    async ([moment, isNow], { project, expect }) => {
      const open = async (seen: readonly Sighting[]): Promise<void> => {
        for (const each of of(seen, 'web'))
          if (each.status === 'running' && each.health !== 'healthy') await letIn(project, each);
      };
      await project.write('web.yaml', web('alicia-test:1'));
      await project.write('rest.yaml', service('rest', { depends_on: ['web'] }));
      const first = await project.run();
      await project.until('both replicas run', async (seen) => {
        await open(seen);
        return of(seen, 'web').filter(({ health }) => health === 'healthy').length === 2;
      });
      const before = await project.untilInSync(first);
      const [one] = of(before, 'web');
      if (one === undefined) throw new Error('web does not run');

      await project.write('web.yaml', web('alicia-test:2'));
      await eventually(
        async () => {
          const seen = of(await project.engine.containers(), 'web');
          const olds = seen.filter(({ image }) => image === 'alicia-test:1');
          const fresh = seen.find(({ image }) => image === 'alicia-test:2');
          return olds.some((old) => isNow(old, fresh));
        },
        { timeoutMs: PATIENCE_MS, intervalMs: 10, describe: moment },
      );
      await first.kill();
      const left = await project.engine.containers();
      expect(crowdedSlots(left)).toEqual([]);
      expect(of(left, 'web').filter(({ image }) => image === 'alicia-test:1')).toHaveLength(2);

      const second = await project.run();
      let fewest = 2;
      const after = await project.until(
        'both replicas are of the new image, and nothing else is left',
        async (seen) => {
          await open(seen);
          const all = of(seen, 'web');
          fewest = Math.min(fewest, all.filter(({ status }) => status === 'running').length);
          expect(crowdedSlots(seen)).toEqual([]);
          return all.length === 2 &&
            all.every(({ image, health }) => image === 'alicia-test:2' && health === 'healthy')
            ? seen
            : null;
        },
      );
      expect(fewest).toBeGreaterThanOrEqual(1);
      expect(of(after, 'web').map(({ slot }) => slot)).toEqual([1, 2]);
      expect(lives(of(after, 'rest'))).toEqual(lives(of(before, 'rest')));
      expect(lives(await project.untilInSync(second))).toEqual(lives(after));
      const made = project.engine.happenings.filter(({ action }) => action === 'create');
      expect(made).toHaveLength(5);
      expect(second.events('drift_detected')).toEqual([]);
    },
  );

  test('and in the middle of putting the old one back, the next one must put it back', async ({
    project,
    expect,
  }) => {
    const broken = (image: string): Spec =>
      service('web', { image, deploy: { update_config: { order: 'stop-first', monitor: '1s' } } });
    await project.write('web.yaml', broken('alicia-test:1'));
    const first = await project.run();
    const [old] = await project.untilInSync(first);
    await project.write('web.yaml', broken('alicia-test:broken'));
    await eventually(
      async () => (await project.engine.containers()).some(({ name }) => name.endsWith('-failed')),
      { timeoutMs: PATIENCE_MS, intervalMs: 10, describe: 'the new one is judged' },
    );
    await first.kill();
    const second = await project.run();
    await eventually(async () => (await second.service('web')).reason === 'RolledBack', {
      timeoutMs: PATIENCE_MS,
    });
    const seen = await project.until('the old one runs', (all) =>
      all.some(({ id, status, name }) => id === old?.id && status === 'running' && name === old.name)
        ? all
        : null,
    );
    expect(seen.map(({ image }) => image).toSorted()).toEqual(['alicia-test:1', 'alicia-test:broken']);
    expect(seen.filter(({ name }) => name.endsWith('-failed'))).toMatchObject([{ restartPolicy: 'no' }]);
  });
});

describe.concurrent('a file that is broken while nobody looks', () => {
  test('a fresh controller must stop nothing because of it, say so, and go on once it is mended', async ({
    project,
    bus,
    expect,
  }) => {
    const good = (name: string, spec: Spec = {}): Spec => service(name, spec);
    await project.write('pair.yaml', good('left'), good('right', { depends_on: ['left'] }));
    await project.write('rest.yaml', good('rest', { depends_on: ['right'] }));
    await project.write('gone.yaml', good('gone'));
    const first = await project.run();
    const before = await project.untilInSync(first);

    await first.kill();
    await project.write(
      'pair.yaml',
      good('left'),
      'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: right\n',
    );
    await project.erase('gone.yaml');
    const second = await project.run({ 'mqtt-url': bus.url });
    const blocked = await eventually(
      () =>
        bus
          .events('prune_blocked')
          .find(({ event_data: data }) => (data.services as string[]).includes('gone')),
      { timeoutMs: PATIENCE_MS, describe: 'prune_blocked names the service that no file declares' },
    );
    expect(blocked.event_data.message).toMatch(/pair\.yaml/);
    await eventually(() => bus.events('manifest_rejected').length > 0);
    await eventually(async () => (await second.report()).orchestrator.phase === 'idle', {
      timeoutMs: PATIENCE_MS,
    });
    expect(lives(await project.engine.containers())).toEqual(lives(before));
    expect((await second.service('gone')).reason).toBe('PruneBlocked');

    await project.write('pair.yaml', good('left'), good('right', { depends_on: ['left'], replicas: 2 }));
    const after = await project.until(
      'the mended file is followed, and what it did not name has gone',
      (seen) => (of(seen, 'right').length === 2 && of(seen, 'gone').length === 0 ? seen : null),
    );
    expect(lives(after)).toEqual(
      expect.arrayContaining([...lives(before.filter((each) => each.service !== 'gone'))]),
    );
    await project.untilInSync(second);
  });

  test('a running controller must keep the last good version, and go on once it is mended', async ({
    project,
    expect,
  }) => {
    await project.write('pair.yaml', service('left'), service('right'));
    await project.write('rest.yaml', service('rest'));
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    await project.write('pair.yaml', 'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: left');
    await eventually(() => controller.events('manifest_rejected').length > 0, { timeoutMs: PATIENCE_MS });
    // What others do to it is mended from the last good version.
    const [left] = of(before, 'left');
    await project.engine.docker.getContainer(left?.id ?? '').remove({ force: true });
    const mended = await project.until('left is back', (seen) =>
      of(seen, 'left').some(({ id, status }) => id !== left?.id && status === 'running') ? seen : null,
    );
    expect(of(mended, 'left')[0]?.name).toBe(left?.name);
    expect(lives(mended.filter(({ service: name }) => name !== 'left'))).toEqual(
      lives(before.filter(({ service: name }) => name !== 'left')),
    );
    await eventually(() => controller.events('drift_corrected').length === 1, { timeoutMs: PATIENCE_MS });
    await project.write('pair.yaml', service('right'));
    await project.until('what the mended file leaves out is gone', (seen) => of(seen, 'left').length === 0);
    await project.untilInSync(controller);
  });
});
