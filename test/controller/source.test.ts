// Owns: when the manifests are looked at, and what is told of a look.
import { describe, expect, test } from 'vitest';
import { createSource, type SourceOptions } from '../../src/controller/source.js';
import type { DesiredState } from '../../src/model/desired.js';
import { LIMITS } from '../support/controller-limits.js';
import { createSilentLog } from '../support/silent-log.js';
import { createSimulatedFiles } from '../support/simulation/files.js';
import { INTAKE } from '../support/simulation/settings.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

const service = (name: string, image = 'x:1'): string =>
  JSON.stringify({ apiVersion: 'alicia/v1', kind: 'Service', metadata: { name }, spec: { image } });

/** A source over files in memory. Each scan takes 10 ms; times of scans, and what was told, are noted. */
function sourceOver(texts: Readonly<Record<string, string>>, options: Partial<SourceOptions> = {}) {
  const clock = createVirtualClock();
  const files = createSimulatedFiles(clock);
  for (const [path, text] of Object.entries(texts)) files.write(path, text);
  const scans: number[] = [];
  const told: string[] = [];
  let watchers = 0;
  const counted: SourceOptions['files'] = {
    ...files,
    async scan() {
      scans.push(clock.elapsedMs());
      const found = await files.scan();
      await new Promise<void>((resolve) => {
        clock.after(10, resolve);
      });
      return found;
    },
    watch(...given) {
      watchers += 1;
      return files.watch(...given);
    },
  };
  const source = createSource(
    {
      files: counted,
      log: createSilentLog(),
      clock,
      mode: 'run',
      limits: LIMITS,
      intake: INTAKE,
      ...options,
    },
    ({ desired, changed, isNewContent }) => {
      const names = [...changed].sort().join(' ');
      told.push(`${clock.elapsedMs()}: ${names} | ${desired.absence.kind}${isNewContent ? ' | new' : ''}`);
    },
  );
  return { clock, files, source, scans, told, watchers: () => watchers };
}

describe('7.1 when it is looked', () => {
  test('7.1 at once, again when it is watched, and then by the clock', async () => {
    const { clock, source, scans, watchers } = sourceOver({ 'a.yaml': service('a') });
    void source.start();
    await clock.advance(95_000);
    expect(scans).toEqual([0, 10, 30_020, 60_030, 90_040]);
    expect(watchers()).toBe(1);
  });

  test('7.1 once only, and unwatched, where all is done once', async () => {
    const { clock, source, scans, watchers } = sourceOver({ 'a.yaml': service('a') }, { mode: 'once' });
    void source.start();
    await clock.advance(95_000);
    expect([scans, watchers()]).toEqual([[0], 0]);
  });

  test('7.1 at every hint, but never twice at a time, and once more for all hints that come meanwhile', async () => {
    const { clock, files, source, scans } = sourceOver({ 'a.yaml': service('a') });
    void source.start();
    await clock.advance(1_000);
    files.write('a.yaml', service('a', 'x:2'));
    clock.after(2, () => files.write('a.yaml', service('a', 'x:3')));
    clock.after(4, () => files.write('a.yaml', service('a', 'x:4')));
    await clock.advance(1_000);
    expect(scans.slice(2)).toEqual([1_300, 1_310]);
  });

  test('7.6 once more after a second, when a deletion waits for it, however often that is asked for', async () => {
    const { clock, source, scans } = sourceOver({ 'a.yaml': service('a') }, { mode: 'once' });
    void source.start();
    await clock.advance(100);
    source.scanAgainSoon();
    await clock.advance(500);
    source.scanAgainSoon();
    await clock.advance(5_000);
    expect(scans).toEqual([0, 1_150]);
    source.scanAgainSoon();
    await clock.advance(5_000);
    expect(scans).toHaveLength(3);
  });
});

describe('7 once it is stopped', () => {
  test('7 nothing must be looked at or told any more, whatever was planned', async () => {
    const { clock, files, source, scans, told } = sourceOver({ 'a.yaml': service('a') });
    void source.start();
    await clock.advance(1_000);
    source.scanAgainSoon();
    await source.stop();
    files.write('b.yaml', service('b'));
    const before = [scans.length, told.length];
    await clock.advance(95_000);
    expect([scans.length, told.length]).toEqual(before);
  });

  test('7 a look that was under way must be told to nobody', async () => {
    const { clock, source, told, watchers } = sourceOver({ 'a.yaml': service('a') });
    void source.start();
    await clock.advance(5);
    await source.stop();
    await clock.advance(1_000);
    expect([told, watchers()]).toEqual([[], 0]);
  });

  test('7 nor one whose preparation was', async () => {
    let prepared = 0;
    const prepare = (_: DesiredState): Promise<void> => {
      prepared += 1;
      return source.stop();
    };
    const { clock, source, told } = sourceOver({ 'a.yaml': service('a') }, { prepare });
    void source.start();
    await clock.advance(1_000);
    expect([prepared, told]).toEqual([1, []]);
  });
});

describe('7.4 what is told', () => {
  test('7.4 the first look always, and later ones when anything changed, with whom it changed', async () => {
    const { clock, files, source, told } = sourceOver({ 'a.yaml': service('a'), 'b.yaml': service('b') });
    void source.start();
    await clock.advance(1_000);
    expect(told).toEqual(['10: a b | unconfirmed | new']);
    await clock.advance(60_000);
    expect(told.slice(1)).toEqual(['30030:  | confirmed']);
    const steps: readonly (readonly [string, string | null])[] = [
      ['b.yaml', service('b', 'x:2')],
      ['c.yaml', service('c')],
      ['a.yaml', null],
      ['d.yaml', service('d', '')],
    ];
    for (const [path, text] of steps) {
      files.write(path, text);
      await clock.advance(1_000);
    }
    expect(told.slice(2).map((line) => line.split(': ')[1])).toEqual([
      'b | unconfirmed | new',
      'c | unconfirmed | new',
      'a | unconfirmed | new',
      'd | blocked | new',
    ]);
  });

  test('7.4 a service that only stands elsewhere has not changed', async () => {
    const { clock, files, source, told } = sourceOver({ 'a.yaml': service('a') });
    void source.start();
    await clock.advance(1_000);
    files.write('a.yaml', `# a comment above\n${service('a')}`);
    await clock.advance(1_000);
    expect(told.slice(1).map((line) => line.split(': ')[1])).toEqual([' | unconfirmed | new']);
  });
});
