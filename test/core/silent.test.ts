// Owns: containers about which the engine gives no answer.
import { describe, expect, test } from 'vitest';
import { linesOf, pass } from '../support/decision.js';

const TWO = 'web: {image: web:1, replicas: 2, healthcheck: {test: [CMD, ok]}}';

describe('8.14 a container that hangs', () => {
  test('8.14 nothing may be decided about its slot, whatever the list says of it', () => {
    for (const state of ['running', 'exited', 'paused', 'created', 'dead', 'restarting'])
      expect(linesOf({ manifests: TWO, docker: `web-1 ${state} silent\nweb-2 running healthy` })).toEqual([]);
    expect(linesOf({ manifests: TWO, docker: 'web-1 other running silent\nweb-2 running healthy' })).toEqual(
      [],
    );
  });

  test('8.14 the other replicas must be looked after', () => {
    expect(linesOf({ manifests: TWO, docker: 'web-1 running silent\nweb-2 created' })).toEqual([
      'start container web-2  created, not yet started',
    ]);
    expect(linesOf({ manifests: TWO, docker: 'web-1 running silent' })).toEqual([
      'create container web-2  no container in its slot',
    ]);
  });

  test('8.14 it must be said to be unknown, never healthy', () => {
    const { status, facts } = pass({ manifests: TWO, docker: 'web-1 running silent\nweb-2 running healthy' });
    expect(status('web')).toMatch(
      /^unknown \S+ Unknown: Docker gives no answer about container alicia-web-1-/,
    );
    expect(facts('web').instances.map(({ state }) => state)).toEqual(['unknown', 'running']);
  });

  test('8.14 it must not be removed with its manifest before it answers', () => {
    expect(
      linesOf({ manifests: 'a: {image: a:1}', docker: 'a-1 running\nweb-1 running silent\nweb-2 exited' }),
    ).toEqual(['remove container web-2  its manifest is gone']);
  });
});
