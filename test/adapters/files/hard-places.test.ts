/** Owns: that a scan comes to an end, and says the truth, wherever the manifests lie and whatever lies beside them. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesOf, plant, scanOf, tempTree } from './tree.js';
import { watching } from './watching.js';

const NOBODY = 65_534;

/** Does something as somebody who may not read everything, also where the tests run as root. */
async function asNobody<Result>(action: () => Promise<Result>): Promise<Result> {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined) throw new Error('this machine has no users');
  const before = geteuid();
  if (before === 0) seteuid(NOBODY);
  try {
    return await action();
  } finally {
    if (before === 0) seteuid(before);
  }
}

/** Mounts a folder read-only at another place; where that is not permitted, it is made unwritable instead. */
function mountReadOnly(folder: string, at: string): { readonly root: string; readonly unmount: () => void } {
  mkdirSync(at, { recursive: true });
  try {
    execFileSync('mount', ['--bind', folder, at], { stdio: 'ignore' });
  } catch {
    chmodSync(folder, 0o555);
    return { root: folder, unmount: () => chmodSync(folder, 0o755) };
  }
  execFileSync('mount', ['-o', 'remount,bind,ro', at], { stdio: 'ignore' });
  return { root: at, unmount: () => execFileSync('umount', [at]) };
}

describe('9.5 a scan must come to its end', { timeout: 120_000 }, () => {
  it('9.5 over 10,000 manifest files, and take in each', async () => {
    const count = 10_000;
    const root = tempTree(
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`${index % 100}/${index}.yaml`, `${index}`]),
      ),
    );
    const scan = await scanOf(root);
    expect(scan.files).toHaveLength(count);
    expect(new Set(linesOf(scan).map((line) => line.split(' ')[1])).size).toBe(count);
    expect(scan.roots[0]?.state).toBe('ok');
  });

  it('9.5 in a tree of 200 folders, and say that it is not seen whole', async () => {
    const deep = Array.from({ length: 200 }, () => 'd').join('/');
    const root = tempTree({ 'a.yaml': 'a', [`${deep}/z.yaml`]: 'z' });
    const scan = await scanOf(root);
    expect(linesOf(scan)).toEqual(['a.yaml a']);
    expect(scan.roots[0]?.state).toBe('unreadable');
    expect(scan.roots[0]?.reason).toContain('lies deeper than 32 folders');
  });

  it('9.5 in links that lead through each other, one further each, and round in circles', async () => {
    const links = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `l${index}`,
        { to: index === 0 ? 'real' : `l${index - 1}` },
      ]),
    );
    const root = tempTree({
      'real/a.yaml': 'a',
      ...links,
      'x/back': { to: '../y' },
      'y/back': { to: '../x' },
    });
    const scan = await scanOf(root);
    expect(linesOf(scan)).toEqual(['real/a.yaml a']);
    expect(scan.roots[0]?.reason).toContain('the symbolic links go round in a circle');
  });

  it('9.5 among names with line ends, quotes, blanks and control characters, and keep them as they are', async () => {
    const names = ['a\nb.yaml', 'c"d\'.yaml', ' e f.yaml', 'g\u0007\u001b[31m.yaml', '日本 😀.yaml'];
    const root = tempTree(Object.fromEntries(names.map((name) => [name, 'x'])));
    const scan = await scanOf(root);
    expect(scan.files.map(({ path }) => path.slice(root.length + 1)).sort()).toEqual([...names].sort());
    expect(scan.roots[0]?.state).toBe('ok');
  });

  it('9.5 among names that are no UTF-8: a file is in error, a folder makes the root unreadable', async () => {
    const root = tempTree({ 'a.yaml': 'a' });
    const nameOf = (text: string): Buffer => Buffer.from(join(root, text), 'latin1');
    writeFileSync(nameOf('caf\u00e9.yaml'), 'x');
    const scan = await scanOf(root);
    expect(linesOf(scan)).toEqual(['a.yaml a', 'caf\uFFFD.yaml <unreadable>']);
    expect(scan.files[1]?.content).toEqual({ kind: 'unreadable', reason: 'its name is not valid UTF-8' });
    expect(scan.roots[0]?.state).toBe('ok');
    mkdirSync(nameOf('f\u00e9e'));
    expect((await scanOf(root)).roots[0]).toMatchObject({ state: 'unreadable' });
  });
});

describe('7.6 what may not be read', () => {
  it('7.6 a file without permission must be in error, a folder must make the root unreadable', async () => {
    const root = tempTree({ 'a.yaml': 'a', 'closed.yaml': 'b', 'closed/c.yaml': 'c' });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed.yaml'), 0);
    const file = await asNobody(() => scanOf(root));
    expect(linesOf(file)).toEqual(['a.yaml a', 'closed.yaml <unreadable>', 'closed/c.yaml c']);
    expect(file.files[1]?.content).toEqual({ kind: 'unreadable', reason: 'permission denied' });
    expect(file.roots[0]?.state).toBe('ok');
    chmodSync(join(root, 'closed'), 0);
    const folder = await asNobody(() => scanOf(root));
    expect(folder.roots[0]).toMatchObject({ state: 'unreadable', reason: 'closed: permission denied' });
    chmodSync(root, 0);
    const whole = await asNobody(() => scanOf(root));
    chmodSync(root, 0o755);
    expect(whole.files).toEqual([]);
    expect(whole.roots[0]?.state).toBe('unreadable');
    expect(whole.roots[0]?.reason).toMatch(/^permission denied/);
  });
});

describe('7.2 a read-only mount', { timeout: 30_000 }, () => {
  it('7.2 must be read and watched: what is changed behind it is seen', async () => {
    const volume = tempTree({ 'real/a.yaml': 'old', 'real/sub/b.yaml': 'b' });
    const { root, unmount } = mountReadOnly(join(volume, 'real'), join(volume, 'mounted'));
    try {
      const { seen, files, warnings } = await watching([root]);
      await seen('a.yaml old', 'sub/b.yaml b');
      writeFileSync(join(volume, 'real/a.yaml'), 'new');
      await seen('a.yaml new', 'sub/b.yaml b');
      expect(warnings).toEqual([]);
      await files.stop();
    } finally {
      unmount();
    }
  });
});

describe('7.2 a change that takes its time', { timeout: 30_000 }, () => {
  it('7.2 a file that is written in place, piece by piece, must be seen to its end', async () => {
    const root = tempTree({ 'a.yaml': 'old' });
    const { seen, hints } = await watching([root]);
    const pieces = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
    writeFileSync(join(root, 'a.yaml'), '');
    for (const piece of pieces) {
      writeFileSync(join(root, 'a.yaml'), piece, { flag: 'a' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await seen(`a.yaml ${pieces.join('')}`);
    // Many changes are one hint, or a few.
    expect(hints()).toBeLessThan(pieces.length);
  });

  it('7.2 a root that is a link, to a folder that is deleted and made again, must be watched again', async () => {
    const volume = tempTree({ 'real/a.yaml': '0', root: { to: 'real' } });
    const { seen, seenState } = await watching([join(volume, 'root')]);
    rmSync(join(volume, 'real'), { recursive: true });
    await seenState('missing');
    plant(volume, { 'next/a.yaml': '1' });
    renameSync(join(volume, 'next'), join(volume, 'real'));
    await seen('a.yaml 1');
    writeFileSync(join(volume, 'real/a.yaml'), '2');
    await seen('a.yaml 2');
  });
});
