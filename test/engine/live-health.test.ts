// Containers that fall ill, and containers that crash: we restart the ones, Docker the others, and it is said which.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import { onlyOf, startsOf, stepsOf, untilOnly, untilStatus } from './support/live-words.js';
import { lives, PATIENCE_MS, type RunningController, type Spec, service, test } from './support/project.js';

/** A check that holds while a file is there. */
const CHECK: Spec = {
  test: ['CMD', 'test', '-e', '/tmp/well'],
  interval: '300ms',
  timeout: '2s',
  retries: 2,
};

/** Stays until it is told to stop, after this. */
const after = (begin: string): readonly string[] => [
  'sh',
  '-c',
  `${begin}; trap "exit 0" TERM; sleep 2147483647 & wait`,
];

/** Types of events about a service's health so far, oldest first. */
const healthEvents = (controller: RunningController, name: string): readonly string[] =>
  controller
    .log()
    .filter(({ event, service_name }) => event !== undefined && service_name === name)
    .map(({ event }) => event ?? '')
    .filter((event) => /_(unhealthy|restarted|recovered|failed)$/.test(event));

describe.concurrent('what falls ill', () => {
  test('6.2 must be restarted after about 10 s, and be given up after max_attempts', async ({
    project,
    expect,
  }) => {
    await project.write(
      'stack.yaml',
      service('cured', { healthcheck: CHECK, command: after('touch /tmp/well') }),
      service('lost', {
        healthcheck: CHECK,
        // Well in its first run only.
        command: after('[ -e /tmp/once ] || touch /tmp/well; touch /tmp/once'),
        deploy: { restart_policy: { max_attempts: 1 } },
      }),
      service('rest'),
    );
    const controller = await project.run();
    const before = await project.untilInSync(controller);
    const [cured, lost, rest] = ['cured', 'lost', 'rest'].map((name) => onlyOf(before, name));
    if (cured === undefined || lost === undefined) throw new Error('they do not run');
    for (const { id } of [cured, lost]) await project.engine.execute(id, ['rm', '/tmp/well']);

    const ill = await untilStatus(controller, 'cured', ({ reason }) => reason === 'Unhealthy');
    const sinceMs = performance.now();
    expect(ill).toMatchObject({ state: 'failed', sync: 'Synced', health: 'Degraded' });
    expect(ill.message).toMatch(/health check failed \d+ times in a row; it is restarted after (9|10|11) s/);
    await untilOnly(project, 'cured', ({ startedAt }) => startedAt > cured.startedAt);
    const tookMs = performance.now() - sinceMs;
    expect(tookMs).toBeGreaterThan(7_000);
    expect(tookMs).toBeLessThan(20_000);
    await untilStatus(controller, 'cured', ({ health }) => health === 'Healthy');
    const givenUp = await untilStatus(controller, 'lost', ({ message }) => message.includes('given up'));
    expect(givenUp).toMatchObject({ state: 'failed', health: 'Degraded', reason: 'Unhealthy' });
    expect(givenUp.message).toContain('given up after 1 restarts (max_attempts)');
    const seen = await project.engine.containers();
    expect([onlyOf(seen, 'cured').id, onlyOf(seen, 'lost').id]).toEqual([cured.id, lost.id]);
    expect(lives([onlyOf(seen, 'rest')])).toEqual(lives(rest === undefined ? [] : [rest]));
    expect([startsOf(project, 'cured'), startsOf(project, 'lost')]).toEqual([2, 2]);
    expect(controller.events('drift_detected')).toEqual([]);
    const told = ['service_unhealthy', 'service_failed', 'service_restarted', 'service_recovered'];
    await eventually(() => expect(healthEvents(controller, 'cured')).toEqual(told) ?? true, {
      describe: 'all of it is told',
    });
  });
});

describe.concurrent('what crashes', () => {
  test('6.1 must be restarted by Docker alone and be told as a crash loop, by a fresh controller too', async ({
    project,
    expect,
  }) => {
    await project.write('stack.yaml', service('crash', { image: 'alicia-test:broken' }), service('rest'));
    const first = await project.run();
    const looping = await untilStatus(first, 'crash', ({ reason }) => reason === 'CrashLoopBackOff');
    expect(looping).toMatchObject({ state: 'failed', sync: 'Synced', health: 'Degraded' });
    expect(looping.message).toMatch(
      /^crash loop: exited 1 5 times; (Docker tries again in about \d+ s|it runs)/,
    );
    expect(stepsOf(first, 'crash')).toEqual(['create container crash-1', 'start container crash-1']);
    const container = onlyOf(await project.engine.containers(), 'crash');
    await first.kill();

    const second = await project.run();
    // Its very first word of it.
    const found = await eventually(() => second.service('crash'), { timeoutMs: PATIENCE_MS });
    expect(found).toMatchObject({ state: 'failed', health: 'Degraded', reason: 'CrashLoopBackOff' });
    expect(found.message).toMatch(/crash loop: exited 1 \d+ times/);
    await eventually(async () => (await second.report()).orchestrator.phase === 'idle', {
      timeoutMs: PATIENCE_MS,
    });
    expect(stepsOf(second, 'crash')).toEqual([]);
    expect(onlyOf(await project.engine.containers(), 'crash').id).toBe(container.id);
    expect(second.events('drift_detected')).toEqual([]);
  });
});
