/** Owns: which files a scan takes in, and what it says of the rest. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/adapters/files/file-system.js';
import { linesOf, scanOf, tempTree } from './tree.js';

describe('what is a manifest file', () => {
  it('must take .yaml, .yml and .json files of every folder, and nothing else', async () => {
    const root = tempTree({
      'b.yml': 'b',
      'a.yaml': 'a',
      'deep/er/c.json': 'c',
      'notes.txt': 'no',
      'deep/yaml': 'no',
      'x.yaml.bak': 'no',
    });
    const scan = await scanOf(root);
    expect(linesOf(scan)).toEqual(['a.yaml a', 'b.yml b', 'deep/er/c.json c']);
    expect(scan.roots).toEqual([{ path: root, resolved: root, state: 'ok', reason: '', mayBePruned: [] }]);
    expect(scan.files.map((file) => file.folder)).toEqual([root, root, join(root, 'deep/er')]);
  });

  it('must skip names that begin with a dot, but take a .env beside a manifest', async () => {
    const root = tempTree({
      '.hidden.yaml': 'no',
      '.git/config.yaml': 'no',
      'web.yaml': 'web',
      '.env': 'A=1',
      'empty/.env': 'no',
    });
    expect(linesOf(await scanOf(root))).toEqual(['.env A=1', 'web.yaml web']);
  });

  it('must read of a folder with a Compose file only that file, its override and its .env', async () => {
    const root = tempTree({
      'blog/compose.yml': 'main',
      'blog/docker-compose.yaml': 'no, the second',
      'blog/compose.override.yml': 'override',
      'blog/docker-compose.override.yml': 'no',
      'blog/.env': 'A=1',
      'blog/other.yaml': 'no',
      'blog/data/below.yaml': 'no',
      'web.yaml': 'web',
    });
    expect(linesOf(await scanOf(root))).toEqual([
      'blog/.env A=1',
      'blog/compose.override.yml override',
      'blog/compose.yml main',
      'web.yaml web',
    ]);
  });

  it('must leave out what .aliciaignore names, the nearer file having the last word', async () => {
    const root = tempTree({
      '.aliciaignore': '# comment\n/drafts/\n*.tmp.yaml\nnode_modules\n',
      'a.yaml': 'a',
      'a.tmp.yaml': 'no',
      'drafts/b.yaml': 'no',
      'keep/.aliciaignore': '!c.tmp.yaml\nd.yaml\n',
      'keep/c.tmp.yaml': 'c',
      'keep/d.yaml': 'no',
      'keep/drafts/e.yaml': 'e',
      'keep/node_modules/f.json': 'no',
      'stack/.aliciaignore': 'compose.yaml\n',
      'stack/compose.yaml': 'no',
      'stack/g.yaml': 'g',
    });
    expect(linesOf(await scanOf(root))).toEqual([
      'a.yaml a',
      'keep/c.tmp.yaml c',
      'keep/drafts/e.yaml e',
      'stack/g.yaml g',
    ]);
  });

  it('must read nothing of a folder whose .aliciaignore cannot be read', async () => {
    const root = tempTree({ 'a.yaml': 'a', 'sub/.aliciaignore': { to: 'gone' }, 'sub/b.yaml': 'no' });
    const scan = await scanOf(root);
    expect(linesOf(scan)).toEqual(['a.yaml a']);
    expect(scan.roots[0]).toMatchObject({
      state: 'unreadable',
      reason: 'sub/.aliciaignore: a symbolic link to something that does not exist',
    });
  });

  it('7.6 must list the names of the .alicia-prune of the root', async () => {
    const root = tempTree({ 'a.yaml': 'a', '.alicia-prune': '# these may go\nstt\n\n  tts \r\n*\n' });
    expect((await scanOf(root)).roots[0]?.mayBePruned).toEqual(['stt', 'tts', '*']);
  });
});

describe('roots', () => {
  it('must be united, each folder read once under the nearest root', async () => {
    const outer = tempTree({ 'a.yaml': 'a', 'inner/b.yaml': 'b' });
    const other = tempTree({ 'c.yaml': 'c' });
    const scan = await scanOf([outer, join(outer, 'inner'), other, `${other}/`]);
    expect(scan.files.map((file) => file.content)).toHaveLength(3);
    expect(scan.roots.map((root) => root.path)).toEqual([outer, join(outer, 'inner'), other]);
    expect(scan.roots.every((root) => root.state === 'ok')).toBe(true);
  });

  it('must be told as missing, or as unreadable when they are no directory', async () => {
    const folder = tempTree({ 'file.yaml': 'a' });
    const roots = [join(folder, 'gone'), join(folder, 'file.yaml'), join(folder, 'file.yaml/below')];
    const scan = await scanOf(roots);
    expect(scan.roots.map(({ state, reason }) => `${state}: ${reason}`)).toEqual([
      'missing: does not exist',
      'unreadable: is not a directory; give the directory that holds the manifests',
      'unreadable: a part of the path is not a directory',
    ]);
    expect(scan.files).toEqual([]);
  });

  it('must give paths as the user would type them', async () => {
    const root = tempTree({ 'sub/a.yaml': 'a' });
    const before = process.cwd();
    process.chdir(root);
    try {
      expect((await scanOf('./sub')).files[0]?.path).toBe('sub/a.yaml');
    } finally {
      process.chdir(before);
    }
  });
});

describe('what cannot be read', () => {
  it('must be told per file: not UTF-8, too large, FIFO, socket, device, link to nothing', async () => {
    const root = tempTree({
      'bom.yaml': new Uint8Array([0xef, 0xbb, 0xbf, 0x61]),
      'latin.yaml': new Uint8Array([0x61, 0xe9, 0x62]),
      'large.yaml': 'x'.repeat(1024 * 1024 + 1),
      'largest.yaml': 'y'.repeat(1024 * 1024),
      'device.yaml': { to: '/dev/zero' },
      'dangling.yaml': { to: 'gone' },
      'self.yaml': { to: 'self.yaml' },
      'under-file.yaml': { to: 'bom.yaml/below' },
    });
    execFileSync('mkfifo', [join(root, 'fifo.yaml')]);
    const server = createServer().listen(join(root, 'socket.yaml'));
    await new Promise((resolve) => server.once('listening', resolve));
    const scan = await scanOf(root);
    server.close();
    const said = scan.files.map(({ path, content }) => {
      if (content.kind === 'text') return `${path.slice(root.length + 1)} ${content.text.length} characters`;
      return `${path.slice(root.length + 1)} ${Object.values(content).join(' ')}`;
    });
    expect(said).toEqual([
      'bom.yaml 1 characters',
      'dangling.yaml unreadable a symbolic link to something that does not exist',
      'device.yaml unreadable is a device, not a regular file',
      'fifo.yaml unreadable is a FIFO, not a regular file',
      'large.yaml tooLarge 1048577',
      'largest.yaml 1048576 characters',
      'latin.yaml notUtf8',
      'self.yaml unreadable the symbolic links go round in a circle',
      'socket.yaml unreadable is a socket, not a regular file',
      'under-file.yaml unreadable a part of the path is not a directory',
    ]);
    expect(scan.roots[0]?.state).toBe('ok');
  });

  it('must make the root unreadable when it is a folder below it', async () => {
    const root = tempTree({ 'a.yaml': 'a', 'locked/b.yaml': 'b' });
    const readdir = (path: string) =>
      path === join(root, 'locked')
        ? Promise.reject(Object.assign(new Error('refused'), { code: 'EACCES' }))
        : nodeFileSystem.readdir(path);
    const scan = await scanOf(root, { fs: { ...nodeFileSystem, readdir } });
    expect(linesOf(scan)).toEqual(['a.yaml a']);
    expect(scan.roots[0]).toMatchObject({ state: 'unreadable', reason: 'locked: permission denied' });
  });

  it('must make the root unreadable when a link that may have led to a folder leads nowhere', async () => {
    const root = tempTree({ 'a.yaml': 'a', apps: { to: '/nowhere/apps' } });
    const { state, reason } = (await scanOf(root)).roots[0] ?? {};
    expect(`${state}: ${reason}`).toBe('unreadable: apps: a symbolic link to something that does not exist');
  });

  it('must be told of a file that may not be opened', async () => {
    const root = tempTree({ 'a.yaml': 'a' });
    const open = (path: string, flags: number) =>
      path === join(root, 'a.yaml')
        ? Promise.reject(Object.assign(new Error('refused'), { code: 'EACCES' }))
        : nodeFileSystem.open(path, flags);
    const scan = await scanOf(root, { fs: { ...nodeFileSystem, open } });
    expect(scan.files[0]?.content).toEqual({ kind: 'unreadable', reason: 'permission denied' });
    expect(scan.roots[0]?.state).toBe('ok');
  });
});

describe('7.2 symbolic links', () => {
  it('must be followed to files and folders', async () => {
    const elsewhere = tempTree({ 'web.yaml': 'web', 'folder/db.yaml': 'db' });
    const root = tempTree({
      'linked.yaml': { to: join(elsewhere, 'web.yaml') },
      apps: { to: join(elsewhere, 'folder') },
    });
    const scan = await scanOf(root);
    expect(linesOf(scan)).toEqual(['apps/db.yaml db', 'linked.yaml web']);
    expect(scan.files.map((file) => file.folder)).toEqual([join(elsewhere, 'folder'), root]);
  });

  it('must not be followed in a circle, nor to a folder that is read under its own name', async () => {
    const root = tempTree({
      'a/web.yaml': 'web',
      'a/up': { to: '..' },
      'a/above': { to: '../..' },
      '0-first': { to: 'z' },
      'z/db.yaml': 'db',
      'z/a-again': { to: '../a' },
    });
    const scan = await scanOf(root);
    expect(linesOf(scan)).toEqual(['a/web.yaml web', 'z/db.yaml db']);
    expect(scan.roots[0]?.state).toBe('ok');
  });

  it('must let two stacks share one Compose file', async () => {
    const root = tempTree({
      'shared/.keep': '',
      'shared/stack.txt': 'main',
      'one/compose.yaml': { to: '../shared/stack.txt' },
      'one/.env': 'NAME=one',
      'two/compose.yaml': { to: '../shared/stack.txt' },
      'two/.env': 'NAME=two',
    });
    expect(linesOf(await scanOf(root))).toEqual([
      'one/.env NAME=one',
      'one/compose.yaml main',
      'two/.env NAME=two',
      'two/compose.yaml main',
    ]);
  });
});

describe('limits', () => {
  it('must make the root unreadable, never pass a part for the whole', async () => {
    const root = tempTree({ 'a/b/c.yaml': '1234567890', 'd.yaml': '1234567890', 'e.yaml': '1234567890' });
    const stateUnder = async (limits: object) => {
      const { state, reason } = (await scanOf(root, { limits })).roots[0] ?? {};
      return `${state}: ${reason}`;
    };
    expect(await stateUnder({ depth: 2, files: 3, totalBytes: 30, entries: 5 })).toBe('ok: ');
    expect(await stateUnder({ depth: 1 })).toBe(
      'unreadable: a/b lies deeper than 1 folders; name what holds no manifests in .aliciaignore',
    );
    expect(await stateUnder({ files: 2 })).toBe(
      'unreadable: holds more than 2 manifest files; name what holds no manifests in .aliciaignore',
    );
    expect(await stateUnder({ entries: 4 })).toBe(
      'unreadable: holds more than 4 files and folders; name what holds no manifests in .aliciaignore',
    );
    expect(await stateUnder({ totalBytes: 29 })).toBe(
      'unreadable: its manifests are larger than 29 bytes together',
    );
  });

  it('must hold for folders nested 33 deep', async () => {
    const root = tempTree({ 'a.yaml': 'a' });
    mkdirSync(join(root, ...Array.from({ length: 33 }, () => 'd')), { recursive: true });
    expect((await scanOf(root)).roots[0]?.state).toBe('unreadable');
  });
});
