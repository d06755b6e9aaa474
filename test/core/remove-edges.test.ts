// Owns: the edges of removing, and of the guard that allows it.
import { describe, expect, test } from 'vitest';
import { linesOf, pass, type Scene } from '../support/decision.js';

const KEPT = 'a: {image: a:1}\nb: {image: b:1}\nc: {image: c:1}';
const RUNNING = 'a-1 running\nb-1 running\nc-1 running';
const scene = (docker: string, more: Partial<Scene> = {}): Scene => ({
  manifests: KEPT,
  docker: `${RUNNING}\n${docker}`,
  ...more,
});
const gone = (docker: string, more: Partial<Scene> = {}): readonly string[] => linesOf(scene(docker, more));
const stop = (name: string): string => `stop container ${name}  its manifest is gone`;
const remove = (name: string): string => `remove container ${name}  its manifest is gone`;

describe('2.7 the order', () => {
  test('2.7 what stays must keep nothing from going, whatever its label says', () => {
    const docker = 'a-1 running needs=bus\nb-1 running\nc-1 running\nbus-1 running';
    expect(linesOf({ manifests: KEPT, docker })).toEqual([stop('bus-1')]);
  });

  test('2.7 whom it waits for must be said, in order', () => {
    const { status } = pass(
      scene('bus-1 running\nweb-1 running needs=bus\napi-1 running needs=bus', {
        settings: { allowMassPrune: true },
      }),
    );
    expect(status('bus')).toContain('its manifest is gone; waits for api, web to go first');
  });

  test('2.7 slots must go in their order, and what runs in a slot before what rests', () => {
    expect(gone('x-2 running\nx-1 running')).toEqual([stop('x-1'), stop('x-2')]);
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      expect(gone(`x-1 exited id=${first}\nx-1 running id=${second}`)).toEqual([stop('x-1')]);
      expect(gone(`x-1 running id=${first}\nx-1 exited id=${second}`)).toEqual([stop('x-1')]);
    }
  });

  test('8.12 what is being removed must not be removed once more, and others go on', () => {
    expect(gone('x-1 removing')).toEqual([]);
    expect(gone('x-1 removing\nx-2 exited')).toEqual([remove('x-2')]);
  });

  test('4.5 a stop on the way out must be no verdict', () => {
    expect(pass(scene('x-1 running')).steps).toMatchObject([{ kind: 'stopContainer', isVerdict: false }]);
  });
});

describe('7.6 the guard', () => {
  const absence = { kind: 'blocked', reason: 'directoryEmpty', message: 'no manifests' } as const;

  test('7.6 one replica that says prune: false must protect its service, and keep its reason', () => {
    for (const docker of ['x-1 running kept\nx-2 running', 'x-1 running\nx-2 running kept']) {
      expect(gone(docker)).toEqual([]);
      expect(pass(scene(docker, { absence })).status('x')).toContain('prune: false');
    }
  });

  test('7.6 what stays anyway must not count for more than half', () => {
    expect(
      linesOf({ manifests: 'c: {image: c:1}', docker: 'a-1 running kept\nb-1 running\nc-1 running' }),
    ).toEqual([stop('b-1')]);
  });

  test('7.6 what is named may go, also where the absence of the others is not believed', () => {
    expect(gone('x-1 running\ny-1 running', { absence, settings: { mayBePruned: ['x'] } })).toEqual([
      stop('x-1'),
    ]);
  });

  test('7.6 what is named must not wait for one that stays', () => {
    const docker = 'a-1 running needs=b\nb-1 running\nc-1 running';
    expect(linesOf({ docker, settings: { mayBePruned: ['b'] } })).toEqual([stop('b-1')]);
  });

  test('7.6 one that is not named must be enough to wait for the second look', () => {
    const unconfirmed = { absence: { kind: 'unconfirmed' }, settings: { mayBePruned: ['x'] } } as const;
    expect(gone('x-1 running\ny-1 running', unconfirmed)).toEqual([]);
    expect(gone('x-1 running', unconfirmed)).toEqual([stop('x-1')]);
    expect(pass(scene('x-1 running\ny-1 running', unconfirmed)).decision.needsSecondScan).toBe(true);
    expect(pass(scene('x-1 running', unconfirmed)).decision.needsSecondScan).toBe(false);
  });

  test('7.6 to take all down must need no second look', () => {
    const down = pass({ docker: 'x-1 running\ny-1 running', settings: { takeDown: true } });
    expect(down.decision.needsSecondScan).toBe(false);
    expect(down.lines).toHaveLength(2);
  });

  test('7.6 what would go at once must be told in order', () => {
    const { events } = pass({ docker: 'z-1 running\na-1 running' });
    const told = events.find(({ type }) => type === 'prune_blocked');
    expect(told?.facts).toMatchObject({ services: ['a', 'z'] });
    expect(JSON.stringify(told?.facts)).toContain('(a, z)');
  });

  test('2.8 what another one requires must stay, with all that require it, and nothing else', () => {
    const manifests = `${KEPT}\nz: {image: z:1, depends_on: [bus]}\ny: {image: y:1, depends_on: [bus]}\nbus: {image: bus:1}`;
    const docker = `${RUNNING}\nbus-1 running\nz-1 running\ny-1 running\nx-1 running`;
    const kept = pass({ manifests, docker, withdrawn: ['bus'] });
    expect(kept.lines).toEqual([stop('x-1')]);
    expect(kept.status('bus')).toContain('bus has no manifest any more but y, z still requires it');
  });
});
