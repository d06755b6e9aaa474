// Somebody else holds what a service needs: it waits, says who it is and what to do, and goes on once the way is free.
import { describe } from 'vitest';
import { freePort } from '../support/mosquitto.js';
import { test } from './support/live-stranger.js';
import { stepsOf, untilStatus } from './support/live-words.js';
import { object, of, readyOf, service } from './support/project.js';

describe.concurrent('what a stranger holds', () => {
  test('9.2 a volume that he writes to must hold the start back until he is stopped', async ({
    project,
    invite,
    expect,
  }) => {
    const volume = `${project.name}_data`;
    const stranger = await invite({ volume });
    const web = service('web', { volumes: ['data:/data'] });
    await project.write('stack.yaml', object('Volume', 'data'), web, service('rest'));
    const controller = await project.run({ resync: '1h' });
    const held = await untilStatus(controller, 'web', ({ reason }) => reason === 'HeldByOther');
    expect(held).toMatchObject({ sync: 'OutOfSync' });
    expect(held.message).toContain(`container ${stranger.name}, which is not ours, writes to ${volume}`);
    expect(held.message).toContain(`docker stop ${stranger.name}`);
    await project.until('rest runs', (seen) => readyOf(seen, 'rest').length === 1);
    expect(stepsOf(controller, 'web')).not.toContain('start container web-1');
    expect((await stranger.container.inspect()).State.Running).toBe(true);

    await stranger.container.stop({ t: 1 });
    const seen = await project.untilInSync(controller);
    expect(readyOf(seen, 'web')).toHaveLength(1);
    expect(await controller.service('web')).toMatchObject({ health: 'Healthy', reason: null, message: '' });
  });

  test('9.2 a device that he has must hold the start back until he is stopped', async ({
    project,
    invite,
    expect,
  }) => {
    const stranger = await invite({ device: '/dev/tty' });
    await project.write('stack.yaml', service('web', { devices: ['/dev/tty:/dev/dongle'] }));
    const controller = await project.run({ allow: 'device:/dev/tty' });
    const held = await untilStatus(controller, 'web', ({ reason }) => reason === 'HeldByOther');
    expect(held.message).toContain(`container ${stranger.name}, which is not ours, has the device /dev/tty`);
    await stranger.container.stop({ t: 1 });
    expect(readyOf(await project.untilInSync(controller), 'web')).toHaveLength(1);
  });

  test('8.3 a literal name must be a NameConflict until he is renamed', async ({
    project,
    invite,
    expect,
  }) => {
    const name = `${project.name}-literal`;
    const stranger = await invite({ name });
    await project.write('stack.yaml', service('web', { container_name: name }), service('rest'));
    const controller = await project.run({ resync: '1h' });
    const refused = await untilStatus(controller, 'web', ({ reason }) => reason === 'NameConflict');
    expect(refused).toMatchObject({ state: 'failed', sync: 'OutOfSync', health: 'Degraded' });
    expect(refused.message).toContain(`its name is taken by container ${name}, which is not ours`);
    await project.until('rest runs', (seen) => readyOf(seen, 'rest').length === 1);
    expect(of(await project.engine.containers(), 'web')).toEqual([]);

    await stranger.container.rename({ name: `${name}-moved` });
    const seen = await project.untilInSync(controller);
    expect(readyOf(seen, 'web')).toMatchObject([{ name }]);
    expect((await stranger.container.inspect()).State.Running).toBe(true);
  });

  test('8.7 a port must be a PortConflict that names him, until he is stopped', async ({
    project,
    invite,
    expect,
  }) => {
    const hostPort = await freePort();
    const stranger = await invite({ hostPort });
    const ports = [`127.0.0.1:${hostPort}:80`];
    await project.write('stack.yaml', service('web', { ports }), service('rest'));
    const controller = await project.run({ resync: '1h' });
    const refused = await untilStatus(controller, 'web', ({ reason }) => reason === 'PortConflict');
    expect(refused).toMatchObject({ state: 'failed', health: 'Degraded' });
    expect(refused.message).toContain(`a port is taken by container ${stranger.name}`);
    await project.until('rest runs', (seen) => readyOf(seen, 'rest').length === 1);
    const [made] = of(await project.engine.containers(), 'web');
    expect(made?.status).toBe('created');

    await stranger.container.stop({ t: 1 });
    const seen = await project.untilInSync(controller);
    expect(readyOf(seen, 'web')).toMatchObject([{ id: made?.id }]);
  });
});
