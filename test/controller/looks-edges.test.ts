// Owns: the order of looks at images, looks that are given up, and looks at what has no answer and no service.
import { expect, test } from 'vitest';
import { failureOf } from '../../src/controller/looks.js';
import type { Sighting } from '../../src/controller/ports.js';
import { keys, type Step } from '../../src/model/step.js';
import { base, first, never, observing, refused } from './support/observing.js';

const image = async () => ({ id: 'sha256:1', version: null, hasHealthcheck: false });
const pull: Step = { ...base, slot: null, kind: 'pullImage', key: keys.image('a:1'), image: 'a:1' };

test('3.4 images must be looked at in the order of their names, whatever order they are wanted in', async () => {
  const { clock, world, observer, emit } = await observing(['b:1', 'a:1']);
  const looked: string[] = [];
  const inspectImage = (reference: string) => {
    looked.push(reference);
    return image();
  };
  world.reads = { inspectImage };
  emit('image', 'tag', 'b:1');
  await clock.advance(500);
  observer.wantImages(new Set(['d:1', 'c:1', 'a:1']), () => undefined);
  await clock.advance(500);
  expect(looked).toEqual(['a:1', 'b:1', 'c:1', 'd:1']);
});

test('3.4 an image that nobody wanted for a while must be looked at anew when it is wanted again', async () => {
  const { clock, calls, observer } = await observing(['a:1']);
  const known: string[] = [];
  const want = async (...references: readonly string[]): Promise<void> => {
    observer.wantImages(new Set(references), (reference) => void known.push(reference));
    await clock.advance(100);
  };
  await want('a:1', 'b:1');
  await want('a:1');
  expect([...observer.state.images.keys()]).toEqual(['a:1']);
  await want('a:1', 'b:1');
  expect([known, calls]).toEqual([
    ['b:1', 'b:1'],
    ['0 inspectImage', '200 inspectImage'],
  ]);
  expect([...observer.state.images.keys()]).toEqual(['a:1', 'b:1']);
});

test('3.4 a look at an image that was given up must leave known what was, and end whoever waits', async () => {
  const { clock, world, observer, settles } = await observing(['a:1']);
  world.reads = { inspectImage: () => refused('engine') };
  const looked = settles(observer.lookAfter(pull));
  await clock.advance(100);
  observer.stop();
  await clock.advance(1_000);
  expect([looked.atMs !== null, observer.state.images.get('a:1')?.id]).toEqual([true, 'sha256:1']);
});

test('8.14 what gives no answer and belongs to no service yet must be told of to nobody', async () => {
  const { clock, told, world, observer } = await observing();
  world.reads = { inspectContainer: never };
  const draft = { name: 'alicia-web-3-00000000' };
  void observer.lookAfter({ ...base, kind: 'createContainer', draft } as unknown as Step);
  await clock.advance(10_000);
  expect(told).toEqual([]);
});

test('8.2 the late answer of an earlier connection must not let a container be looked at twice at a time', async () => {
  const { clock, calls, world, emit, end } = await observing();
  const answers: ((sighting: Sighting) => void)[] = [];
  const hanging = () => new Promise<Sighting>((resolve) => void answers.push(resolve));
  world.reads = { inspectContainer: hanging };
  emit('container', 'die', first.id);
  end();
  await clock.advance(2_000);
  emit('container', 'die', first.id);
  expect(answers).toHaveLength(2);
  answers[0]?.({ kind: 'ours', container: first });
  await clock.advance(100);
  emit('container', 'die', first.id);
  await clock.advance(100);
  expect(answers).toHaveLength(2);
  answers[1]?.({ kind: 'ours', container: first });
  await clock.advance(100);
  expect(answers).toHaveLength(3);
  expect(calls.filter((call) => call.endsWith('list'))).toHaveLength(1);
});

test('what is no failure of the engine must go on up as it is', () => {
  const bug = new TypeError('a mistake of ours');
  expect(() => failureOf(bug)).toThrow(bug);
});
