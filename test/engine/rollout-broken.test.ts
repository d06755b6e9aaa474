// A new version that does not come up: nobody who asks the service notices, and what happened can be read afterwards.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { EngineView, Sighting } from './support/engine-view.js';
import { lives, object, of, PATIENCE_MS, type RunningController, type Spec } from './support/project.js';
import { boundsOf } from './support/rollout-bounds.js';
import { figuresOf, test } from './support/rollout-traffic.js';
import {
  WEB_ALIAS,
  web,
  webOfWhichOneServes,
  webThatEnds,
  webThatIsNeverReady,
} from './support/rollout-web.js';

const isEvidence = ({ name }: Sighting): boolean => name.endsWith('-failed');

/** Names, ids and policies: what a rollback puts back, whether it had to start it again or not. */
const identities = (seen: readonly Sighting[]): readonly string[] =>
  seen.map(({ name, id, status, restartPolicy }) => `${name} ${id} ${status} ${restartPolicy}`);

/** What happened to containers, but for what their checks found. */
const writesOf = ({ happenings }: EngineView): number =>
  happenings.filter(({ action }) => !action.startsWith('health_status')).length;

/** Waits until everything has been looked at and decided again, twice. */
async function untilTwoResyncs(controller: RunningController, resyncMs: number): Promise<void> {
  const lastPassMs = async (): Promise<number> =>
    Date.parse((await controller.report()).orchestrator.last_pass_at ?? '');
  const begunMs = await lastPassMs();
  await eventually(async () => (await lastPassMs()) - begunMs >= 2 * resyncMs, {
    ...{ timeoutMs: PATIENCE_MS, describe: 'two resyncs have passed' },
  });
}

const stopFirst: Spec = { deploy: { update_config: { monitor: '500ms', order: 'stop-first' } } };

/** Versions that fail, each in its own way, and how many new replicas it takes to find out. */
const stories = [
  ['whose replicas end at once', webThatEnds, 1],
  ['whose replicas end at once, stop-first', (version: string) => webThatEnds(version, stopFirst), 1],
  ['whose replicas never become healthy', webThatIsNeverReady, 1],
  ['whose second replica ends at once after the first one was well', webOfWhichOneServes, 2],
] as const;

describe('a rolling update of four replicas under a steady stream of requests', () => {
  test.for(stories)(
    '4.5 to a version %s must be rolled back unnoticed, and be over then',
    async ([story, broken, made], { project, bus, traffic, expect }) => {
      const resyncMs = 2000;
      await project.write('first.yaml', object('Volume', 'first'));
      await project.write('web.yaml', web('1'));
      const controller = await project.run({ 'mqtt-url': bus.url, resync: `${resyncMs}ms` });
      const before = await project.untilInSync(controller);
      await traffic.start();

      const since = project.engine.happenings.length;
      await project.write('web.yaml', broken('2'));
      await eventually(() => bus.events('service_rolled_back').length > 0, {
        ...{ timeoutMs: PATIENCE_MS, describe: 'service_rolled_back is told' },
      });
      const status = await eventually(
        async () => {
          const now = await controller.service(WEB_ALIAS);
          return now.reason === 'RolledBack' && now.replicas.ready === 4 ? now : null;
        },
        { timeoutMs: PATIENCE_MS, describe: 'four replicas are ready again' },
      );
      await traffic.untilServedBy('1', 40);
      console.info(figuresOf(`rollback of a version ${story}`, traffic.tally()));

      const after = of(await project.engine.containers(), WEB_ALIAS);
      expect(identities(after.filter((each) => !isEvidence(each)))).toEqual(identities(before));
      const evidence = after.filter(isEvidence);
      expect(evidence).toMatchObject([{ restartPolicy: 'no' }]);
      expect(['exited', 'created']).toContain(evidence[0]?.status);
      expect(status).toMatchObject({ sync: 'OutOfSync', health: 'Degraded', reason: 'RolledBack' });
      expect(status.message).toContain(`docker logs ${evidence[0]?.name}`);

      // Once it was known to fail, not one more was made, and no other old one was touched.
      const rollout = project.engine.happenings.slice(since);
      expect(rollout.filter(({ action }) => action === 'create')).toHaveLength(made);
      const isUntouched = ({ slot }: Sighting): boolean => slot > made;
      expect(lives(after.filter(isUntouched))).toEqual(lives(before.filter(isUntouched)));

      const tally = traffic.tally();
      expect(tally.broken).toEqual([]);
      expect(tally.refusedByAll).toBe(0);
      const { fewestReady, mostLive } = boundsOf(project.engine.happenings, { service: WEB_ALIAS, since });
      expect(fewestReady).toBeGreaterThanOrEqual(3);
      expect(mostLive).toBeLessThanOrEqual(5);

      // It is over: nothing is touched and nothing is told any more.
      await eventually(async () => (await controller.report()).orchestrator.phase === 'idle', {
        timeoutMs: PATIENCE_MS,
      });
      const writes = writesOf(project.engine);
      await untilTwoResyncs(controller, resyncMs);
      expect(writesOf(project.engine)).toBe(writes);
      expect(lives(of(await project.engine.containers(), WEB_ALIAS))).toEqual(lives(after));
      for (const type of ['service_update_started', 'service_update_failed', 'service_rolled_back'] as const)
        expect([type, bus.events(type).length]).toEqual([type, 1]);
      expect(bus.events('service_update_completed')).toEqual([]);
      expect(bus.events('drift_detected')).toEqual([]);
    },
  );
});
