// Owns: that a process which never saw a file whole takes nothing for gone that may have stood at its lost end.
import { describe, expect, test } from 'vitest';
import { judgePrune } from '../../src/core/prune.js';
import { contextOf, linesOf, pass, type Scene } from '../support/decision.js';

const DOCKER = 'a-1 running at=all.yaml#1\nb-1 running at=all.yaml#2\nweb-1 running at=all.yaml#3';
const scene = (more: Partial<Scene>): Scene => ({
  manifests: 'a: {image: a:1}\nb: {image: b:1}',
  docker: DOCKER,
  ...more,
});
const GONE = ['stop container web-1  its manifest is gone'];

describe('7.6 with the end of a file away', () => {
  test('who stood there must stay, with the mend', () => {
    expect(linesOf(scene({}))).toEqual([]);
    expect(pass(scene({})).status('web')).toBe(
      'running OutOfSync Healthy PruneBlocked: web was manifest 3 of all.yaml, which ends before that now, as if cut off ' +
        'while it was written: write the file whole; if the service is meant to go, leave its manifest there commented ' +
        'out, or name it in a file `.alicia-prune` beside the manifests, or give --allow-mass-prune',
    );
    const told = pass(scene({})).events.find(({ type }) => type === 'prune_blocked');
    expect(told?.facts).toMatchObject({ services: ['web'] });
  });

  test('whoever the guard against many keeps, those at the lost end must not count as going', () => {
    const docker = `${DOCKER}\nx-1 running at=x.yaml#1`;
    expect(linesOf(scene({ docker, manifests: 'a: {image: a:1}' }))).toEqual([
      'stop container x-1  its manifest is gone',
    ]);
  });

  test.each<readonly [string, Partial<Scene>]>([
    ['this process has seen the file with so many', { manifestCounts: { 'all.yaml': 3 } }],
    ['the file is away, not short', { manifestCounts: {} }],
    ['it stood in another file', { docker: DOCKER.replace('all.yaml#3', 'gone.yaml#3') }],
    ['nobody knows where it stood', { docker: DOCKER.replace(' at=all.yaml#3', '') }],
    ['another took its place', { manifests: 'a: {image: a:1}\nb: {image: b:1}\nc: {image: c:1}' }],
    ['it is named in .alicia-prune', { settings: { mayBePruned: ['web'] } }],
    ['it is allowed with --allow-mass-prune', { settings: { allowMassPrune: true } }],
  ])('it must go when %s', (_title, more) => {
    expect(linesOf(scene(more))).toContainEqual(GONE[0]);
  });

  test('it must go when something that stood after it is still there', () => {
    const docker = 'a-1 running at=all.yaml#1\nweb-1 running at=all.yaml#3\nz-1 running at=all.yaml#4';
    const manifests = 'a: {image: a:1}\nz: {image: z:1}';
    expect(linesOf(scene({ docker, manifests }))).toEqual(GONE);
    const elsewhere = docker.replace('all.yaml#4', 'z.yaml#4');
    expect(linesOf(scene({ docker: elsewhere, manifests }))).toEqual([]);
    // Of equal numbers one is of another day: nothing is proven by that.
    const besides = docker.replace('all.yaml#4', 'all.yaml#3');
    expect(linesOf(scene({ docker: besides, manifests }))).toEqual([]);
  });

  test('it must go when one replica tells that, whatever the others do not tell', () => {
    const docker =
      'a-1 running at=all.yaml#1\nweb-1 running at=all.yaml#3\nz-1 running\nz-2 running at=all.yaml#4';
    const manifests = 'a: {image: a:1}\nz: {image: z:1, replicas: 2}';
    expect(linesOf(scene({ docker, manifests }))).toEqual(GONE);
  });

  test('it must stay when what stood after it is declared in another file now', () => {
    const docker = 'a-1 running at=all.yaml#1\nweb-1 running at=all.yaml#3\nz-1 running at=all.yaml#4';
    const { desired, observed, settings } = contextOf(
      scene({ docker, manifests: 'a: {image: a:1}\nz: {image: z:1}', manifestCounts: { 'all.yaml': 1 } }),
    );
    const services = new Map(
      [...desired.services].map(([name, service]) => [
        name,
        name === 'z' ? { ...service, source: { file: 'z.yaml', number: 1 } } : service,
      ]),
    );
    expect([...judgePrune({ ...desired, services }, observed, settings).blocked.keys()]).toEqual(['web']);
  });
});
