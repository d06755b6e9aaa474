// Owns: which networks are made anew, and who keeps one from it.
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { everyService } from '../../src/core/forecast.js';
import { type RenewalFacts, renewalsOf } from '../../src/core/renewal.js';
import { type ContainerId, serviceName } from '../../src/model/ids.js';
import type { ObservedNetwork } from '../../src/model/observed.js';
import { contextOf, type Scene } from '../support/decision.js';

const FRONT = 'alicia_front';
const BACK = 'alicia_back';
const MANIFESTS = `
networks: {front: {}, back: {}}
web: {image: web:1, networks: [front]}
api: {image: api:1, networks: [front, back]}`;

/** What is made anew, and who keeps from it. */
function renewal(
  scene: Scene,
  change: Partial<ObservedNetwork> = {},
  ownContainerId: ContainerId | null = null,
) {
  const { desired, observed } = contextOf({ manifests: MANIFESTS, ...scene });
  const networks = new Map(
    [...observed.networks].map(([name, network]) => [name, { ...network, ...change }]),
  );
  const facts: RenewalFacts = {
    ...{ desired, observed: { ...observed, networks }, project: 'alicia', ownContainerId },
  };
  const { renewing, blocked } = renewalsOf(facts);
  return { renewing: [...renewing], blocked: [...blocked.values()].map((why) => why.split(', ')[1] ?? '') };
}

describe('5.5 a network must not be made anew', () => {
  const hash = `v1:${'9'.repeat(64)}`;

  test('5.5 but for another declaration of our own', () => {
    expect(renewal({}).renewing).toEqual([]);
    expect(renewal({}, { hash }).renewing).toEqual([BACK, FRONT]);
  });

  test.each([
    ['9.1 that is of another project', { hash, project: 'other' }],
    ['9.1 that is of nobody', { hash, project: null }],
    ['3.2 that no hash is known of', { hash: null }],
    ['3.2 whose form of hash is not known any more', { hash: `v0:${'9'.repeat(64)}` }],
  ])('%s', (_, change) => {
    expect(renewal({}, change)).toEqual({ renewing: [], blocked: [] });
  });

  test('9.1 that is used as it is, whoever made it', () => {
    const manifests = 'networks: {front: {external: true}}\nweb: {image: web:1, networks: [front]}';
    expect(renewal({ manifests }, { hash })).toEqual({ renewing: [], blocked: [] });
  });
});

test('5.5 networks must be made anew in the order of their names, however they are listed', () => {
  const { desired, observed } = contextOf({ manifests: MANIFESTS, changed: [FRONT, BACK] });
  const facts = { desired, observed, project: 'alicia', ownContainerId: null };
  expect([...renewalsOf(facts, [FRONT, BACK, FRONT]).renewing]).toEqual([BACK, FRONT]);
});

describe('5.5 who must not be touched must keep a network as it is', () => {
  const changed = [FRONT];

  test('7.5 a service that nothing is known of', () => {
    const scene = { manifests: 'web: {image: web:1}', changed: ['alicia_bus_network'] };
    expect(renewal({ ...scene, docker: 'lost-1 running\nweb-1 running' })).toEqual({
      ...{ renewing: [], blocked: ['but container alicia-lost-1-ffffffff'] },
    });
  });

  test('4.3 a container that was put aside', () => {
    const docker = 'web-1 running id=a\nweb-1-stuck-0a1b dead';
    expect(renewal({ docker, changed }).renewing).toEqual([]);
  });

  test('9.1 the controller itself', () => {
    const docker = 'web-1 running';
    const [own] = contextOf({ manifests: MANIFESTS, docker }).observed.services.get(serviceName('web')) ?? [];
    expect(renewal({ docker, changed }).renewing).toEqual([FRONT]);
    expect(renewal({ docker, changed }, {}, own?.id ?? null).renewing).toEqual([]);
  });

  test('5.5 whichever of its networks it is, and no other', () => {
    const manifests = MANIFESTS.replace('api: {image', 'api: {maintenance: true, image');
    const docker = 'api-1 running';
    expect(renewal({ manifests, docker, changed }).renewing).toEqual([]);
    const elsewhere = `api-1 running off=${FRONT}`;
    expect(renewal({ manifests, docker: elsewhere, changed }).renewing).toEqual([FRONT]);
  });

  test('5.5 the first by name must be told of, in whatever order Docker lists them', () => {
    const others = ['b', 'a', 'c'].map((name) => ({ name, networks: [FRONT] }));
    expect(renewal({ changed, others }).blocked).toEqual(['but container a']);
  });
});

describe('5.5 a network that a container is on without being declared for it', () => {
  const before = contextOf({
    manifests: MANIFESTS,
    docker: 'api-1 running\nweb-1 running',
    changed: [FRONT],
  });
  const after = (manifests: string): readonly string[] => {
    const context = { ...contextOf({ manifests }), observed: before.observed };
    const { steps } = decide({ services: everyService(context), objects: true }, context);
    return steps.flatMap((step) =>
      step.kind === 'disconnectNetwork' ? [`${step.service} ← ${step.network}`] : [],
    );
  };

  test('5.5 must be left by it too when it is made anew', () => {
    const manifests = MANIFESTS.replace('[front, back]', '[back]');
    expect(after(manifests)).toEqual([`api ← ${FRONT}`, `web ← ${FRONT}`]);
  });

  test('5.5 must be left alone where nobody declares it', () => {
    const manifests = 'web: {image: web:1}\napi: {image: api:1}';
    expect(after(manifests)).toEqual([]);
  });
});
