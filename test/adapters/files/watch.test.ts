/** Owns: which changes are hinted at. */
import {
  appendFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OpenFolderWatch, openFolderWatch } from '../../../src/adapters/files/folder-watch.js';
import { eventually } from '../../support/eventually.js';
import { git, gitTree } from './git-tree.js';
import { linesOf, plant, tempTree } from './tree.js';
import { clockWithoutPolls, watching } from './watching.js';

describe('7.2 a change that must be hinted at', { timeout: 30_000 }, () => {
  it('is an edit in place, also of the same length', async () => {
    const root = tempTree({ 'a.yaml': 'old', 'sub/b.yaml': 'old' });
    const { seen } = await watching([root]);
    writeFileSync(join(root, 'a.yaml'), 'new');
    await seen('a.yaml new', 'sub/b.yaml old');
    appendFileSync(join(root, 'sub/b.yaml'), 'er');
    await seen('a.yaml new', 'sub/b.yaml older');
    writeFileSync(join(root, 'a.yaml'), 'ne2');
    await seen('a.yaml ne2', 'sub/b.yaml older');
  });

  it('is an edit after which size and time of change are put back', async () => {
    const root = tempTree({ 'a.yaml': 'old' });
    utimesSync(join(root, 'a.yaml'), 2_000_000_000, 1_000_000_000);
    const { seen } = await watching([root]);
    writeFileSync(join(root, 'a.yaml'), 'new');
    utimesSync(join(root, 'a.yaml'), 2_000_000_000, 1_000_000_000);
    await seen('a.yaml new');
  });

  it('is a save by rename, again and again', async () => {
    const root = tempTree({ 'a.yaml': '0' });
    const { seen } = await watching([root]);
    for (let version = 1; version <= 5; version += 1) {
      writeFileSync(join(root, '.a.yaml.tmp'), `${version}`);
      renameSync(join(root, '.a.yaml.tmp'), join(root, 'a.yaml'));
      await seen(`a.yaml ${version}`);
    }
    writeFileSync(join(root, 'a.yaml'), 'in place');
    await seen('a.yaml in place');
  });

  it('is a file or folder that is added, renamed or deleted', async () => {
    const root = tempTree({ 'a.yaml': 'a' });
    const { seen } = await watching([root]);
    writeFileSync(join(root, 'b.yaml'), 'b');
    await seen('a.yaml a', 'b.yaml b');
    plant(root, { 'new/er/c.yaml': 'c' });
    await seen('a.yaml a', 'b.yaml b', 'new/er/c.yaml c');
    writeFileSync(join(root, 'new/er/c.yaml'), 'C');
    await seen('a.yaml a', 'b.yaml b', 'new/er/c.yaml C');
    renameSync(join(root, 'new'), join(root, 'old'));
    await seen('a.yaml a', 'b.yaml b', 'old/er/c.yaml C');
    writeFileSync(join(root, 'old/er/d.yaml'), 'd');
    await seen('a.yaml a', 'b.yaml b', 'old/er/c.yaml C', 'old/er/d.yaml d');
    unlinkSync(join(root, 'a.yaml'));
    await seen('b.yaml b', 'old/er/c.yaml C', 'old/er/d.yaml d');
    rmSync(join(root, 'old'), { recursive: true });
    await seen('b.yaml b');
  });

  it('is a folder that is deleted and made again at once', async () => {
    const root = tempTree({ 'sub/a.yaml': '0' });
    const { seen } = await watching([root]);
    for (let version = 1; version <= 3; version += 1) {
      rmSync(join(root, 'sub'), { recursive: true });
      plant(root, { 'sub/a.yaml': `${version}` });
      await seen(`sub/a.yaml ${version}`);
      writeFileSync(join(root, 'sub/a.yaml'), `${version}, edited`);
      await seen(`sub/a.yaml ${version}, edited`);
    }
  });

  it('is a git checkout', async () => {
    const root = gitTree({ 'stacks/a.yaml': 'one', 'stacks/only-main/b.yaml': 'b' });
    git(root, 'checkout', '-q', '-b', 'other');
    plant(root, { 'stacks/a.yaml': 'two', 'stacks/added/c.yaml': 'c' });
    git(root, 'rm', '-q', '-r', 'stacks/only-main');
    git(root, 'add', '.');
    git(root, 'commit', '-q', '-m', 'second');
    git(root, 'checkout', '-q', 'main');
    const { seen, files } = await watching([join(root, 'stacks')]);
    for (let round = 0; round < 3; round += 1) {
      git(root, 'checkout', '-q', 'other');
      await seen('a.yaml two', 'added/c.yaml c');
      git(root, 'checkout', '-q', 'main');
      await seen('a.yaml one', 'only-main/b.yaml b');
    }
    expect((await files.scan()).revision).toBe(git(root, 'rev-parse', 'main'));
  });

  it('is a root that is deleted, and made again', async () => {
    const root = join(tempTree({ 'root/a.yaml': 'a' }), 'root');
    const { seen, seenState } = await watching([root]);
    for (let version = 1; version <= 2; version += 1) {
      rmSync(root, { recursive: true });
      await seenState('missing');
      plant(root, { 'a.yaml': `${version}` });
      await seen(`a.yaml ${version}`);
      writeFileSync(join(root, 'a.yaml'), `${version}, edited`);
      await seen(`a.yaml ${version}, edited`);
    }
    rmSync(root, { recursive: true });
    plant(root, { 'a.yaml': 'made again at once' });
    await seen('a.yaml made again at once');
    writeFileSync(join(root, 'a.yaml'), 'edited');
    await seen('a.yaml edited');
  });

  it('is a root that was never there before', async () => {
    const root = join(tempTree(), 'deep/root');
    const { seen, files } = await watching([root]);
    expect((await files.scan()).roots[0]?.state).toBe('missing');
    plant(root, { 'a.yaml': 'a' });
    await seen('a.yaml a');
  });

  it('is a swap of ..data', async () => {
    const root = tempTree({
      '..v0/a.yaml': 'version 0',
      '..data': { to: '..v0' },
      'a.yaml': { to: '..data/a.yaml' },
    });
    const { seen } = await watching([root]);
    for (let version = 1; version <= 3; version += 1) {
      plant(root, { [`..v${version}/a.yaml`]: `version ${version}`, '..next': { to: `..v${version}` } });
      renameSync(join(root, '..next'), join(root, '..data'));
      rmSync(join(root, `..v${version - 1}`), { recursive: true });
      await seen(`a.yaml version ${version}`);
    }
  });

  it('is a swap of any link on the way to the root', async () => {
    const volume = tempTree({
      'v0/stacks/a.yaml': 'version 0',
      'real/current': { to: '../v0' },
      mount: { to: 'real/current' },
    });
    const { seen } = await watching([join(volume, 'mount/stacks')], { clock: clockWithoutPolls });
    for (let version = 1; version <= 3; version += 1) {
      plant(volume, { [`v${version}/stacks/a.yaml`]: `version ${version}` });
      symlinkSync(`../v${version}`, join(volume, 'real/next'));
      renameSync(join(volume, 'real/next'), join(volume, 'real/current'));
      await seen(`a.yaml version ${version}`);
      writeFileSync(join(volume, `v${version}/stacks/a.yaml`), 'edited');
      await seen('a.yaml edited');
    }
  });

  it('is an edit behind a link, and the link to it', async () => {
    const elsewhere = tempTree({ 'folder/a.yaml': 'a', 'file.yaml': 'b' });
    const root = tempTree({ apps: { to: join(elsewhere, 'folder') } });
    const { seen } = await watching([root]);
    writeFileSync(join(elsewhere, 'folder/a.yaml'), 'A');
    await seen('apps/a.yaml A');
    symlinkSync(join(elsewhere, 'file.yaml'), join(root, 'b.yaml'));
    await seen('apps/a.yaml A', 'b.yaml b');
    writeFileSync(join(elsewhere, 'file.yaml'), 'B');
    await seen('apps/a.yaml A', 'b.yaml B');
  });

  it('is one of .env, .aliciaignore, .alicia-prune, or of a stack', async () => {
    const root = tempTree({ 'a.yaml': 'a', 'b.yaml': 'b', 'blog/compose.yaml': 'old' });
    const { seen, hints } = await watching([root]);
    writeFileSync(join(root, '.env'), 'A=1');
    await seen('.env A=1', 'a.yaml a', 'b.yaml b', 'blog/compose.yaml old');
    writeFileSync(join(root, '.aliciaignore'), 'b.yaml');
    await seen('.env A=1', 'a.yaml a', 'blog/compose.yaml old');
    writeFileSync(join(root, 'blog/compose.yaml'), 'new');
    await seen('.env A=1', 'a.yaml a', 'blog/compose.yaml new');
    writeFileSync(join(root, 'blog/compose.override.yaml'), 'more');
    await seen('.env A=1', 'a.yaml a', 'blog/compose.override.yaml more', 'blog/compose.yaml new');
    const before = hints();
    writeFileSync(join(root, '.alicia-prune'), '*');
    await eventually(() => hints() > before);
  });
});

describe('watching', { timeout: 30_000 }, () => {
  it('must not be set off by its own scans, nor by data beside manifests', async () => {
    const root = tempTree({
      'a.yaml': 'a',
      'data.bin': '0',
      'blog/compose.yaml': 'c',
      'blog/data/x.yaml': '0',
    });
    const changes: string[] = [];
    const spied: OpenFolderWatch = (folder, matters, sink) =>
      openFolderWatch(folder, matters, {
        ...sink,
        onChange: () => {
          changes.push(folder);
          sink.onChange();
        },
      });
    const { files, seen } = await watching([root], { openFolderWatch: spied });
    for (let round = 0; round < 3; round += 1) {
      await files.scan();
      appendFileSync(join(root, 'data.bin'), '1');
      writeFileSync(join(root, `blog/data/${round}.yaml`), '1');
      writeFileSync(join(root, `blog/other${round}.yaml`), '1');
    }
    // inotify keeps the order: once this is seen, whatever came before it has been too.
    writeFileSync(join(root, 'blog/compose.yaml'), 'C');
    await seen('a.yaml a', 'blog/compose.yaml C');
    expect(new Set(changes)).toEqual(new Set([join(root, 'blog')]));
  });

  it('must hint at a folder that a rescan finds before it was watched', async () => {
    const root = tempTree({ 'a.yaml': 'a' });
    const deaf: OpenFolderWatch = () => ({ ready: Promise.resolve(), close: () => Promise.resolve() });
    const { files, hints } = await watching([root], { openFolderWatch: deaf });
    plant(root, { 'new/b.yaml': 'b' });
    expect(hints()).toBe(0);
    await files.scan();
    await eventually(() => hints() > 0);
  });

  it('7.2 must tell once that a limit is reached, and go on', async () => {
    const root = tempTree({ 'a.yaml': 'a', 'one/b.yaml': 'b', 'two/c.yaml': 'c' });
    const failing: OpenFolderWatch = (_folder, _matters, sink) => {
      queueMicrotask(() => sink.onError(Object.assign(new Error('no space'), { code: 'ENOSPC' })));
      return { ready: new Promise(() => undefined), close: () => Promise.resolve() };
    };
    const clock = {
      now: () => ({ monotonicMs: performance.now(), wallMs: 0 }),
      after: (delayMs: number, action: () => void) => {
        const timer = setTimeout(action, delayMs / 20);
        return () => clearTimeout(timer);
      },
    };
    const { files, warnings } = await watching([root], { openFolderWatch: failing, clock });
    await files.scan();
    writeFileSync(join(root, 'a.yaml'), 'new');
    expect(linesOf(await files.scan())).toEqual(['a.yaml new', 'one/b.yaml b', 'two/c.yaml c']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('ENOSPC');
    expect(warnings[0]).toContain('fs.inotify.max_user_watches');
  });

  it('must give no hint once stopped, and leave nothing that keeps a process alive', async () => {
    const root = tempTree({ 'sub/a.yaml': 'a', link: { to: 'sub' } });
    const alive = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
    expect(alive()).toBe(0);
    const { files, hints } = await watching([root], { quietMs: 0 });
    expect(alive()).toBeGreaterThan(0);
    writeFileSync(join(root, 'sub/a.yaml'), 'b');
    await files.stop();
    await files.stop();
    await eventually(() => alive() === 0);
    expect(hints()).toBe(0);
  });
});
