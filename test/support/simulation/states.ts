/**
 * Named states that a project can be found in, as the controller has come to know them.
 * Owns: how each is brought about. Must not know: what is said of it.
 */
import type { ServiceStatus } from '../../../src/model/status.js';
import type { SimulatedContainer } from '../simulated-docker/truth.js';
import type { NamedState } from './reached.js';
import { containersOf, type SimulatedServices } from './services.js';
import { PROJECT } from './settings.js';
import type { SimulatedWorld } from './world.js';

const statusOf = (world: SimulatedWorld, service: string): ServiceStatus | undefined =>
  world
    .controller()
    .services()
    .find((status) => status.service === service);

const says =
  (reason: ServiceStatus['reason'], service = 'web') =>
  (world: SimulatedWorld): boolean =>
    statusOf(world, service)?.reason === reason;

const isHealth =
  (health: ServiceStatus['health'], service = 'web') =>
  (world: SimulatedWorld): boolean =>
    statusOf(world, service)?.health === health;

function theOne(world: SimulatedWorld, service = 'web'): SimulatedContainer {
  const [container] = containersOf(world.engine.truth, PROJECT, service);
  if (container === undefined) throw new Error(world.report(`${service} has no container`));
  return container;
}

const WEB: SimulatedServices = { web: { image: 'sim-well:1' } };
const SLOW: SimulatedServices = { web: { image: 'sim-slow:1' } };
const needing = (db: SimulatedServices[string]): SimulatedServices => ({
  db,
  web: { image: 'sim-well:1', needs: { db: 'service_healthy' } },
});
const rolling = (version: 1 | 2, order: 'start-first' | 'stop-first'): SimulatedServices => ({
  web: { image: `sim-slow:${version}`, replicas: 2, update: { order } },
  db: { image: 'sim-well:1', needs: { web: 'service_healthy' } },
});
const isNewOneStarting = (world: SimulatedWorld): boolean =>
  containersOf(world.engine.truth, PROJECT, 'web').some(
    ({ spec, status, health }) =>
      spec.image === 'sim-slow:2' && status === 'running' && health.status === 'starting',
  );
const job = (image: 'sim-exits-0:1' | 'sim-exits-1:1' | 'sim-well:1'): SimulatedServices => ({
  job: { image, oneShot: true },
  web: { image: 'sim-well:1', needs: { job: 'service_completed_successfully' } },
});
const GRAPH: SimulatedServices = {
  bus: { image: 'sim-slow:1', replicas: 2 },
  job: { image: 'sim-exits-0:1', oneShot: true, needs: { bus: 'service_healthy' } },
  api: { image: 'sim-well:1', needs: { job: 'service_completed_successfully' }, volumes: ['data'] },
  web: { image: 'sim-well:1', check: false, needs: { api: 'service_healthy' } },
};
const many = (count: number): SimulatedServices =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`s${index}`, { image: 'sim-well:1' } as const]),
  );

/** By name. */
export const STATES: Readonly<Record<string, NamedState>> = {
  'all is well': { asked: GRAPH },
  'the controller itself looks how it does': {
    asked: { web: { image: 'sim-well:1', check: false } },
    amended: { web: { probes: [{ exec: { command: ['ok'] }, period: '1s' }] } },
    until: isHealth('Healthy'),
  },
  'it is starting': { asked: SLOW, until: isHealth('Progressing') },
  'it waits for a dependency': { asked: needing({ image: 'sim-slow:1' }), until: says('DependencyNotReady') },
  'a dependency has no replicas': {
    asked: needing({ image: 'sim-well:1', replicas: 0 }),
    until: says('DependencyNotReady'),
  },
  'a dependency has no check': { asked: needing({ image: 'sim-well:1', check: false }) },
  'a dependency is not declared': {
    asked: { web: { image: 'sim-well:1', needs: { db: 'service_started' } } },
  },
  'an optional dependency is absent': {
    asked: { web: { image: 'sim-well:1', needs: { db: 'service_started' }, optionally: true } },
  },
  'a circle of dependencies': {
    asked: {
      web: { image: 'sim-well:1', needs: { db: 'service_started' } },
      db: { image: 'sim-well:1', needs: { web: 'service_started' } },
    },
  },
  'an image cannot be had': {
    first: ({ engine }) => engine.truth.images.delete('sim-well:3'),
    asked: { web: { image: 'sim-well:3' } },
    until: says('ImagePullFailed'),
  },
  'a port is taken by another': {
    first: ({ engine }) => void engine.outsider.run({ name: 'guest', hostPort: 8080 }),
    asked: { web: { image: 'sim-well:1', ports: ['8080:80'] } },
    until: says('PortConflict'),
  },
  'a name is taken by another': {
    first: ({ engine }) => void engine.outsider.run({ name: 'door' }),
    asked: { web: { image: 'sim-well:1', called: 'door' } },
    until: says('NameConflict'),
  },
  'a volume is written to by another': {
    first: ({ engine }) => void engine.outsider.run({ name: 'guest', volumes: ['alicia_data'] }),
    asked: { web: { image: 'sim-well:1', volumes: ['data'] } },
    until: says('HeldByOther'),
  },
  'a loop of crashes': {
    asked: { web: { image: 'sim-crashes:1', check: false } },
    until: says('CrashLoopBackOff'),
  },
  'it crashed once': {
    asked: { web: { image: 'sim-fails-later:1', check: false } },
    until: (world) => theOne(world).restartCount === 1 && theOne(world).status === 'running',
  },
  'it is unhealthy': { asked: { web: { image: 'sim-never-ready:1' } }, until: says('Unhealthy') },
  'it is unhealthy again': {
    asked: { web: { image: 'sim-never-ready:1' } },
    until: (world) =>
      says('Unhealthy')(world) &&
      world.engine.writes.filter(({ verb }) => verb === 'restartContainer').length === 2,
  },
  'all its attempts are used up': {
    asked: { web: { image: 'sim-never-ready:1', maxAttempts: 1 } },
    until: (world) => statusOf(world, 'web')?.message.includes('given up') === true,
  },
  'it is paused by hand, and is not to heal': {
    asked: WEB,
    amended: { web: { self_heal: false } },
    act: (world) => world.engine.outsider.pause(theOne(world).id),
    until: says('Stopped'),
  },
  'it is stopped by hand, and is not to heal': {
    asked: WEB,
    amended: { web: { self_heal: false } },
    act: (world) => void world.engine.outsider.stop(theOne(world).id),
    until: says('Stopped'),
  },
  'it has ended, and waits for a dependency': {
    before: needing({ image: 'sim-well:1' }),
    asked: needing({ image: 'sim-well:1', replicas: 0 }),
    act: (world) => void world.engine.outsider.stop(theOne(world).id),
    until: (world) => theOne(world).status === 'exited' && says('DependencyNotReady')(world),
  },
  'hands off': {
    before: WEB,
    asked: WEB,
    amended: { web: { maintenance: true } },
    until: says('Maintenance'),
  },
  'hands off what is stopped': {
    asked: WEB,
    amended: { web: { maintenance: true, replicas: 2 } },
    before: WEB,
    act: (world) => void world.engine.outsider.stop(theOne(world).id),
    until: (world) => theOne(world).status === 'exited',
  },
  'a manifest breaks under what runs': {
    asked: { ...WEB, db: { image: 'sim-well:1' } },
    act: (world) => world.files.write('web.yaml', 'apiVersion: alicia/v1\nkind: Service\n: ['),
    until: says('InvalidManifest'),
  },
  'a manifest was never good': {
    first: (world) =>
      world.files.write(
        'bad.yaml',
        'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: bad}\nspec: {prots: 1}\n',
      ),
    asked: WEB,
  },
  'a name is declared twice': {
    first: (world) =>
      world.files.write(
        'twin.json',
        '{"apiVersion":"alicia/v1","kind":"Service","metadata":{"name":"web"},"spec":{"image":"a:1"}}',
      ),
    asked: { ...WEB, db: { image: 'sim-well:1' } },
  },
  'rolled back': { before: WEB, asked: { web: { image: 'sim-never-ready:2' } }, until: says('RolledBack') },
  'rolled back, stop-first': {
    before: WEB,
    asked: { web: { image: 'sim-crashes:2', update: { order: 'stop-first' } } },
    until: says('RolledBack'),
  },
  'a rollout is paused': {
    before: WEB,
    asked: { web: { image: 'sim-crashes:2', update: { failure_action: 'pause' } } },
    until: says('ProgressDeadlineExceeded'),
  },
  'a rollout went on without one': {
    before: WEB,
    asked: { web: { image: 'sim-never-ready:2', update: { failure_action: 'continue' } } },
    until: says('ProgressDeadlineExceeded'),
  },
  'in mid-rollout, start-first': {
    before: rolling(1, 'start-first'),
    asked: rolling(2, 'start-first'),
    until: isNewOneStarting,
  },
  'in mid-rollout, stop-first': {
    before: rolling(1, 'stop-first'),
    asked: rolling(2, 'stop-first'),
    until: isNewOneStarting,
  },
  'a one-shot runs': { asked: job('sim-well:1'), until: says('DependencyNotReady') },
  'a one-shot is completed': { asked: job('sim-exits-0:1') },
  'a one-shot has failed': { asked: job('sim-exits-1:1'), until: says('StartFailed', 'job') },
  'it is required by another and has no manifest': {
    before: needing({ image: 'sim-well:1' }),
    asked: { web: { image: 'sim-well:1', needs: { db: 'service_healthy' } } },
    until: says('PruneBlocked', 'db'),
  },
  'too many would go at once': { before: many(4), asked: many(1), until: says('PruneBlocked', 's1') },
  'it is kept without a manifest': {
    asked: { ...WEB, db: { image: 'sim-well:1' } },
    amended: { db: { prune: false } },
    act: (world) => world.files.write('db.yaml', null),
    until: says('PruneBlocked', 'db'),
  },
  'the directory is missing': {
    asked: { ...WEB, db: { image: 'sim-well:1' } },
    act: (world) => world.files.setState('missing'),
    until: (world) => statusOf(world, 'web')?.sync === 'Unknown',
  },
  'the container whose network it shares is to go': {
    before: { vpn: { image: 'sim-well:1' }, web: { image: 'sim-well:1', sharesNetworkOf: 'vpn' } },
    asked: {
      vpn: { image: 'sim-well:1', replicas: 0 },
      web: { image: 'sim-well:1', sharesNetworkOf: 'vpn' },
    },
    until: isHealth('Suspended', 'vpn'),
  },
  'a volume is declared otherwise': {
    before: { web: { image: 'sim-well:1', volumes: ['data'] } },
    asked: { web: { image: 'sim-well:1', volumes: ['data'] } },
    act: (world) =>
      world.files.write(
        'volume-data.yaml',
        '{"apiVersion":"alicia/v1","kind":"Volume","metadata":{"name":"data"},"spec":{"labels":{"a":"b"}}}',
      ),
    until: (world) => statusOf(world, 'web')?.sync === 'OutOfSync',
  },
  'somebody else is on a network that is declared otherwise': {
    before: { web: { image: 'sim-well:1', networks: { front: '1' } } },
    asked: { web: { image: 'sim-well:1', networks: { front: '2' } } },
    act: ({ engine }) => void engine.outsider.run({ name: 'guest', networks: ['alicia_front'] }),
    until: says('NetworkFailed'),
  },
  'scaled to 0': {
    before: WEB,
    asked: { web: { image: 'sim-well:1', replicas: 0 } },
    until: isHealth('Suspended'),
  },
  'a container is stuck': {
    asked: WEB,
    act: (world) => world.engine.outsider.makeStuck(theOne(world).id),
    until: (world) =>
      isHealth('Healthy')(world) && containersOf(world.engine.truth, PROJECT, 'web').length === 2,
  },
  'a container is dead': {
    asked: WEB,
    act: (world) => world.engine.outsider.makeDead(theOne(world).id),
    until: (world) =>
      isHealth('Healthy')(world) && containersOf(world.engine.truth, PROJECT, 'web').length === 2,
  },
};
