// Checks that the controller makes itself, on a real engine: what they hold back, and what their failing leads to.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Sighting } from './support/engine-view.js';
import {
  of,
  PATIENCE_MS,
  type RunningController,
  service,
  type TestProject,
  test,
} from './support/project.js';

const SERVER = ['/bin/sh', '-c', 'mkdir -p /tmp/www; exec httpd -f -p 9000 -h /tmp/www'];
const HTTP = { http: { port: 9000, path: '/health' }, period: '300ms', retries: 2 };
const EXEC = { exec: ['test', '-e', '/tmp/www/health'], period: '300ms', retries: 2 };

/** `web` with these probes, and `rest`, which waits for its health. */
const declare = (project: TestProject, probes: readonly unknown[]) =>
  project.write(
    'stack.yaml',
    service('web', { command: SERVER, probes }),
    service('rest', { depends_on: { web: { condition: 'service_healthy' } } }),
  );

const untilWeb = (project: TestProject): Promise<Sighting> =>
  project.until('web runs', (seen) => of(seen, 'web').find(({ status }) => status === 'running'));

const told = (controller: RunningController, part: string) =>
  eventually(async () => (await controller.service('web')).message.includes(part), {
    ...{ timeoutMs: PATIENCE_MS, describe: `web says "${part}"` },
  });

describe.concurrent('probes', () => {
  test.for([
    ['http', HTTP, 'answered 404'],
    ['exec', EXEC, 'ended with exit code 1'],
  ] as const)(
    '6.6 %s: dependants must wait until it holds, and a service whose probe fails must be restarted',
    async ([, probe, complaint], { project, expect }) => {
      await declare(project, [probe]);
      const controller = await project.run();
      const web = await untilWeb(project);
      await told(controller, complaint);
      expect(of(await project.engine.containers(), 'rest')).toEqual([]);
      await project.engine.execute(web.id, ['touch', '/tmp/www/health']);
      const before = await project.untilInSync(controller);
      expect(of(before, 'rest').map(({ status }) => status)).toEqual(['running']);

      await project.engine.execute(web.id, ['rm', '/tmp/www/health']);
      const after = await project.until('web was restarted in place', (seen) =>
        of(seen, 'web').find(({ id, startedAt }) => id === web.id && startedAt > web.startedAt),
      );
      expect(after.status).toBe('running');
      await eventually(() => controller.events('service_unhealthy').length > 0);
      await project.engine.execute(web.id, ['touch', '/tmp/www/health']);
      await project.untilInSync(controller);
    },
  );

  test('6.5 one probe that holds must not make up for one that does not', async ({ project, expect }) => {
    await declare(project, [{ tcp: { port: 9000 }, period: '300ms' }, EXEC]);
    const controller = await project.run();
    const web = await untilWeb(project);
    await told(controller, 'exec test');
    expect(of(await project.engine.containers(), 'rest')).toEqual([]);
    await project.engine.execute(web.id, ['touch', '/tmp/www/health']);
    await project.untilInSync(controller);
  });

  test('6.6 a program that hangs must run once, however many periods pass', async ({ project, expect }) => {
    const hang = { exec: ['sleep', '12345'], period: '200ms', timeout: '200ms', retries: 3 };
    await declare(project, [hang]);
    const controller = await project.run();
    const web = await untilWeb(project);
    await eventually(async () => (await controller.service('web')).state === 'failed');
    const processes = await project.engine.execute(web.id, ['ps', '-o', 'args']);
    expect(processes.split('\n').filter((line) => line.includes('sleep 12345'))).toHaveLength(1);
  });

  test('6.6 mqtt: the word of a service must count, and silence must end it', async ({
    project,
    bus,
    expect,
  }) => {
    const topic = 'alicia/system/health/web';
    const request = 'alicia/system/health/check';
    await declare(project, [{ mqtt: { topic, request, max_age: '3s' }, period: '500ms', retries: 2 }]);
    const controller = await project.run({ 'mqtt-url': bus.url });
    await untilWeb(project);
    await eventually(() => bus.latest(request) === '');
    expect(of(await project.engine.containers(), 'rest')).toEqual([]);
    const speak = setInterval(() => void bus.publish(topic, '{"payload":{"status":"healthy"}}'), 500);
    await project.untilInSync(controller);
    clearInterval(speak);
    await told(controller, 'gave no word for more than 3 s');
  });

  test('6.7 with discovery an ill word must count, and a good one take it back', async ({
    project,
    bus,
    expect,
  }) => {
    await project.write('web.yaml', service('web', { command: SERVER, probes: [{ tcp: { port: 9000 } }] }));
    const controller = await project.run({ 'mqtt-url': bus.url, discovery: 'true' });
    const before = await project.untilInSync(controller);
    const say = (status: string) => {
      const word = { event_type: 'service_health_changed', service_data: { service_name: 'web', status } };
      return bus.publish('alicia/discovery/events', JSON.stringify(word));
    };
    await say('unhealthy');
    await told(controller, 'discovery says "unhealthy"');
    await say('healthy');
    expect(await project.untilInSync(controller)).toEqual(before);
  });
});
