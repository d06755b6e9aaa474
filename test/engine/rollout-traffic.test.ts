// Whoever asks a service while it is updated gets an answer, from the old version or from the new one.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import { of, PATIENCE_MS, readyOf } from './support/project.js';
import { boundsOf } from './support/rollout-bounds.js';
import { figuresOf, test } from './support/rollout-traffic.js';
import { WEB_ALIAS, web } from './support/rollout-web.js';

describe('a rolling update of four replicas under a steady stream of requests', () => {
  test('4.6 must cut no answer and leave nobody without one, with 3 ready and 5 live replicas at the outside', async ({
    project,
    bus,
    traffic,
    expect,
  }) => {
    await project.write('web.yaml', web('1'));
    const controller = await project.run({ 'mqtt-url': bus.url });
    const before = await project.untilInSync(controller);
    await traffic.start();

    const since = project.engine.happenings.length;
    await project.write('web.yaml', web('2', { image: 'alicia-test:2' }));
    await project.until(
      'four replicas of the new version are all there is',
      (seen) =>
        of(seen, WEB_ALIAS).length === 4 &&
        readyOf(seen, WEB_ALIAS).filter(({ image }) => image === 'alicia-test:2').length === 4,
    );
    await traffic.untilServedBy('2', 40);
    const after = await project.untilInSync(controller);
    const tally = traffic.tally();
    console.info(figuresOf('rolling update', tally));

    expect(after.map(({ slot, image }) => `${slot} ${image}`)).toEqual(
      [1, 2, 3, 4].map((slot) => `${slot} alicia-test:2`),
    );
    expect(after.map(({ id }) => id)).not.toEqual(expect.arrayContaining([before[0]?.id]));
    expect(tally.broken).toEqual([]);
    expect(tally.refusedByAll).toBe(0);
    expect(tally.served).toBeGreaterThan(100);
    expect(new Set(tally.versions)).toEqual(new Set(['1', '2']));

    const { fewestReady, mostLive } = boundsOf(project.engine.happenings, { service: WEB_ALIAS, since });
    expect(fewestReady).toBeGreaterThanOrEqual(3);
    expect(mostLive).toBeLessThanOrEqual(5);
    // Nothing makes it choose otherwise, so it is start-first by itself: one more than declared did run.
    expect(mostLive).toBe(5);
    await eventually(() => bus.events('service_update_completed').length === 1, { timeoutMs: PATIENCE_MS });
    expect(bus.events('service_update_started')).toHaveLength(1);
    expect(bus.events('service_update_failed')).toEqual([]);
    expect(bus.events('drift_detected')).toEqual([]);
  });

  test('4.7 taken back in its middle must bring the kept containers back, and cut no answer either', async ({
    project,
    bus,
    traffic,
    expect,
  }) => {
    await project.write('web.yaml', web('1'));
    const controller = await project.run({ 'mqtt-url': bus.url });
    const before = await project.untilInSync(controller);
    await traffic.start();

    const since = project.engine.happenings.length;
    await project.write('web.yaml', web('2'));
    await project.until('two old ones are put aside', (seen) => {
      const aside = of(seen, WEB_ALIAS).filter(({ name }) => name.endsWith('-old'));
      return aside.length === 2 && aside.every(({ restartPolicy }) => restartPolicy === 'no');
    });
    await project.write('web.yaml', web('1'));
    await project.until('the four of before are all there is', (seen) => {
      const names = of(seen, WEB_ALIAS).map(({ name, id }) => `${name} ${id}`);
      return (
        readyOf(seen, WEB_ALIAS).length === 4 &&
        names.join() === before.map(({ name, id }) => `${name} ${id}`).join()
      );
    });
    await traffic.untilServedBy('1', 40);
    const after = await project.untilInSync(controller);
    const tally = traffic.tally();
    console.info(figuresOf('rolling update taken back', tally));
    expect(after.map(({ restartPolicy }) => restartPolicy)).toEqual(
      before.map(({ restartPolicy }) => restartPolicy),
    );
    expect(tally.broken).toEqual([]);
    expect(tally.refusedByAll).toBe(0);
    expect(new Set(tally.versions)).toEqual(new Set(['1', '2']));
    const { fewestReady, mostLive } = boundsOf(project.engine.happenings, { service: WEB_ALIAS, since });
    expect(fewestReady).toBeGreaterThanOrEqual(3);
    expect(mostLive).toBeLessThanOrEqual(5);
    expect(bus.events('drift_detected')).toEqual([]);
  });

  test('control: a replica that is killed must be seen in answers that are cut, and below the floor', async ({
    project,
    traffic,
    expect,
  }) => {
    await project.write('web.yaml', web('1', { self_heal: false, restart: 'on-failure:1', replicas: 2 }));
    const controller = await project.run();
    const [first] = await project.untilInSync(controller);
    await traffic.start();
    const since = project.engine.happenings.length;
    const container = project.engine.docker.getContainer(first?.id ?? '');
    // Again and again until it hits somebody in mid-answer: most of the time somebody is.
    await eventually(
      async () => {
        const { State } = await container.inspect();
        if (State.Running) await container.kill();
        else await container.start();
        return traffic.tally().broken.length > 0;
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 500, describe: 'an answer is cut' },
    );
    const { fewestReady } = boundsOf(project.engine.happenings, { service: WEB_ALIAS, since });
    expect(fewestReady).toBeLessThan(2);
    console.info(figuresOf('a kill', traffic.tally()));
  });
});
