// What reaches beyond a container is denied before any call for it, and once allowed Docker is asked for it as written.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe } from 'vitest';
import { createEngineWire } from './support/engine-wire.js';
import { inspect, onlyOf, stepsOf, untilStatus } from './support/live-words.js';
import { of, readyOf, type Spec, service, test } from './support/project.js';

describe.concurrent('9.3 a service that asks for more than it may', () => {
  test('9.3 must be denied without a call for it while its neighbour runs, and be made as written once allowed', async ({
    project,
    expect,
  }) => {
    const outside = join(dirname(project.folder), 'outside');
    await mkdir(outside);
    const asking: Spec = {
      ...{ cap_drop: ['ALL'], cap_add: ['CHOWN', 'CAP_NET_ADMIN'], security_opt: ['no-new-privileges:true'] },
      ...{ devices: ['/dev/null:/dev/nothing:rw'], sysctls: { 'net.ipv4.ip_forward': 0 }, ipc: 'private' },
      volumes: [`${outside}:/outside:ro`],
    };
    const hardened = service('rest', { cap_drop: ['ALL'], cap_add: ['CHOWN', 'NET_BIND_SERVICE'] });
    await project.write('stack.yaml', service('web', asking), hardened);
    const allow = `bind:${outside},device:/dev/null,cap:NET_ADMIN,sysctl:net.ipv4.ip_forward`;
    const wire = await createEngineWire();
    try {
      const controller = await project.run({ 'docker-host': wire.url });
      const denied = await untilStatus(controller, 'web', ({ reason }) => reason === 'PolicyDenied');
      expect(denied.message).toContain('[POLICY_DENIED]');
      await project.until('rest runs', (seen) => readyOf(seen, 'rest').length === 1);
      expect(controller.log().map(({ msg }) => msg)).toContain(`1 service needs: --allow ${allow}`);
      const planned = await project.command(['plan']);
      expect(planned.code).toBe(1);
      expect(planned.stdout).toMatch(/\n1 service needs: --allow \S+\n$/);
      expect(of(await project.engine.containers(), 'web')).toEqual([]);
      expect(stepsOf(controller, 'web')).toEqual([]);
      expect(wire.writes.filter((line) => line.includes('-web-'))).toEqual([]);
      expect(wire.writes.filter((line) => line.includes('-rest-'))).not.toEqual([]);
      await controller.terminate();
    } finally {
      await wire.remove();
    }

    const controller = await project.run({ allow });
    const seen = await project.untilInSync(controller);
    const { HostConfig, Mounts } = await inspect(project, onlyOf(seen, 'web'));
    const plain = (names: unknown): unknown => JSON.parse(JSON.stringify(names).replaceAll('CAP_', ''));
    expect(plain(HostConfig.CapAdd)).toEqual(['CHOWN', 'NET_ADMIN']);
    expect(plain(HostConfig.CapDrop)).toEqual(['ALL']);
    expect(HostConfig).toMatchObject({
      SecurityOpt: ['no-new-privileges=true'],
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/nothing', CgroupPermissions: 'rw' }],
      Sysctls: { 'net.ipv4.ip_forward': '0' },
      IpcMode: 'private',
    });
    expect(Mounts).toMatchObject([{ Source: outside, Destination: '/outside', RW: false }]);
    expect(
      controller
        .log()
        .map(({ msg }) => msg ?? '')
        .filter((msg) => msg.includes('--allow')),
    ).toEqual([]);
    // What they are made with stays as it is: nobody is replaced at the next start.
    const again = await project.command(['plan', '-o', 'json'], { allow });
    expect(JSON.parse(again.stdout)).toMatchObject({ steps: [] });
  });
});
