// Owns: the edges of what must be there before a container is made: what is said first, looked at again, or left alone.
import { describe, expect, test } from 'vitest';
import type { DecisionContext } from '../../src/core/context.js';
import { decide } from '../../src/core/decide.js';
import { serviceName } from '../../src/model/ids.js';
import { keys, type Step } from '../../src/model/step.js';
import {
  afterSteps,
  contextOf,
  failed,
  linesOf,
  pass,
  type Scene,
  settledMemory,
} from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const HOURLY = 'web: {image: web:1, pull_policy: every_1h}';
const MOUNTED = 'volumes: {data: {}}\nweb: {image: web:1, volumes: ["data:/data"]}';
const CREATE = 'create container web-1  no container in its slot';

/** The decision about `web` alone, with what no scene can say. */
function webOf(scene: Scene, change: (context: DecisionContext) => Partial<DecisionContext> = () => ({})) {
  const context = contextOf(scene);
  const web = serviceName('web');
  const { steps, statuses } = decide(
    { services: new Set([web]), objects: false },
    { ...context, ...change(context) },
  );
  const status = statuses.get(web);
  return {
    kinds: steps.map(({ kind }) => kind),
    said: `${status?.sync} ${status?.health} ${status?.reason ?? ''}: ${status?.message}`,
  };
}

test('8.4 what cannot be had must be said before what is only on its way', () => {
  const manifests = `
networks: {back: {}}
volumes: {store: {external: true}}
web: {image: web:1, networks: [back], volumes: ["store:/data"]}`;
  const { lines, status } = pass({ manifests, networks: [], volumes: [] });
  expect(lines).toEqual(['create network alicia_back  does not exist']);
  expect(status('web')).toContain('Degraded StartFailed: external volume store does not exist');
});

describe('3.4 a pull by the clock', () => {
  test('3.4 must be made although the service has all its containers', () => {
    const running = pass({ manifests: HOURLY, docker: 'web-1 running' });
    expect(running.lines).toEqual(['pull image web:1  pull_policy is every']);
    const memory = afterSteps(running);
    const later = pass({ manifests: HOURLY, docker: 'web-1 running', memory, at: 1600 });
    expect(later.lines).toEqual([]);
    expect(later.recheckIn('web')).toBe(3000);
  });

  test('8.4 must be tried again when its back-off is over, and be no shortage meanwhile', () => {
    const scene = { manifests: HOURLY, docker: 'web-1 running' };
    const memory = afterSteps(pass(scene), failed('pullFailed'));
    const held = pass({ ...scene, memory, at: 1001 });
    expect(held.lines).toEqual([]);
    expect(held.status('web')).toBe('running Synced Healthy');
    expect(held.recheckIn('web')).toBe(9);
  });
});

test('3.4 a service without a container must have its networks and volumes made by itself', () => {
  expect(webOf({ manifests: MOUNTED, networks: [], volumes: [] }).kinds).toEqual([
    'createNetwork',
    'createVolume',
  ]);
});

test('5.5 nothing may be made on a network whose removal is under way', () => {
  const name = 'alicia_bus_network';
  const removal: Step = {
    ...{ key: keys.network(name), service: null, slot: null, cause: 'no longer declared' },
    ...{ kind: 'removeNetwork', name, id: `id of ${name}` },
  };
  const { lines, status } = pass({ manifests: WEB, inFlight: [removal] });
  expect(lines).toEqual([]);
  expect(status('web')).toContain(`Progressing: network ${name} is being removed`);
  const other: Step = {
    ...{ key: keys.network(name), service: null, slot: null, cause: 'does not exist' },
    ...{ kind: 'createNetwork', project: 'alicia', network: networkOf(name) },
  };
  expect(linesOf({ manifests: WEB, inFlight: [other] })).toEqual([CREATE]);
});

function networkOf(name: string) {
  const network = contextOf({ manifests: WEB }).desired.networks.get(name);
  if (network === undefined) throw new Error('no network');
  return network;
}

describe('7.4 a last good version whose networks or volumes are declared no more', () => {
  const withdrawn = ({ desired }: DecisionContext): Partial<DecisionContext> => ({
    desired: { ...desired, networks: new Map(), volumes: new Map() },
  });

  test('7.4 must not be made where they are gone, and say what is missing', () => {
    const missing = webOf({ manifests: MOUNTED, volumes: [] }, withdrawn);
    expect(missing.kinds).toEqual([]);
    expect(missing.said).toContain('StartFailed: external volume alicia_data does not exist');
    const alone = webOf({ manifests: WEB, networks: [] }, withdrawn);
    expect(alone.kinds).toEqual([]);
    expect(alone.said).toContain('NetworkFailed: external network alicia_bus_network does not exist');
  });

  test('7.4 must be made on what is there of them', () => {
    expect(webOf({ manifests: MOUNTED }, withdrawn).kinds).toEqual(['createContainer']);
    expect(webOf({ manifests: MOUNTED, docker: 'web-1 running' }, withdrawn).said).toBe('Synced Healthy : ');
  });
});

describe('5.4 a volume must not be called changed', () => {
  const GOOD = 'Synced Healthy : ';

  test('5.4 where it is used as it is, whoever made it', () => {
    const manifests = 'volumes: {store: {external: true}}\nweb: {image: web:1, volumes: ["store:/data"]}';
    expect(webOf({ manifests, docker: 'web-1 running', changed: ['store'] }).said).toBe(GOOD);
  });

  test.each([
    ['that no hash is known of', null],
    ['whose form of hash is not known any more', `v0:${'9'.repeat(64)}`],
  ])('3.2 %s', (_, hash) => {
    const scene = { manifests: MOUNTED, docker: 'web-1 running' };
    const seen = ({ observed }: DecisionContext): Partial<DecisionContext> => ({
      observed: {
        ...observed,
        volumes: new Map([...observed.volumes].map(([name, volume]) => [name, { ...volume, hash }])),
      },
    });
    expect(webOf(scene, seen).said).toBe(GOOD);
    expect(webOf({ ...scene, changed: ['alicia_data'] }).said).toContain('NameConflict');
  });
});

test('3.4 a pull that was made for a spec that is declared no more must not count for another', () => {
  const manifests = 'web: {image: web:1, pull_policy: always}';
  const pulled = new Map([['web:1', { atMs: 1, specs: new Set<never>() }]]);
  const scene = { manifests, memory: { ...settledMemory, pulled } };
  expect(linesOf(scene)).toEqual(['pull image web:1  pull_policy is always']);
});
