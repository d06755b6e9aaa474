// Owns: what counts for the bounds of a rollout: who serves, who lives, and what is under way.
import { describe, expect, test } from 'vitest';
import { linesOf, pass, type Scene } from '../support/decision.js';
import { CHECK } from '../support/web.js';

const web = (options: string, fields = `replicas: 3, ${CHECK}`): string =>
  `web: {image: web:2, ${fields}, deploy: {update_config: {${options}}}}`;
const old = (...slots: readonly number[]): string =>
  slots.map((slot) => `web-${slot} other running healthy`).join('\n');
const stop = (slot: number): string => `stop container web-${slot} (other)  its spec changed`;
const create = (slot: number): string => `create container web-${slot}  its spec changed`;
const start = (slot: number): string => `start container web-${slot}  its spec changed`;

/** The lines beside the steps that another look began. */
const beside = (before: Scene, after: Scene): readonly string[] =>
  linesOf({ ...after, inFlight: pass(before).steps.slice(0, 1) });

describe('4.6 what serves', () => {
  const lone = web('order: stop-first', 'replicas: 2');

  test('4.6 a new one without a check must be up for monitor before the next old one may go', () => {
    const docker = (upS: number): string =>
      `web-1-old other exited policy=no\nweb-1 running up=${upS}\nweb-2 other running`;
    expect(linesOf({ manifests: lone, docker: docker(1) })).toEqual([]);
    expect(linesOf({ manifests: lone, docker: docker(6) })).toEqual([stop(2)]);
  });

  test('4.6 one that has no predecessor need not prove itself anew', () => {
    expect(linesOf({ manifests: lone, docker: 'web-1 running up=1\nweb-2 other running' })).toEqual([
      stop(2),
    ]);
  });

  test('4.6 an old one serves from its start, also beside its successor', () => {
    const docker = 'web-1 other running\nweb-2 other running up=1\nweb-2 running up=1';
    expect(linesOf({ manifests: lone, docker })).toEqual([stop(1)]);
  });

  test('4.6 one that is being stopped must serve no more, and its share of the budget be used once', () => {
    const one = { manifests: web('order: stop-first'), docker: old(1, 2, 3) };
    expect(beside(one, one)).toEqual([]);
    const two = { manifests: web('order: stop-first, parallelism: 2'), docker: old(1, 2, 3) };
    expect(beside(two, two)).toEqual([stop(2)]);
  });
});

describe('4.6 what lives, and what is made to live', () => {
  const manifests = web('order: start-first');
  const created = 'web-1 other running healthy\nweb-1 created';

  test('4.6 one that is being started must count as live', () => {
    const docker = `${created}\nweb-2 other running healthy\nweb-2 created\n${old(3)}`;
    expect(linesOf({ manifests, docker })).toEqual([start(1)]);
    expect(beside({ manifests, docker }, { manifests, docker })).toEqual([]);
  });

  test('4.6 one at rest beside it must not', () => {
    const docker = `web-1-old other exited policy=no\nweb-1 created\nweb-2 other running healthy\nweb-2 created\n${old(3)}`;
    expect(beside({ manifests, docker }, { manifests, docker })).toEqual([start(2)]);
  });

  test('4.6 one that is being made must count, and be counted once when it is seen', () => {
    const docker = old(1, 2, 3);
    expect(linesOf({ manifests, docker })).toEqual([create(1)]);
    expect(beside({ manifests, docker }, { manifests, docker })).toEqual([]);
    const wide = { manifests: web('order: start-first, parallelism: 2'), docker };
    expect(beside(wide, { ...wide, docker: `${created}\n${old(2, 3)}` })).toEqual([create(2)]);
  });

  test('4.6 what is too many must be gone before a new one is made', () => {
    const fewer = web('order: start-first', `replicas: 2, ${CHECK}`);
    expect(linesOf({ manifests: fewer, docker: old(1, 2, 3) })).toEqual([
      'stop container web-1 (other)  more replicas than declared',
    ]);
  });
});
