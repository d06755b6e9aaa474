// What the directory does not say: nothing stops because it is empty, away, unreadable, or suddenly says much less.
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  type Bus,
  lives,
  of,
  PATIENCE_MS,
  type RunningController,
  service,
  type TestProject,
  test,
} from './support/project.js';

const NAMES = ['one', 'two', 'three', 'four'];

/** Four services in a file each, running. */
async function settle(project: TestProject, bus: Bus) {
  for (const name of NAMES) await project.write(`${name}.yaml`, service(name));
  const controller = await project.run({ 'mqtt-url': bus.url, rescan: '1s' });
  const before = await project.untilInSync(controller);
  return { controller, before };
}

/** Waits until the guard has spoken of exactly these services; resolves with its sentence. */
async function untilBlocked(bus: Bus, names: readonly string[]): Promise<string> {
  const event = await eventually(
    () =>
      bus
        .events('prune_blocked')
        .find(
          ({ event_data: data }) => (data.services as string[]).toSorted().join() === names.toSorted().join(),
        ),
    { timeoutMs: PATIENCE_MS, describe: `prune_blocked names ${names.join(', ')}` },
  );
  return String(event.event_data.message);
}

/** The clock of the controller has passed the time after which a deletion would have been confirmed. */
async function untilConfirmed(controller: RunningController): Promise<void> {
  const sinceMs = performance.now();
  await eventually(() => performance.now() - sinceMs > 2500, { timeoutMs: PATIENCE_MS });
  expectNothing(controller.events('service_removed').length + controller.events('service_stopped').length);
}

const expectNothing = (count: number): void => {
  if (count > 0) throw new Error(`${count} events tell of something that stopped`);
};

/** An outage of the directory: what makes it, and what ends it. */
interface Outage {
  readonly begin: (project: TestProject) => Promise<void>;
  readonly end: (project: TestProject) => Promise<void>;
}

const aside = (project: TestProject): string => `${project.folder}-aside`;
const comeBack = async (project: TestProject): Promise<void> => {
  await rm(project.folder, { recursive: true });
  await rename(aside(project), project.folder);
};

const outages: readonly (readonly [string, Outage])[] = [
  [
    'emptied',
    {
      begin: async ({ folder }) => {
        for (const name of await readdir(folder)) await rm(join(folder, name));
      },
      end: async (project) => {
        for (const name of NAMES) await project.write(`${name}.yaml`, service(name));
      },
    },
  ],
  [
    'moved away',
    {
      begin: (project) => rename(project.folder, aside(project)),
      end: (project) => rename(aside(project), project.folder),
    },
  ],
  [
    'replaced by a link that leads nowhere',
    {
      begin: async (project) => {
        await rename(project.folder, aside(project));
        await symlink(`${project.folder}-nowhere`, project.folder);
      },
      end: comeBack,
    },
  ],
  [
    'made unreadable by a link that leads to itself',
    {
      begin: async (project) => {
        await rename(project.folder, aside(project));
        await symlink(project.folder, project.folder);
      },
      end: comeBack,
    },
  ],
  [
    'replaced by an empty one, as by a mount that failed',
    {
      begin: async (project) => {
        await rename(project.folder, aside(project));
        await mkdir(project.folder);
      },
      end: comeBack,
    },
  ],
  [
    'left with files that are no manifests',
    {
      begin: async (project) => {
        await rename(project.folder, aside(project));
        await mkdir(project.folder);
        await writeFile(join(project.folder, 'values.yaml'), 'colour: blue\n');
      },
      end: comeBack,
    },
  ],
];

describe.concurrent('a directory that says nothing', () => {
  test.for(outages)(
    '%s: nothing may stop, it must be said, and edits must count once it is back',
    async ([, outage], { project, bus, expect }) => {
      const { controller, before } = await settle(project, bus);
      await outage.begin(project);
      await eventually(async () => (await controller.services()).every(({ message }) => message !== ''), {
        timeoutMs: PATIENCE_MS,
        describe: 'the status of every service says what is the matter',
      });
      await untilConfirmed(controller);
      expect(lives(await project.engine.containers())).toEqual(lives(before));
      expect(controller.hasEnded()).toBe(false);

      await outage.end(project);
      expect(lives(await project.untilInSync(controller))).toEqual(lives(before));
      await project.write('two.yaml', service('two', { replicas: 2 }));
      const after = await project.until('an edit is followed again', (seen) =>
        of(seen, 'two').length === 2 ? seen : null,
      );
      expect(lives(after)).toEqual(expect.arrayContaining([...lives(before)]));
    },
  );

  test('7.6 a fresh controller on an empty directory must stop nothing', async ({ project, bus, expect }) => {
    const { controller: first, before } = await settle(project, bus);
    await first.kill();
    for (const name of NAMES) await project.erase(`${name}.yaml`);
    const second = await project.run({ 'mqtt-url': bus.url });
    expect(await untilBlocked(bus, NAMES)).toContain('--allow-empty');
    await untilConfirmed(second);
    expect(lives(await project.engine.containers())).toEqual(lives(before));

    // Whoever means it says so.
    await second.terminate();
    await project.run({ 'mqtt-url': bus.url, 'allow-empty': 'true', 'allow-mass-prune': 'true' });
    await project.until('all is gone', (seen) => seen.length === 0);
  });
});

test.concurrent('7.6 who stood at the end of a file that was cut while no controller watched must stay until that is meant', async ({
  project,
  bus,
  expect,
}) => {
  await project.write('all.yaml', service('one'), service('two'), service('three'));
  await project.write('four.yaml', service('four'));
  const controller = await project.run({ 'mqtt-url': bus.url });
  const before = await project.untilInSync(controller);
  await controller.kill();
  await project.write('all.yaml', service('one'), service('two'));
  const second = await project.run({ 'mqtt-url': bus.url, rescan: '1s' });
  expect(await untilBlocked(bus, ['three'])).toContain('manifest 3 of all.yaml');
  await untilConfirmed(second);
  expect(lives(await project.engine.containers())).toEqual(lives(before));

  const aside = '# apiVersion: alicia/v1\n# kind: Service\n# metadata: {name: three}\n';
  await project.write('all.yaml', service('one'), service('two'), aside);
  const after = await project.until('it is gone', (seen) => (of(seen, 'three').length === 0 ? seen : null));
  expect(lives(after)).toEqual(lives(before.filter(({ service: name }) => name !== 'three')));
});

describe.concurrent('more than half of the services deleted at once', () => {
  test('nothing may stop, prune_blocked must say so, and .alicia-prune must lift it for those that it names', async ({
    project,
    bus,
    expect,
  }) => {
    const { controller, before } = await settle(project, bus);
    for (const name of ['one', 'two', 'three']) await project.erase(`${name}.yaml`);
    expect(await untilBlocked(bus, ['one', 'three', 'two'])).toContain('.alicia-prune');
    await untilConfirmed(controller);
    expect(lives(await project.engine.containers())).toEqual(lives(before));
    const status = await controller.service('one');
    expect(status).toMatchObject({ reason: 'PruneBlocked', sync: 'OutOfSync', health: 'Healthy' });

    await writeFile(join(project.folder, '.alicia-prune'), '# two of the three\none\ntwo\n');
    const after = await project.until('the two that are named are gone', (seen) =>
      seen.length === 2 ? seen : null,
    );
    expect(lives(after)).toEqual(
      lives(before.filter(({ service: name }) => name === 'four' || name === 'three')),
    );
    await eventually(() => bus.latest('alicia/services/one/state') === '', { timeoutMs: PATIENCE_MS });
  });

  test('the return of the files must lift it too, and `*` must let all go', async ({
    project,
    bus,
    expect,
  }) => {
    const { controller, before } = await settle(project, bus);
    for (const name of ['one', 'two', 'three']) await project.erase(`${name}.yaml`);
    await untilBlocked(bus, ['one', 'three', 'two']);
    for (const name of ['one', 'two', 'three']) await project.write(`${name}.yaml`, service(name));
    expect(lives(await project.untilInSync(controller))).toEqual(lives(before));

    for (const name of ['one', 'two', 'three']) await project.erase(`${name}.yaml`);
    await writeFile(join(project.folder, '.alicia-prune'), '*\n');
    const after = await project.until('one is left', (seen) => (seen.length === 1 ? seen : null));
    expect(lives(after)).toEqual(lives(of(before, 'four')));
  });

  test('half of them must go without asking, and what is declared with `prune: false` must stay', async ({
    project,
    bus,
    expect,
  }) => {
    for (const name of NAMES) await project.write(`${name}.yaml`, service(name, { prune: name !== 'two' }));
    const controller = await project.run({ 'mqtt-url': bus.url });
    const before = await project.untilInSync(controller);
    for (const name of ['one', 'two']) await project.erase(`${name}.yaml`);
    const after = await project.until('one is gone', (seen) => (of(seen, 'one').length === 0 ? seen : null));
    expect(await untilBlocked(bus, ['two'])).toContain('prune: false');
    expect(lives(after)).toEqual(lives(before.filter(({ service: name }) => name !== 'one')));
    expect(lives(await project.engine.containers())).toEqual(lives(after));
  });
});
