import { describe, expect, test } from 'vitest';
import { markChange, markNews, markStep } from '../../src/controller/marks.js';
import {
  type Change,
  dropContainer,
  type ObservedStore,
  setContainer,
  setNetwork,
  setVolume,
} from '../../src/controller/observed-store.js';
import { topologyOf } from '../../src/core/topology.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import { keys, type Step } from '../../src/model/step.js';
import { parseDesired } from '../support/decision-desired.js';
import { BACK, DATA, imageOf, networkOf, SERVICES, stageOf } from './support/marking.js';

const OBJECTS: Change = { services: [], objects: true };

describe('1.1 a change on the engine must mark those whose decision it can alter, and no others', () => {
  const CHANGES: readonly (readonly [string, (store: ObservedStore) => Change, string])[] = [
    ['a network that goes', (store) => setNetwork(store, BACK, null), 'api db objects web'],
    ['a network made anew', (store) => setNetwork(store, BACK, networkOf(BACK, 'n2')), 'api db objects web'],
    [
      'a network that nobody uses',
      (store) => setNetwork(store, 'other', networkOf('other', 'n3')),
      'objects',
    ],
    ['a network that is as before', (store) => setNetwork(store, BACK, networkOf(BACK, 'n1')), ''],
    ['a volume that goes', (store) => setVolume(store, DATA, null), 'api db objects'],
    ['an image that is another one', (store) => withImage(store, 'web:1', imageOf('i2')), 'lone objects web'],
    ['an image that goes', (store) => withImage(store, 'db:1', null), 'api db objects'],
    ['images that are as before', (store) => withImage(store, 'db:1', imageOf('i1')), ''],
  ];
  test.each(CHANGES)('%s', (_, change, marked) => {
    const { parts, store, after } = stageOf();
    expect(after(() => markChange(parts, change(store)))).toBe(marked);
  });

  test('a container that changes: its service and those that wait for it', () => {
    const { parts, store, of, after } = stageOf();
    const container = { ...of('db-1'), status: 'exited' as const };
    expect(after(() => markChange(parts, setContainer(store, { kind: 'ours', container })))).toBe('api db');
  });

  test('the last container that goes, and the first that comes: those too that the guard of removals looks at', () => {
    const { parts, store, of, after } = stageOf('web: {image: web:1}');
    const container = of('web-1');
    expect(after(() => markChange(parts, dropContainer(store, container.id)))).toBe(
      'api db lone objects web',
    );
    expect(after(() => markChange(parts, setContainer(store, { kind: 'ours', container })))).toBe(
      'api db lone objects web',
    );
  });

  test('a container that is tied to a network that its service asks for no more', () => {
    const { parts, store, of, after } = stageOf(
      SERVICES.replace('networks: [front], depends_on: [api]', 'networks: [back]'),
    );
    const endpoints = [{ ...of('web-1').endpoints[0], network: 'alicia_front', networkId: 'n1' }];
    setContainer(store, { kind: 'ours', container: { ...of('web-1'), endpoints } as ObservedContainer });
    expect(after(() => markChange(parts, setNetwork(store, 'alicia_front', null)))).toBe('api objects web');
  });

  test('any container, while a network is to be made anew: whoever waits for others to leave that network', () => {
    const { parts, store, of, after } = stageOf();
    store.networks.set('alicia_front', { ...networkOf('alicia_front', 'n1'), hash: 'v1:another' });
    expect(after(() => markChange(parts, dropContainer(store, of('lone-1').id)))).toBe(
      'api lone objects web',
    );
  });

  test('what changed unheard: it must be found with the next change of an object', () => {
    const { parts, store, after } = stageOf();
    withImage(store, 'api:1', null);
    expect(after(() => markChange(parts, setVolume(store, DATA, null)))).toBe('api db objects web');
  });
});

function withImage(
  store: ObservedStore,
  reference: string,
  image: ReturnType<typeof imageOf> | null,
): Change {
  store.images.set(reference, image);
  return OBJECTS;
}

describe('1.1 a step that ends must mark those whom it held up, and no others', () => {
  const base = { service: serviceName('web'), slot: null, cause: '' };
  const STEPS: readonly (readonly [string, Step, string])[] = [
    [
      'a pull: whoever wants the image',
      { ...base, kind: 'pullImage', key: keys.image('web:1'), image: 'web:1' },
      'lone objects web',
    ],
    [
      'a network: whoever joins it',
      { ...base, service: null, kind: 'removeNetwork', key: keys.network(BACK), name: BACK, id: 'n1' },
      'api db objects',
    ],
    [
      'a volume: whoever mounts it, and who asked',
      { ...base, kind: 'removeVolume', key: keys.volume(DATA), name: DATA },
      'db objects web',
    ],
  ];
  test.each(STEPS)('%s', (_, step, marked) => {
    const { parts, after } = stageOf();
    expect(after(() => markStep(parts, step))).toBe(marked);
  });

  test('a step about a container: its service and those that wait for it', () => {
    const { parts, of, after } = stageOf();
    const service = serviceName('api');
    const { id } = of('api-1');
    const step: Step = {
      kind: 'unpauseContainer',
      key: keys.replica(service, 1),
      service,
      slot: 1,
      cause: '',
      id,
      name: '',
    };
    expect(after(() => markStep(parts, step))).toBe('api objects web');
  });
});

describe('1.1 another desired state must mark what is declared otherwise, and no others', () => {
  const EDITS: readonly (readonly [string, string, string, string, string])[] = [
    ['a spec: its service and those that wait for it', 'db', 'db:1', 'db:2', 'api db objects'],
    ['an edge less: whom it led to as well', 'web', ', depends_on: [api]', '', 'api objects web'],
    [
      'an edge more: whom it leads to as well',
      'lone',
      'lone: {',
      'lone: {depends_on: [db], ',
      'db lone objects',
    ],
    ['a network: whoever joins it', '', 'back: {}', 'back: {internal: true}', 'api db objects'],
    ['a volume: whoever mounts it', '', 'data: {}', 'data: {driver_opts: {type: nfs}}', 'db objects'],
  ];
  test.each(EDITS)('%s', (_, changed, from, to, marked) => {
    const { parts, after } = stageOf();
    const before = parts.state.desired;
    const desired = parseDesired(SERVICES.replace(from, to));
    Object.assign(parts.state, { desired, topology: topologyOf(desired) });
    const names = new Set(changed === '' ? [] : [serviceName(changed)]);
    expect(after(() => markNews(parts, before, names))).toBe(marked);
  });

  test('a service less: whom it needed, and all that is to go', () => {
    const { parts, after } = stageOf();
    const before = parts.state.desired;
    const desired = parseDesired(SERVICES, { withdrawn: ['web', 'lone'] });
    Object.assign(parts.state, { desired, topology: topologyOf(desired) });
    expect(after(() => markNews(parts, before, new Set([serviceName('web')])))).toBe('api lone objects web');
  });
});
