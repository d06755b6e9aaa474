/** Owns: which commit a scan is of. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, gitTree } from './git-tree.js';
import { scanOf, tempTree } from './tree.js';

const SHA = '0123456789abcdef0123456789abcdef01234567';

describe('7.7 the revision', () => {
  it('must be the commit that is checked out, seen from the top or from below', async () => {
    const root = gitTree({ 'stacks/a.yaml': 'a' });
    const head = git(root, 'rev-parse', 'HEAD');
    expect((await scanOf(root)).revision).toBe(head);
    expect((await scanOf(join(root, 'stacks'))).revision).toBe(head);
  });

  it('must be found in packed refs, on a detached head and in a linked worktree', async () => {
    const root = gitTree({ 'a.yaml': 'a' });
    const first = git(root, 'rev-parse', 'HEAD');
    git(root, 'pack-refs', '--all');
    expect((await scanOf(root)).revision).toBe(first);

    const worktree = join(tempTree(), 'tree');
    git(root, 'worktree', 'add', '-q', '-b', 'other', worktree);
    writeFileSync(join(worktree, 'b.yaml'), 'b');
    git(worktree, 'add', '.');
    git(worktree, 'commit', '-q', '-m', 'second');
    const second = git(worktree, 'rev-parse', 'HEAD');
    expect(second).not.toBe(first);
    expect((await scanOf(worktree)).revision).toBe(second);
    git(root, 'pack-refs', '--all');
    expect((await scanOf(worktree)).revision).toBe(second);

    git(root, 'checkout', '-q', second);
    expect((await scanOf(root)).revision).toBe(second);
  });

  it('must be the digest before the first commit, outside of git, and where two roots differ', async () => {
    const empty = tempTree({ 'a.yaml': 'a' });
    git(empty, 'init', '-q');
    const [one, two] = [gitTree({ 'a.yaml': 'a' }), gitTree({ 'b.yaml': 'b' })];
    for (const roots of [[empty], [tempTree({ 'a.yaml': 'a' })], [one, two], [one, empty]]) {
      const { revision, digest } = await scanOf(roots);
      expect(revision).toBe(digest);
    }
    const below = await scanOf([one, join(one, '.')]);
    expect(below.revision).toBe(git(one, 'rev-parse', 'HEAD'));
  });

  it('must be the target of git-sync', async () => {
    const volume = tempTree({ [`.worktrees/${SHA}/stacks/a.yaml`]: 'a' });
    symlinkSync(join('.worktrees', SHA), join(volume, 'current'));
    for (const root of [join(volume, 'current'), join(volume, 'current/stacks')]) {
      const scan = await scanOf(root);
      expect(scan.revision).toBe(SHA);
      expect(scan.files.map((file) => file.path)).toEqual([join(volume, 'current/stacks/a.yaml')]);
      expect(scan.files[0]?.folder).toBe(join(volume, '.worktrees', SHA, 'stacks'));
    }
  });

  it('must not be misled by a .git that is none', async () => {
    const outer = gitTree({ 'a.yaml': 'a', 'inner/b.yaml': 'b' });
    mkdirSync(join(outer, 'inner/.git'));
    expect((await scanOf(join(outer, 'inner'))).revision).toBe(git(outer, 'rev-parse', 'HEAD'));
    execFileSync('mkfifo', [join(outer, 'inner/.git/HEAD')]);
    expect((await scanOf(join(outer, 'inner'))).revision).toBe(git(outer, 'rev-parse', 'HEAD'));
    renameSync(join(outer, '.git'), join(outer, '.gone'));
    const { revision, digest } = await scanOf(join(outer, 'inner'));
    expect(revision).toBe(digest);
  });
});
