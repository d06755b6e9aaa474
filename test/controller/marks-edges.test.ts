// Owns: who is marked by changes about what is to go, what is optional, and what is tied to several objects.
import { describe, expect, test } from 'vitest';
import { markAll, markChange, markNeighbours, markNews } from '../../src/controller/marks.js';
import { setContainer, setNetwork, setVolume } from '../../src/controller/observed-store.js';
import { topologyOf } from '../../src/core/topology.js';
import { containerId, serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import type { Reason, ServiceStatus } from '../../src/model/status.js';
import { parseDesired } from '../support/decision-desired.js';
import { BACK, DATA, networkOf, SERVICES, stageOf } from './support/marking.js';

type Stage = ReturnType<typeof stageOf>;

/** Marks by a container that changes by itself. */
function afterExitOf(
  { parts, store, of, after }: Stage,
  name: string,
  dependsOn: readonly string[] = [],
): string {
  const before = of(name);
  const owned = { ...before.owned, dependsOn: dependsOn.map(serviceName) };
  const container = { ...before, owned, status: 'exited' as const };
  return after(() => markChange(parts, setContainer(store, { kind: 'ours', container })));
}

describe('1.1 before anything is declared', () => {
  test('1.1 nothing may be marked, whatever changes', () => {
    const { parts, store, of, after } = stageOf();
    parts.state.desired = null;
    const container = { ...of('db-1'), status: 'exited' as const };
    expect(after(() => markChange(parts, setContainer(store, { kind: 'ours', container })))).toBe('');
    expect(after(() => markChange(parts, setNetwork(store, BACK, null)))).toBe('');
    expect(after(() => markAll(parts))).toBe('');
  });
});

test('1.1 a look at everything must mark all that is declared or there, and the objects', () => {
  const { parts, after } = stageOf('web: {image: web:1}\nnew: {image: web:1}');
  expect(after(() => markAll(parts))).toBe('api db lone new objects web');
});

describe('1.1 what is to go', () => {
  test('1.1 must be marked with all that is to go, for one waits for another', () => {
    expect(afterExitOf(stageOf('web: {image: web:1}'), 'api-1')).toBe('api db lone');
  });

  test('1.1 must be marked by the change of what needs it, and what is declared must not', () => {
    const needsBoth = ['db', 'web'];
    expect(afterExitOf(stageOf('lone: {image: web:1}\nweb: {image: web:1}'), 'lone-1', needsBoth)).toBe(
      'db lone',
    );
    expect(afterExitOf(stageOf(), 'lone-1', needsBoth)).toBe('lone');
  });
});

describe('2.6 by a status must be marked', () => {
  const CHAIN = `
db: {image: db:1}
api: {image: api:1, depends_on: {db: {condition: service_healthy}}}
web: {image: web:1, depends_on: {api: {condition: service_healthy, required: false}, lone: {condition: service_healthy}}}
lone: {image: web:1}
`;
  const waiting = (stage: Stage, name: string, reason: Reason | null): void =>
    void stage.parts.state.statuses.set(serviceName(name), { reason } as ServiceStatus);
  const marked = (stage: Stage, name: string): string =>
    stage.after(() => markNeighbours(stage.parts, [serviceName(name)]));

  test('2.6 whoever needs it, and nobody beyond where that one does not wait', () => {
    expect(marked(stageOf(CHAIN), 'db')).toBe('api');
    expect(marked(stageOf(CHAIN), 'lone')).toBe('web');
    const stage = stageOf(CHAIN);
    waiting(stage, 'api', 'Unhealthy');
    expect(marked(stage, 'db')).toBe('api');
  });

  test('2.6 whoever could do without one that waits for it in between', () => {
    const stage = stageOf(CHAIN);
    waiting(stage, 'api', 'DependencyNotReady');
    expect(marked(stage, 'db')).toBe('api web');
  });

  test('2.6 not whoever cannot do without, though it could without another', () => {
    const stage = stageOf(CHAIN.replace('lone: {image: web:1}', 'lone: {image: web:1, depends_on: [db]}'));
    waiting(stage, 'lone', 'DependencyNotReady');
    expect(marked(stage, 'db')).toBe('api lone');
  });
});

describe('5.5 networks that are declared otherwise than they are', () => {
  const otherwise = (declared: string, hash: string | null): Stage => {
    const stage = stageOf(declared);
    const [, front] = [...(stage.parts.state.desired?.networks.values() ?? [])];
    const network = networkOf('alicia_front', 'n1');
    stage.store.networks.set('alicia_front', {
      ...network,
      hash: hash === 'same' ? (front?.hash ?? null) : hash,
    });
    return stage;
  };

  test('5.5 must mark their users and the objects with every change, until they are as declared', () => {
    expect(afterExitOf(otherwise(SERVICES, 'v1:another'), 'lone-1')).toBe('api lone objects web');
    expect(afterExitOf(otherwise(SERVICES, 'same'), 'lone-1')).toBe('lone');
    expect(afterExitOf(otherwise(SERVICES, null), 'lone-1')).toBe('lone');
  });

  test('5.5 where they are not ours must mark nobody', () => {
    const external = SERVICES.replace('front: {}', 'front: {external: true, name: alicia_front}');
    expect(afterExitOf(otherwise(external, 'v1:another'), 'lone-1')).toBe('lone');
  });
});

describe('1.1 objects', () => {
  const volume = { kind: 'volume', source: DATA, target: '/data', readOnly: false } as const;
  const tied = ({ store, of }: Stage, kind: 'volume' | 'bind'): void => {
    const bind = { ...volume, kind: 'bind' as const, source: '/srv' };
    const mounts = [bind, { ...volume, kind }] as unknown as ObservedContainer['mounts'];
    setContainer(store, { kind: 'ours', container: { ...of('lone-1'), mounts } });
    const beside = { ...of('lone-1'), id: containerId('f'.repeat(64)) };
    setContainer(store, { kind: 'ours', container: beside });
  };

  test('1.1 a container that holds a volume must be marked with it, though its service asks for it no more', () => {
    const stage = stageOf();
    tied(stage, 'volume');
    expect(stage.after(() => markChange(stage.parts, setVolume(stage.store, DATA, null)))).toBe(
      'api db lone objects',
    );
  });

  test('1.1 a folder of the host of that name must count as no volume', () => {
    const stage = stageOf();
    tied(stage, 'bind');
    expect(stage.after(() => markChange(stage.parts, setVolume(stage.store, DATA, null)))).toBe(
      'api db objects',
    );
  });
});

test('1.1 an edge that stays must not mark whom it leads to', () => {
  const { parts, after } = stageOf();
  const before = parts.state.desired;
  const desired = parseDesired(SERVICES.replace('depends_on: [api]', 'depends_on: [api, lone]'));
  Object.assign(parts.state, { desired, topology: topologyOf(desired) });
  expect(after(() => markNews(parts, before, new Set([serviceName('web')])))).toBe('lone objects web');
});
