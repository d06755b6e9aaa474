// Limits and the restart policy are edited, by the manifest and by others: what can be changed in place is, and only that.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Sighting } from './support/engine-view.js';
import { driftTold, inspect, onlyOf, stepsOf, untilOnly } from './support/live-words.js';
import { PATIENCE_MS, type Spec, service, type TestProject, test } from './support/project.js';

const MIB = 1024 * 1024;

/** What Docker enforces of a container. */
async function limitsOf(project: TestProject, container: Pick<Sighting, 'id'>): Promise<Spec> {
  const { HostConfig } = await inspect(project, container);
  return {
    memory: HostConfig.Memory,
    swap: HostConfig.MemorySwap,
    cpus: (HostConfig.NanoCpus ?? 0) / 1e9,
    pids: HostConfig.PidsLimit,
    restart: HostConfig.RestartPolicy?.Name,
  };
}

const EDITED: Spec = { mem_limit: '96m', cpus: 0.25, pids_limit: 60, restart: 'always' };
const EDITED_SHOWN: Spec = { memory: 96 * MIB, swap: 192 * MIB, cpus: 0.25, pids: 60, restart: 'always' };

describe.concurrent('limits', () => {
  test('3.3 edited ones must be given to the running container, and a limit that is taken away must replace it', async ({
    project,
    expect,
  }) => {
    const web = (spec: Spec): Promise<void> => project.write('web.yaml', service('web', spec));
    await web({ mem_limit: '64m', cpus: 0.5, pids_limit: 50 });
    const controller = await project.run({ resync: '1h' });
    const before = onlyOf(await project.untilInSync(controller), 'web');
    expect(await limitsOf(project, before)).toEqual({
      ...{ memory: 64 * MIB, swap: 128 * MIB, cpus: 0.5, pids: 50, restart: 'unless-stopped' },
    });

    await web(EDITED);
    await eventually(async () => expect(await limitsOf(project, before)).toEqual(EDITED_SHOWN) ?? true, {
      ...{ timeoutMs: PATIENCE_MS, describe: 'the limits are as edited' },
    });
    const edited = onlyOf(await project.untilInSync(controller), 'web');
    expect(edited).toEqual({ ...before, restartPolicy: 'always' });
    expect(driftTold(controller)).toEqual([]);

    await web({ ...EDITED, pids_limit: undefined });
    const fresh = await untilOnly(project, 'web', ({ id }) => id !== before.id);
    expect(await limitsOf(project, fresh)).toEqual({ ...EDITED_SHOWN, pids: expect.toBeOneOf([null, 0]) });
    expect(onlyOf(await project.untilInSync(controller), 'web').id).toBe(fresh.id);
    expect(driftTold(controller)).toEqual([]);
  });

  test('3.3 what others change by docker update must be put right, and told as drift once', async ({
    project,
    expect,
  }) => {
    await project.write('web.yaml', service('web', EDITED));
    // No look at all without a hint.
    const controller = await project.run({ resync: '1h' });
    const before = onlyOf(await project.untilInSync(controller), 'web');
    const container = project.engine.docker.getContainer(before.id);
    const told: string[] = [];
    for (const change of [
      { RestartPolicy: { Name: 'no' } },
      { Memory: 32 * MIB, MemorySwap: 64 * MIB, PidsLimit: 10 },
    ]) {
      await container.update(change);
      told.push('web: container web-1 was given another restart policy or other limits');
      await eventually(
        () =>
          expect(driftTold(controller)).toEqual([
            ...told.map((what) => `detected ${what}`),
            ...told.map((what) => `corrected ${what}`),
          ]) ?? true,
        { timeoutMs: PATIENCE_MS, describe: 'the drift is told once, and that it was mended' },
      );
      expect(await limitsOf(project, before)).toEqual(EDITED_SHOWN);
    }
    expect(onlyOf(await project.untilInSync(controller), 'web')).toEqual(before);
    expect(stepsOf(controller, 'web').filter((step) => step.startsWith('update'))).toHaveLength(2);
  });
});
