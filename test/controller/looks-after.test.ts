// Owns: looks at what a step was about, and at images.
import { describe, expect, test } from 'vitest';
import type { FailureCode } from '../../src/model/failure.js';
import { keys, type Step } from '../../src/model/step.js';
import { base, observing, refused } from './support/observing.js';

describe('1.6 the look after a step', () => {
  const pull: Step = { ...base, slot: null, kind: 'pullImage', key: keys.image('web:1'), image: 'web:1' };
  const volume = (kind: 'createVolume' | 'removeVolume'): Step =>
    ({
      ...base,
      slot: null,
      kind,
      key: keys.volume('v'),
      ...(kind === 'createVolume' ? { volume: { name: 'v' }, name: 'other' } : { name: 'v' }),
      ...(kind === 'removeVolume' ? { volume: { name: 'other' } } : {}),
    }) as unknown as Step;
  const network = (kind: 'createNetwork' | 'removeNetwork'): Step =>
    ({
      ...base,
      slot: null,
      kind,
      key: keys.network('n'),
      name: 'n',
      network: { name: 'n' },
    }) as unknown as Step;
  test.each<readonly [string, Step, string]>([
    ['a pull', pull, 'inspectImage'],
    ['a volume made', volume('createVolume'), 'inspectVolume'],
    ['a volume removed', volume('removeVolume'), 'inspectVolume'],
    ['a network made', network('createNetwork'), 'inspectNetwork'],
    ['a network removed', network('removeNetwork'), 'inspectNetwork'],
  ])('1.6 %s must be looked at by what it was about, and be told', async (_, step, call) => {
    const { clock, calls, told, observer } = await observing();
    await observer.lookAfter(step);
    await clock.advance(0);
    expect([calls, told]).toEqual([[`0 ${call}`], ['0  objects']]);
    expect([...observer.state.volumes.keys()]).toEqual(call === 'inspectVolume' ? ['v'] : []);
  });

  test('1.6 a step whose look was given up must be told to nobody', async () => {
    const { clock, told, world, observer, settles } = await observing();
    world.reads = { inspectVolume: () => refused('engine'), inspectNetwork: () => refused('engine') };
    const looked = [volume('createVolume'), network('removeNetwork')].map((step) =>
      settles(observer.lookAfter(step)),
    );
    await clock.advance(100);
    observer.stop();
    await clock.advance(1_000);
    expect([looked.map(({ atMs }) => atMs !== null), told]).toEqual([[true, true], []]);
  });
});

describe('3.4 images', () => {
  test('3.4 an event about images must bring a look at those that are wanted, sorted, and no list', async () => {
    const { clock, calls, told, emit } = await observing(['b:1', 'a:1']);
    emit('image', 'tag', 'b:1');
    emit('image', 'delete', 'x:1');
    await clock.advance(1_000);
    expect([calls, told]).toEqual([['100 inspectImage', '100 inspectImage'], ['100  objects']]);
  });

  test('3.4 a volume that is made must bring a list', async () => {
    const { clock, calls, emit } = await observing();
    emit('volume', 'create', 'v');
    await clock.advance(1_000);
    expect(calls).toEqual(['100 list']);
  });

  test.each<readonly [FailureCode, boolean]>([
    ['engine', true],
    ['unreachable', false],
  ])('8.14 an image that ends as %s must lose nothing but an engine that is away', async (code, isWhole) => {
    const { clock, told, world, observer, emit } = await observing(['a:1']);
    world.reads = { inspectImage: () => refused(code) };
    emit('image', 'tag', 'a:1');
    await clock.advance(500);
    expect(observer.isWhole()).toBe(isWhole);
    expect(told).toEqual([isWhole ? '100  objects' : 'lost: it is unreachable']);
    expect(observer.state.images.get('a:1')?.id).toBe('sha256:1');
  });
});
