// The controller is killed at ten points of rollouts that go well and of rollouts that are rolled back: the next one
// goes on from what it finds, and the outcome is that of a rollout that nobody disturbed.
import { describe, type ExpectStatic } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Happening, Sighting } from './support/engine-view.js';
import {
  healthy,
  object,
  of,
  PATIENCE_MS,
  type RunningController,
  type Spec,
  type TestProject,
  test,
} from './support/project.js';
import { quietPort } from './support/quiet-port.js';
import { boundsOf } from './support/rollout-bounds.js';
import { WEB_ALIAS, web, webOfWhichOneServes } from './support/rollout-web.js';

/** A controller under test, and the version that its project is at. */
interface Scene {
  readonly project: TestProject;
  readonly controller: RunningController;
  /** Starts the next controller, where the last one was. */
  readonly runNext: () => Promise<RunningController>;
  readonly version: number;
}

/** How often a rollout may be interrupted before it must be over: each controller gets at least one thing done. */
const KILLS_MOST = 60;

/** Something that happens in a rollout: the first, second, … time that the engine tells of it. */
type Point = readonly [action: string, time: number];

/** When the controller is killed, one rollout each: slot 1 first, then slot 2, then what is left to do for both. */
const POINTS: Readonly<Record<'good' | 'broken', readonly Point[]>> = {
  good: [
    ['create', 1],
    ['start', 1],
    ['health_status: healthy', 1],
    ['kill', 1],
    ['rename', 1],
    ['update', 1],
    ['create', 2],
    ['stop', 2],
    ['update', 2],
    ['destroy', 1],
  ],
  // The one that fails is the second new one: what `die` and `rename` come to for the second time is its end.
  broken: [
    ['create', 1],
    ['start', 1],
    ['health_status: healthy', 1],
    ['kill', 1],
    ['update', 1],
    ['create', 2],
    ['die', 2],
    ['rename', 2],
    ['rename', 3],
    ['health_status: healthy', 2],
  ],
};

/** Checks cost the machine more than anything else here: quick enough, and not more often. */
const healthcheck: Spec = { ...healthy, interval: '700ms' };

/** Two replicas whose check is quick; two versions in a row differ in their image. */
const small = (version: number): Spec => ({
  ...{ replicas: 2, healthcheck, image: imageOf(version) },
  environment: { VERSION: `${version}`, WORK_S: '0', LINGER_S: '0.4' },
});
const imageOf = (version: number): string => `alicia-test:${1 + (version % 2)}`;
const good = (version: number): Spec => web(`${version}`, small(version));
const broken = (version: number): Spec => webOfWhichOneServes(`${version}`, small(version));

const isAside = ({ name }: Sighting): boolean => /-(old|failed)$/.test(name);

const identities = (seen: readonly Sighting[]): readonly string[] =>
  seen.map(({ name, id, status, restartPolicy }) => `${name} ${id} ${status} ${restartPolicy}`);

/** What happened to containers of the service from the index `since` on. */
const happened = ({ engine }: TestProject, since: number): readonly Happening[] =>
  engine.happenings.slice(since).filter(({ service }) => service === WEB_ALIAS);

/** At most one replica of each slot and version runs, whatever its name. */
function crowded(seen: readonly Sighting[]): readonly string[] {
  const live = seen
    .filter(({ status }) => status === 'running' || status === 'restarting')
    .map(({ name }) => name.replace(/-(old|failed)$/, ''));
  return live.filter((each, index) => live.indexOf(each) !== index);
}

/** Kills the controller as soon as this has happened, and starts another one. `moment`: what had happened last by then. */
async function killAt(
  scene: Scene,
  { point: [action, time], since }: { readonly point: Point; readonly since: number },
): Promise<{ readonly scene: Scene; readonly moment: string }> {
  const { project, controller, runNext } = scene;
  const moment = await eventually(
    () => {
      const actions = happened(project, since).map((each) => each.action);
      return actions.filter((each) => each === action).length >= time && actions.at(-1);
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 2, describe: `${action} for the ${time}. time` },
  );
  await controller.kill();
  return { scene: { ...scene, controller: await runNext() }, moment };
}

/** Two replicas of the first version, and a controller at rest. */
async function settle(project: TestProject): Promise<Scene> {
  await project.write('first.yaml', object('Volume', 'first'));
  await project.write('web.yaml', good(1));
  const settings = { http: `127.0.0.1:${await quietPort()}` };
  const runNext = () => project.run(settings);
  const controller = await runNext();
  await project.untilInSync(controller);
  return { project, controller, runNext, version: 1 };
}

/** Says at which moments the controller was killed, and how long all of it took. */
function report(what: string, moments: readonly string[], sinceMs: number): void {
  const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1);
  console.info(`${what}: killed after ${moments.join(', ')}; ${seconds} s for all`);
}

/** Waits until the rollout is over; resolves with what is there then. At no time runs a replica twice. */
async function untilOver(
  scene: Scene,
  isOver: (scene: Scene) => Promise<boolean>,
): Promise<readonly Sighting[]> {
  const { project, controller } = scene;
  let doubled: readonly string[] = [];
  await project.until('the rollout is over', async (seen) => {
    doubled = [...doubled, ...crowded(of(seen, WEB_ALIAS))];
    return controller.hasEnded() || (await isOver(scene));
  });
  if (controller.hasEnded()) throw new Error(`the controller has ended:\n${controller.stderr()}`);
  if (doubled.length > 0) throw new Error(`twice at the same time: ${doubled.join(', ')}`);
  return of(await project.engine.containers(), WEB_ALIAS);
}

/** Whether all is as declared. */
const isUpdated = async ({ controller }: Scene): Promise<boolean> => {
  const { phase, in_sync: isInSync } = (await controller.report()).orchestrator;
  return phase === 'idle' && isInSync;
};

/** Whether the rollout was given up and everything is at rest. */
const isRolledBack = async ({ controller }: Scene): Promise<boolean> => {
  const { reason, replicas } = await controller.service(WEB_ALIAS);
  const { phase } = (await controller.report()).orchestrator;
  return reason === 'RolledBack' && replicas.ready === 2 && phase === 'idle';
};

/** Both replicas of a version and nothing else. */
function expectUpdated(after: readonly Sighting[], version: number, expect: ExpectStatic): void {
  expect(after.map(({ slot, image, status, health }) => `${slot} ${image} ${status} ${health}`)).toEqual(
    [1, 2].map((slot) => `${slot} ${imageOf(version)} running healthy`),
  );
  expect(after.filter(isAside)).toEqual([]);
}

/** The containers of before, as they were, and beside them the evidence of one that failed. */
function expectRolledBack(
  after: readonly Sighting[],
  before: readonly Sighting[],
  expect: ExpectStatic,
): void {
  expect(identities(after.filter((each) => !isAside(each)))).toEqual(identities(before));
  expect(after.filter(isAside)).toMatchObject([
    { name: expect.stringMatching(/-failed$/), status: 'exited', restartPolicy: 'no' },
  ]);
}

/** Never fewer than one ready replica and never more than three that run, from an index of what happened on. */
function expectWithinBounds(project: TestProject, since: number, expect: ExpectStatic): void {
  const { fewestReady, mostLive } = boundsOf(project.engine.happenings, { service: WEB_ALIAS, since });
  expect(fewestReady).toBeGreaterThanOrEqual(1);
  expect(mostLive).toBeLessThanOrEqual(3);
}

const creations = (project: TestProject, since: number): number =>
  happened(project, since).filter(({ action }) => action === 'create').length;

const TIMEOUT_MS = 230_000;

describe.concurrent('kill -9 of the controller', { timeout: TIMEOUT_MS }, () => {
  test('4.8 at ten points of a rollout the next one must bring it to the same end', async ({
    project,
    expect,
  }) => {
    const sinceMs = performance.now();
    let scene = await settle(project);
    const first = project.engine.happenings.length;
    const moments: string[] = [];
    for (const point of POINTS.good) {
      const since = project.engine.happenings.length;
      const version = scene.version + 1;
      await project.write('web.yaml', good(version));
      const killed = await killAt({ ...scene, version }, { point, since });
      scene = killed.scene;
      moments.push(killed.moment);
      expectUpdated(await untilOver(scene, isUpdated), version, expect);
      expect(creations(project, since)).toBe(2);
    }
    report('rollouts', moments, sinceMs);
    expectWithinBounds(project, first, expect);
    expect(new Set(moments).size).toBeGreaterThanOrEqual(6);
  });

  test('4.8 at ten points of a rollout that fails the next one must roll it back all the same', async ({
    project,
    expect,
  }) => {
    const sinceMs = performance.now();
    let scene = await settle(project);
    const before = of(await project.engine.containers(), WEB_ALIAS);
    const first = project.engine.happenings.length;
    const moments: string[] = [];
    for (const point of POINTS.broken) {
      const since = project.engine.happenings.length;
      const version = scene.version + 1;
      await project.write('web.yaml', broken(version));
      const killed = await killAt({ ...scene, version }, { point, since });
      scene = killed.scene;
      moments.push(killed.moment);
      expectRolledBack(await untilOver(scene, isRolledBack), before, expect);
      expect(creations(project, since)).toBe(2);
    }
    report('rollouts that are rolled back', moments, sinceMs);
    expectWithinBounds(project, first, expect);
    expect(new Set(moments).size).toBeGreaterThanOrEqual(6);
  });

  test.for([
    ['a rollout', good, isUpdated],
    ['a rollout that fails', broken, isRolledBack],
  ] as const)(
    '4.8 after each single thing that happens in %s it must come to the same end',
    async ([what, make, isOver], { project, expect }) => {
      const sinceMs = performance.now();
      let scene: Scene = { ...(await settle(project)), version: 2 };
      const before = of(await project.engine.containers(), WEB_ALIAS);
      const since = project.engine.happenings.length;
      const moments: string[] = [];
      await project.write('web.yaml', make(2));
      for (let kills = 0; kills < KILLS_MOST; kills += 1) {
        const count = happened(project, since).length + 1;
        const { controller } = scene;
        const isNow = await eventually(
          async () => {
            if (happened(project, since).length >= count) return 'happened';
            // Before the first thing happens the edit may not have been seen.
            return count > 1 && (await isOver(scene).catch(() => false)) && 'over';
          },
          { timeoutMs: PATIENCE_MS, intervalMs: 2, describe: 'something happens' },
        );
        if (isNow === 'over') break;
        await controller.kill();
        moments.push(happened(project, since).at(-1)?.action ?? '');
        scene = { ...scene, controller: await scene.runNext() };
      }
      const after = await untilOver(scene, isOver);
      report(`${what}, all the time`, moments, sinceMs);
      if (make === good) expectUpdated(after, 2, expect);
      else expectRolledBack(after, before, expect);
      expect(creations(project, since)).toBe(2);
      expect(new Set(moments).size).toBeGreaterThanOrEqual(4);
      expectWithinBounds(project, since, expect);
    },
  );
});
