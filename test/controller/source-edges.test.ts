// Owns: what a source does with what it is told by the directory, and with a stop in the middle of a look.
import { expect, test } from 'vitest';
import { createSource, type SourceNews, type SourceOptions } from '../../src/controller/source.js';
import type { ScannedRoot } from '../../src/model/scan.js';
import { LIMITS } from '../support/controller-limits.js';
import { createSilentLog } from '../support/silent-log.js';
import { createSimulatedFiles } from '../support/simulation/files.js';
import { INTAKE } from '../support/simulation/settings.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

/** A source over an empty directory, each of whose scans takes 10 ms. */
function sourceOver(change: Partial<SourceOptions['files']> = {}, options: Partial<SourceOptions> = {}) {
  const clock = createVirtualClock();
  const files = createSimulatedFiles(clock);
  const log = createSilentLog();
  const news: SourceNews[] = [];
  const slow: SourceOptions['files'] = {
    ...files,
    async scan() {
      const found = await files.scan();
      await new Promise<void>((resolve) => void clock.after(10, resolve));
      return found;
    },
    ...change,
  };
  const plain = { clock, log, mode: 'run', limits: LIMITS, intake: INTAKE } as const;
  const source = createSource({ ...plain, files: slow, ...options }, (each) => void news.push(each));
  return { clock, files, log, news, source };
}

test('7.1 what cannot be watched must be warned of', async () => {
  const { clock, log, source } = sourceOver({
    watch: async (_, onWarning) => onWarning('no watches are left'),
  });
  void source.start();
  await clock.advance(1_000);
  expect(log.lines).toEqual([{ level: 'warn', facts: {}, message: 'no watches are left' }]);
});

test('7.4 the first look must be told also where there is nothing', async () => {
  const { clock, news, source } = sourceOver();
  void source.start();
  await clock.advance(100);
  expect(news.map(({ changed, isNewContent }) => [changed.size, isNewContent])).toEqual([[0, true]]);
});

test('7.4 the names that may be pruned must be told, of all directories', async () => {
  const { files } = sourceOver();
  const scan = await files.scan();
  const rootOf = (...mayBePruned: readonly string[]): ScannedRoot => ({
    ...{ path: 'manifests', resolved: '/manifests', state: 'ok', reason: '' },
    mayBePruned,
  });
  const { clock, news, source } = sourceOver({
    scan: async () => ({ ...scan, roots: [rootOf('web', 'db'), rootOf(), rootOf('bus')] }),
  });
  void source.start();
  await clock.advance(100);
  expect(news.map(({ mayBePruned }) => mayBePruned)).toEqual([['web', 'db', 'bus']]);
});

test.each([
  ['the first look', 5, 0],
  ['the look after the watch has begun', 15, 1],
])('7 a stop during %s must leave nothing that is planned or watched', async (_, atMs, watches) => {
  const begun: string[] = [];
  const { clock, source } = sourceOver({ watch: async () => void begun.push('watch') });
  void source.start();
  await clock.advance(atMs);
  await source.stop();
  await clock.advance(10);
  expect([await clock.step(), begun.length]).toEqual([false, watches]);
});

test('7 what was found by a look that was under way must not be prepared any more', async () => {
  const prepared: unknown[] = [];
  const { clock, source } = sourceOver({}, { prepare: async (desired) => void prepared.push(desired) });
  void source.start();
  await clock.advance(5);
  await source.stop();
  await clock.advance(1_000);
  expect(prepared).toEqual([]);
});
