// Owns: what of a container's name is told as drift.
import { expect, test } from 'vitest';
import { passes, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const WHAT = 'container web-1 was renamed';
/** What each moment says of the name. */
const drift = (scenes: readonly Partial<Scene>[]): readonly (readonly string[])[] =>
  passes(scenes.map((scene, index) => ({ manifests: WEB, at: 1000 + index, ...scene }))).map(({ events }) =>
    events.flatMap(({ type, facts }) => ('what' in facts && facts.what === WHAT ? [type] : [])),
  );

test('contract 5: a container that somebody renamed must be told as drift, and as mended', () => {
  const scenes = [
    { docker: 'web-1 running id=x' },
    { docker: 'web-1 running id=x named=mine' },
    { docker: 'web-1 running id=x named=mine' },
    { docker: 'web-1 running id=x' },
  ];
  expect(drift(scenes)).toEqual([[], ['drift_detected'], [], ['drift_corrected']]);
});

test('contract 5: a literal name that becomes a prefix, and one that changes, must be no drift', () => {
  const named = (name: string, replicas: number): string =>
    `web: {image: web:1, container_name: ${name}, replicas: ${replicas}}`;
  const moments = [
    { manifests: named('front', 1), docker: 'web-1 running id=x' },
    { manifests: named('front', 2), docker: 'web-1 running id=x named=front' },
    { manifests: named('front', 2), docker: 'web-1 running id=x\nweb-2 running id=y' },
    { manifests: named('front', 1), docker: 'web-1 running id=x named=front-1-aaaaaaaa' },
    { manifests: named('front', 1), docker: 'web-1 running id=x' },
    { manifests: named('back', 1), docker: 'web-1 running id=x named=front' },
    // Taken back before anything had come to rest.
    { manifests: named('front', 1), docker: 'web-1 running id=x named=back' },
    { manifests: named('front', 1), docker: 'web-1 running id=x' },
  ];
  expect(drift(moments).flat()).toEqual([]);
});

test('contract 5: what is kept aside and comes back to its name must be no drift', () => {
  const NEW = 'web: {image: web:2}';
  const moments = [
    { docker: 'web-1 running id=x' },
    { docker: 'web-1-old running id=x policy=no' },
    { docker: 'web-1 running id=x' },
    { manifests: NEW, docker: 'web-1-failed exited exit=1 id=n' },
    { manifests: NEW, docker: 'web-1 exited exit=1 id=n' },
  ];
  expect(drift(moments).flat()).toEqual([]);
});

test('contract 5: what a fresh process finds under another name must be no drift', () => {
  expect(
    drift([{ docker: 'web-1 running id=x named=mine' }, { docker: 'web-1 running id=x' }]).flat(),
  ).toEqual([]);
});
