// Networks that others, or an edit, take containers off: everybody is back on them, under their names and addresses.
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Sighting } from './support/engine-view.js';
import { test } from './support/live-stranger.js';
import { driftTold, inspect, onlyOf, untilResolved, untilStatus } from './support/live-words.js';
import {
  lives,
  object,
  of,
  PATIENCE_MS,
  type RunningController,
  type Spec,
  service,
  type TestProject,
} from './support/project.js';

/** A network of 256 addresses that nobody uses, out of those that are kept for measurements. */
const freeSubnet = (): string => `198.18.${Math.floor(Math.random() * 256)}`;

/** The end of a container in a network of the project, as the engine shows it. */
async function endOf(project: TestProject, container: Pick<Sighting, 'id'>, network: string) {
  const { NetworkSettings } = await inspect(project, container);
  return NetworkSettings.Networks[`${project.name}_${network}`];
}

describe.concurrent('a second network', () => {
  test('3.3b who was taken off, or put on without an alias, must be on it as declared again', async ({
    project,
    expect,
  }) => {
    await project.write(
      'stack.yaml',
      ...['front', 'back'].map((name) => object('Network', name)),
      service('web', { networks: { front: {}, back: { aliases: ['spine'] } } }),
      service('rest', { networks: ['back'] }),
    );
    const controller = await project.run({ resync: '1h' });
    const before = await project.untilInSync(controller);
    const [web, rest] = [onlyOf(before, 'web'), onlyOf(before, 'rest')];
    await untilResolved(project, rest, 'spine');
    const back = project.engine.docker.getNetwork(`${project.name}_back`);

    await back.disconnect({ Container: web.id });
    const takenOff = `web: container web-1 was taken off ${project.name}_back`;
    const told = [`detected ${takenOff}`, `corrected ${takenOff}`];
    await eventually(() => expect(driftTold(controller)).toEqual(told) ?? true, { timeoutMs: PATIENCE_MS });
    await untilResolved(project, rest, 'spine');

    await eventually(
      async () => {
        // The controller may be quicker; then there is nothing wrong yet, and it is tried once more.
        await back.disconnect({ Container: web.id });
        await back.connect({ Container: web.id });
        return true;
      },
      { timeoutMs: PATIENCE_MS, describe: 'it is on the network without its alias' },
    );
    await eventually(
      () =>
        driftTold(controller).includes(
          `corrected web: container web-1 had other ends than declared in ${project.name}_back`,
        ),
      { timeoutMs: PATIENCE_MS, describe: 'the wrong end is told as mended' },
    );
    await untilResolved(project, rest, 'spine');
    expect((await endOf(project, web, 'back'))?.Aliases).toEqual(expect.arrayContaining(['spine', 'web']));
    expect(lives(await project.untilInSync(controller))).toEqual(lives(before));
    // Whoever of the two comes second to the network has not failed: it is there, and need only be put right.
    expect(controller.events('service_failed')).toEqual([]);
  });
});

/** A controller of {@link declare}d services on the network `inner`. */
async function settle(project: TestProject, subnet: string, spec: Spec): Promise<RunningController> {
  await declare(project, subnet, spec);
  return project.run({ resync: '1h' });
}

/** `web` twice under an alias, `fixed` at an address of its own, `rest` to ask for them. */
const declare = (project: TestProject, subnet: string, spec: Spec): Promise<void> =>
  project.write(
    'stack.yaml',
    object('Network', 'inner', { ipam: { config: [{ subnet: `${subnet}.0/24` }] }, ...spec }),
    service('web', { replicas: 2, networks: { inner: { aliases: ['face'] } } }),
    service('fixed', { networks: { inner: { ipv4_address: `${subnet}.77` } } }),
    service('rest', { networks: ['inner'] }),
  );

describe.concurrent('a network whose declaration changes', () => {
  test('5.5 must be made anew under running containers, with their aliases and addresses', async ({
    project,
    expect,
  }) => {
    const subnet = freeSubnet();
    const controller = await settle(project, subnet, { labels: { edition: '1' } });
    const before = await project.untilInSync(controller);
    const network = project.engine.docker.getNetwork(`${project.name}_inner`);
    const { Id: oldId } = await network.inspect();

    await declare(project, subnet, { labels: { edition: '2' } });
    await eventually(
      async () => {
        const { Id, Labels, Containers } = await network.inspect();
        expect(Id).not.toBe(oldId);
        expect(Labels).toMatchObject({ edition: '2' });
        return Object.keys(Containers ?? {}).length === 4;
      },
      { timeoutMs: PATIENCE_MS, describe: 'all four are on the new network' },
    );
    expect(lives(await project.untilInSync(controller))).toEqual(lives(before));
    const rest = onlyOf(before, 'rest');
    await untilResolved(project, rest, 'face', 2);
    expect(await untilResolved(project, rest, 'fixed')).toEqual([`${subnet}.77`]);
    expect(driftTold(controller)).toEqual([]);
  });

  test('5.5 must stay while a stranger is on it, who is named, and be made anew once he has left', async ({
    project,
    invite,
    expect,
  }) => {
    const subnet = freeSubnet();
    const controller = await settle(project, subnet, {});
    const before = await project.untilInSync(controller);
    const network = project.engine.docker.getNetwork(`${project.name}_inner`);
    const { Id: oldId } = await network.inspect();
    const stranger = await invite({ network: `${project.name}_inner` });
    const { Containers: allBefore } = await network.inspect();

    await declare(project, subnet, { internal: true });
    const refused = await untilStatus(controller, 'rest', ({ reason }) => reason === 'NetworkFailed');
    expect(refused).toMatchObject({ sync: 'OutOfSync', health: 'Healthy' });
    expect(refused.message).toContain(`container ${stranger.name}, which is not ours, is on it`);
    expect(await network.inspect()).toMatchObject({ Id: oldId, Internal: false, Containers: allBefore });
    expect(lives(await project.engine.containers())).toEqual(lives(before));

    await network.disconnect({ Container: stranger.container.id });
    await eventually(async () => (await network.inspect()).Internal, {
      ...{ timeoutMs: PATIENCE_MS, describe: 'the network is internal' },
    });
    expect(lives(await project.untilInSync(controller))).toEqual(lives(before));
    expect(of(await project.engine.containers(), 'web')).toHaveLength(2);
    await untilResolved(project, onlyOf(before, 'rest'), 'face', 2);
    expect((await stranger.container.inspect()).State.Running).toBe(true);
  });
});
