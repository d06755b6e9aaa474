// Owns: networks and volumes of no service: which are made, which go, when, and what forbids it.
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { everyService } from '../../src/core/forecast.js';
import type { ObservedNetwork, ObservedVolume } from '../../src/model/observed.js';
import { afterSteps, contextOf, failed, linesOf, pass, type Scene } from '../support/decision.js';
import { CARRIED } from '../support/decision-observed.js';

const NOTHING = { networks: [], volumes: [] } as const;
const OTHER = 'd'.repeat(64);
const down = { takeDown: true } as const;
const downWithVolumes = { takeDown: true, removeVolumes: true } as const;
const spare = (name: string): string => `remove network ${name}  no longer declared`;
const asked = (name: string): string => `remove volume ${name}  asked for`;

describe('what is declared', () => {
  test('must be made in the order of its names, but for what is external', () => {
    const manifests =
      '{networks: {z: {}, a: {}, lan: {external: true}}, volumes: {y: {}, b: {}, disk: {external: true}}}';
    expect(linesOf({ manifests, networks: [], volumes: [] })).toEqual([
      'create network alicia_a  does not exist',
      'create network alicia_z  does not exist',
      'create volume alicia_b  does not exist',
      'create volume alicia_y  does not exist',
    ]);
    expect(linesOf({ manifests })).toEqual([]);
  });

  test('must be made in the same order whatever the order of its list', () => {
    const context = contextOf({
      manifests: '{networks: {a: {}, b: {}}, volumes: {a: {}, b: {}}}',
      ...NOTHING,
    });
    const backwards = <Item>(items: ReadonlyMap<string, Item>) => new Map([...items].reverse());
    const { networks, volumes } = context.desired;
    const desired = { ...context.desired, networks: backwards(networks), volumes: backwards(volumes) };
    const dirty = { services: everyService(context), objects: true };
    expect(decide(dirty, { ...context, desired }).steps).toEqual(decide(dirty, context).steps);
    expect(decide(dirty, context).steps).toHaveLength(4);
  });

  test('must be tried again when the first of its failures is over, and looked at no sooner', () => {
    const manifests = '{networks: {a: {}}, volumes: {b: {}}}';
    const both: Scene = { manifests, networks: [], volumes: [] };
    const first = pass({ ...both, networks: ['alicia_a'], at: 1000 });
    expect(first.lines).toEqual(['create volume alicia_b  does not exist']);
    expect(first.decision.objectsRecheckAtMs).toBe(null);
    const once = afterSteps(first, failed('engine'));
    const second = pass({ ...both, at: 1005, memory: once });
    expect(second.lines).toEqual(['create network alicia_a  does not exist']);
    expect(second.decision.objectsRecheckAtMs).toBe(1_010_000);
    const third = pass({ ...both, at: 1006, memory: afterSteps(second, failed('engine')) });
    expect(third.lines).toEqual([]);
    expect(third.decision.objectsRecheckAtMs).toBe(1_010_000);
  });
});

describe('7.5 a network that is declared no more', () => {
  const scene: Scene = { manifests: '', networks: ['alicia_z', 'alicia_a'] };

  test('7.5 must go, in the order of its names', () => {
    expect(linesOf(scene)).toEqual([spare('alicia_a'), spare('alicia_z')]);
    expect(pass(scene).decision.needsSecondScan).toBe(false);
  });

  test('7.5 must stay while a manifest is in error, or all are away', () => {
    expect(linesOf({ ...scene, rejected: { web: 'no image' } })).toEqual([]);
    expect(
      linesOf({ ...scene, absence: { kind: 'blocked', reason: 'directoryEmpty', message: 'empty' } }),
    ).toEqual([]);
  });

  test('7.6 must stay until it was seen missing twice, and the second look be asked for', () => {
    const once: Scene = { ...scene, absence: { kind: 'unconfirmed' } };
    expect(linesOf(once)).toEqual([]);
    expect(pass(once).decision.needsSecondScan).toBe(true);
    expect(pass({ ...once, networks: [] }).decision.needsSecondScan).toBe(false);
  });

  test('7.6 must go at once when the project is taken down, whatever is wrong with the manifests', () => {
    for (const more of [
      { absence: { kind: 'unconfirmed' } },
      { absence: { kind: 'blocked', reason: 'directoryEmpty', message: 'empty' } },
      { rejected: { web: 'no image' } },
    ] as const) {
      const found = pass({ ...scene, ...more, settings: down });
      expect(found.lines).toEqual([spare('alicia_a'), spare('alicia_z')]);
      expect(found.decision.needsSecondScan).toBe(false);
    }
  });

  test('5.5 must go once when the project is taken down, although its declaration has changed too', () => {
    const changed = { manifests: 'networks: {front: {}}', changed: ['alicia_front'], settings: down };
    expect(linesOf({ ...changed, networks: ['alicia_front'] })).toContain(spare('alicia_front'));
    expect(
      linesOf({ ...changed, networks: ['alicia_front'] }).filter((line) => line.startsWith('remove')),
    ).toHaveLength(1);
  });
});

describe('5.4 named volumes', () => {
  const scene: Scene = { manifests: '', networks: [], settings: downWithVolumes };

  test('5.4 must go by `down --volumes` alone, in the order of their names', () => {
    const volumes = ['alicia_z', 'alicia_a'];
    expect(linesOf({ ...scene, volumes })).toEqual([asked('alicia_a'), asked('alicia_z')]);
    expect(linesOf({ ...scene, volumes, settings: down })).toEqual([]);
  });

  test('5.4 must stay while something mounts them, or a manifest declares them', () => {
    const docker = 'web-1 running carried=/data';
    expect(linesOf({ ...scene, docker, volumes: [CARRIED] })).not.toContain(asked(CARRIED));
    expect(linesOf({ ...scene, manifests: 'volumes: {data: {}}' })).toEqual([]);
  });

  test('9.1 and networks of others must stay, whatever is asked for', () => {
    const context = contextOf({ ...scene, volumes: ['mine'], networks: ['mine'] });
    const foreign = <Item extends ObservedNetwork | ObservedVolume>(items: ReadonlyMap<string, Item>) =>
      new Map([...items].map(([name, item]) => [name, { ...item, project: null }]));
    const { networks, volumes } = context.observed;
    const observed = { ...context.observed, networks: foreign(networks), volumes: foreign(volumes) };
    const all = { services: everyService(context), objects: true };
    expect(decide(all, { ...context, observed }).steps).toEqual([]);
    expect(decide(all, context).steps).toHaveLength(2);
  });
});

test('5.4 volumes of replicas that went for good must go in the order of their names', () => {
  const { memory } = pass({});
  const scene: Scene = { volumes: [CARRIED, OTHER], networks: [] };
  for (const names of [
    [CARRIED, OTHER],
    [OTHER, CARRIED],
  ])
    expect(linesOf({ ...scene, memory: { ...memory, leftVolumes: new Set(names) } })).toEqual([
      `remove volume ${CARRIED}  its replica is gone for good`,
      `remove volume ${OTHER}  its replica is gone for good`,
    ]);
});
