/** Owns: that a scan is of one moment. */

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { nodeFileSystem } from '../../../src/adapters/files/file-system.js';
import { createManifestFiles } from '../../../src/adapters/files/manifest-files.js';
import type { Scan } from '../../../src/model/scan.js';
import { gitTree } from './git-tree.js';
import { linesOf, plant, scanOf, tempTree } from './tree.js';

const SWAPS = 200;
const FILES = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', 'e.yaml', 'f.yaml', 'g.yaml', 'h.yaml'];

/**
 * Publishes versions as Kubernetes and git-sync do, in a thread of its own: new folder, link renamed over, old
 * folder removed. Now and then it waits for a whole scan, so that there are some however slow the machine.
 */
const SWAPPER = `
const { workerData: { volume, link, swaps, files, wholeScans } } = require('node:worker_threads');
const fs = require('node:fs');
const pace = new Int32Array(new SharedArrayBuffer(4));
for (let version = 1; version <= swaps; version += 1) {
  fs.mkdirSync(volume + '/..v' + version);
  for (const file of files) fs.writeFileSync(volume + '/..v' + version + '/' + file, 'version ' + version);
  fs.symlinkSync('..v' + version, volume + '/..next');
  fs.renameSync(volume + '/..next', volume + '/' + link);
  fs.rmSync(volume + '/..v' + (version - 1), { recursive: true, force: true });
  if (version % 40 === 0) Atomics.wait(wholeScans, 0, Atomics.load(wholeScans, 0), 10000);
  else Atomics.wait(pace, 0, 0, version % 10);
}`;

async function scansWhileSwapping(volume: string, link: string, root: string): Promise<readonly Scan[]> {
  const wholeScans = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { volume, link, swaps: SWAPS, files: FILES, wholeScans };
  const worker = new Worker(SWAPPER, { eval: true, workerData });
  let isDone = false;
  const done = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  }).finally(() => {
    isDone = true;
  });
  const files = createManifestFiles({ roots: [root], clock: systemClock });
  const scans: Scan[] = [];
  while (!isDone) {
    const scan = await files.scan();
    scans.push(scan);
    if (scan.roots[0]?.state !== 'ok') continue;
    Atomics.add(wholeScans, 0, 1);
    Atomics.notify(wholeScans, 0);
  }
  await done;
  scans.push(await files.scan());
  return scans;
}

function expectOneVersionEach(scans: readonly Scan[]): void {
  for (const scan of scans) {
    const texts = scan.files.map(({ content }) => (content.kind === 'text' ? content.text : content.kind));
    if (scan.roots[0]?.state !== 'ok') continue;
    expect(texts).toHaveLength(FILES.length);
    expect(new Set(texts).size, texts.join(', ')).toBe(1);
  }
  const whole = scans.filter((scan) => scan.roots[0]?.state === 'ok');
  expect(new Set(whole.map((scan) => scan.digest)).size).toBeGreaterThan(2);
  const [last] = whole.slice(-1).map(linesOf);
  expect(last?.[0]).toContain(`version ${SWAPS}`);
}

describe('7.3 a scan', () => {
  it('must never mix two versions while the root is a link that is swapped 200 times', async () => {
    const volume = tempTree();
    plant(volume, Object.fromEntries(FILES.map((file) => [`..v0/${file}`, 'version 0'])));
    plant(volume, { current: { to: '..v0' } });
    expectOneVersionEach(await scansWhileSwapping(volume, 'current', join(volume, 'current')));
  }, 60_000);

  it('must never mix two versions while ..data is swapped 200 times', async () => {
    const volume = tempTree();
    plant(volume, Object.fromEntries(FILES.map((file) => [`..v0/${file}`, 'version 0'])));
    plant(volume, { '..data': { to: '..v0' } });
    plant(volume, Object.fromEntries(FILES.map((file) => [file, { to: `..data/${file}` }])));
    expectOneVersionEach(await scansWhileSwapping(volume, '..data', volume));
  }, 60_000);

  it('must take all files through one reading of a link, even if that goes to and fro', async () => {
    const tree = { '..v0/a.yaml': '0', '..v0/b.yaml': '0', '..v1/a.yaml': '1', '..v1/b.yaml': '1' };
    const links = {
      '..data': { to: '..v0' },
      'a.yaml': { to: '..data/a.yaml' },
      'b.yaml': { to: '..data/b.yaml' },
    };
    const root = tempTree({ ...tree, ...links });
    let reads = 0;
    const readlink: typeof nodeFileSystem.readlink = (path) => {
      if (!path.endsWith('..data')) return nodeFileSystem.readlink(path);
      reads += 1;
      return Promise.resolve(`..v${reads % 2}`);
    };
    const lines = linesOf(await scanOf(root, { fs: { ...nodeFileSystem, readlink } }));
    expect([
      ['a.yaml 0', 'b.yaml 0'],
      ['a.yaml 1', 'b.yaml 1'],
    ]).toContainEqual(lines);
    expect(reads).toBeGreaterThan(1);
  });

  it('must be repeated when a file changes between the walk and the read', async () => {
    const root = tempTree({ 'a.yaml': 'old', 'b.yaml': 'old' });
    let opened = 0;
    const open: typeof nodeFileSystem.open = (path, flags) => {
      if (path.endsWith('.yaml')) opened += 1;
      if (opened === 2 && path.endsWith('b.yaml')) {
        writeFileSync(join(root, 'a.yaml'), 'new');
        writeFileSync(join(root, 'b.yaml'), 'new');
      }
      return nodeFileSystem.open(path, flags);
    };
    const scan = await scanOf(root, { fs: { ...nodeFileSystem, open } });
    expect(linesOf(scan)).toEqual(['a.yaml new', 'b.yaml new']);
    expect(scan.roots[0]?.state).toBe('ok');
    expect(opened).toBe(4);
  });

  it('must be repeated when a file comes while others are read', async () => {
    const root = tempTree({ 'a.yaml': 'a', 'b.yaml': 'b' });
    const open: typeof nodeFileSystem.open = (path, flags) => {
      if (path.endsWith('b.yaml') && !existsSync(join(root, 'c.yaml'))) plant(root, { 'c.yaml': 'c' });
      return nodeFileSystem.open(path, flags);
    };
    const scan = await scanOf(root, { fs: { ...nodeFileSystem, open } });
    expect(linesOf(scan)).toEqual(['a.yaml a', 'b.yaml b', 'c.yaml c']);
  });

  it('must say that a root kept changing, and not pass on a file that did', async () => {
    const root = tempTree({ 'a.yaml': 'whole', 'b.yaml': '0' });
    let count = 0;
    const open: typeof nodeFileSystem.open = (path, flags) => {
      count += 1;
      if (path.endsWith('b.yaml')) writeFileSync(path, `${count}`.padStart(count));
      return nodeFileSystem.open(path, flags);
    };
    const scan = await scanOf(root, { fs: { ...nodeFileSystem, open } });
    expect(linesOf(scan)).toEqual(['a.yaml whole', 'b.yaml <unreadable>']);
    const { state, reason } = scan.roots[0] ?? {};
    expect(`${state}: ${reason}`).toBe('unreadable: kept changing while it was read: b.yaml');
  });

  it('must not be disturbed by data that changes beside the manifests', async () => {
    const root = tempTree({ 'a.yaml': 'a', 'data/x': '0', 'big.json': 'x'.repeat(1024 * 1024 + 1) });
    let count = 0;
    const open: typeof nodeFileSystem.open = (path, flags) => {
      count += 1;
      plant(root, { [`data/${count}`]: '', [`data/deep/${count}`]: '' });
      writeFileSync(join(root, 'big.json'), '+', { flag: 'a' });
      return nodeFileSystem.open(path, flags);
    };
    const scan = await scanOf(root, { fs: { ...nodeFileSystem, open } });
    expect(scan.roots[0]?.state).toBe('ok');
  });
});

describe('7.3 a scan of a git repository', () => {
  it('must wait while git holds the lock of the index', async () => {
    const root = gitTree({ 'stacks/a.yaml': 'old' });
    const lock = join(root, '.git/index.lock');
    writeFileSync(lock, '');
    let asked = 0;
    const lstat: typeof nodeFileSystem.lstat = (path) => {
      if (path === lock) asked += 1;
      if (asked === 3) {
        writeFileSync(join(root, 'stacks/a.yaml'), 'new');
        rmSync(lock, { force: true });
      }
      return nodeFileSystem.lstat(path);
    };
    const scan = await scanOf(join(root, 'stacks'), { fs: { ...nodeFileSystem, lstat } });
    expect(linesOf(scan)).toEqual(['a.yaml new']);
    expect(scan.roots[0]?.state).toBe('ok');
    expect(asked).toBeGreaterThanOrEqual(3);
  });

  it('must go on after 10 s, and not wait again for a lock that a crash left behind', async () => {
    const root = gitTree({ 'a.yaml': 'a' });
    writeFileSync(join(root, '.git/index.lock'), '');
    let nowMs = 0;
    const clock = {
      now: () => ({ monotonicMs: nowMs, wallMs: nowMs }),
      after: (delayMs: number, action: () => void) => {
        nowMs += delayMs;
        setImmediate(action);
        return () => undefined;
      },
    };
    const files = createManifestFiles({ roots: [root], clock });
    expect((await files.scan()).roots[0]?.state).toBe('ok');
    expect(nowMs).toBe(10_000);
    expect((await files.scan()).roots[0]?.state).toBe('ok');
    expect(nowMs).toBe(10_000);
    rmSync(join(root, '.git/index.lock'));
    expect(linesOf(await files.scan())).toEqual(['a.yaml a']);
  });
});
