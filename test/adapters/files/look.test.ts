/** Owns: that a scan is of one moment. */

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/adapters/files/file-system.js';
import { createManifestFiles } from '../../../src/adapters/files/manifest-files.js';
import { gitTree } from './git-tree.js';
import { linesOf, plant, scanOf, tempTree } from './tree.js';

describe('7.3 a scan', () => {
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
