/** Owns: that files which manifests name are read with them, watched, and part of their identity. */
import { createHash } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/adapters/files/file-system.js';
import { namedPaths } from '../../../src/manifest/references.js';
import type { Scan } from '../../../src/model/scan.js';
import { eventually } from '../../support/eventually.js';
import { plant, scanOf, tempTree } from './tree.js';
import { clockWithoutPolls, watching } from './watching.js';

const naming = (written: string): string =>
  `apiVersion: alicia/v1\nkind: Service\nmetadata: {name: web}\nspec: {image: tb, env_file: ${written}}\n`;
const declaring = (written: string): string =>
  `apiVersion: alicia/v1\nkind: Secret\nmetadata: {name: x}\nspec: {file: ${written}}\n`;
const options = { namedBy: (files: Scan['files']) => namedPaths(files, {}) };

/** What was read of the files that are named. */
const namedIn = ({ references }: Scan): readonly string[] =>
  references.map(({ path, content }) => {
    const name = path.split('/').at(-1);
    return `${name} ${content === null ? 'absent' : content.kind === 'text' ? content.text : content.kind}`;
  });

describe('7.3 a file that a manifest names', () => {
  it('must be read in the same scan, wherever it lies', async () => {
    const outside = tempTree({ 'out.env': 'far' });
    const root = tempTree({
      'a.yaml': naming(`[./near.env, ${outside}/out.env, none.env, dir]`),
      'near.env': 'near',
      'dir/x': '',
      'other.env': 'nobody names it',
    });
    const scan = await scanOf(root, options);
    expect([...namedIn(scan)].sort()).toEqual([
      'dir unreadable',
      'near.env near',
      'none.env absent',
      'out.env far',
    ]);
  });

  it('must be read when only a secret or a config names it, and be known by its bytes', async () => {
    const tree = (byte: number) => ({
      'a.yaml': declaring('./x.bin'),
      'b.yaml': declaring('y.txt').replace('Secret', 'Config'),
      'x.bin': Buffer.from([255, byte]),
      'y.txt': 'y',
    });
    const [one, other] = [await scanOf(tempTree(tree(0)), options), await scanOf(tempTree(tree(1)), options)];
    expect(namedIn(one)).toEqual(['x.bin notUtf8', 'y.txt y']);
    expect(one.digest).not.toBe(other.digest);
    const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
    const digestsOf = ({ references }: Scan) => references.map(({ digest }) => digest);
    expect(digestsOf(one)).toEqual([sha256(Buffer.from([255, 0])), sha256('y')]);
    expect(digestsOf(other)).toEqual([sha256(Buffer.from([255, 1])), sha256('y')]);
  });

  it('must have no digest where it is absent, too large or no file', async () => {
    const root = tempTree({
      'a.yaml': ['none', 'dir', 'large'].map(declaring).join('---\n'),
      'dir/x': '',
      large: ' '.repeat(1_048_577),
    });
    const { references } = await scanOf(root, options);
    expect(references.map(({ digest, content }) => [content?.kind ?? 'absent', digest])).toEqual([
      ['unreadable', null],
      ['tooLarge', null],
      ['absent', null],
    ]);
  });

  it('must be part of the digest, which is the same wherever the root lies', async () => {
    const tree = { 'a.yaml': naming('web.env'), 'web.env': 'A=1' };
    const [first, second] = [tempTree(tree), tempTree(tree)];
    const digests = async (): Promise<readonly string[]> =>
      Promise.all([first, second].map(async (root) => (await scanOf(root, options)).digest));
    const [one, other] = await digests();
    expect(one).toBe(other);
    writeFileSync(join(first, 'web.env'), 'A=2');
    rmSync(join(second, 'web.env'));
    expect(new Set([one, ...(await digests())]).size).toBe(3);
  });

  it('must be of the same moment: one that keeps changing makes the root unreadable', async () => {
    const root = tempTree({ 'a.yaml': naming('web.env'), 'web.env': '0' });
    let opened = 0;
    const open: typeof nodeFileSystem.open = (path, flags) => {
      if (path.endsWith('web.env')) {
        opened += 1;
        writeFileSync(path, `${opened}`);
      }
      return nodeFileSystem.open(path, flags);
    };
    const { roots } = await scanOf(root, { ...options, fs: { ...nodeFileSystem, open } });
    expect(roots[0]).toMatchObject({ state: 'unreadable' });
    expect(roots[0]?.reason).toContain('kept changing while it was read: web.env');
  });

  it('must never be another version than the manifest beside it, whatever link both lie behind', async () => {
    const root = tempTree({
      '..v0/a.yaml': naming('web.env'),
      '..v0/web.env': '0',
      '..v1/a.yaml': `# 1\n${naming('web.env')}`,
      '..v1/web.env': '1',
      '..data': { to: '..v0' },
      'a.yaml': { to: '..data/a.yaml' },
      'web.env': { to: '..data/web.env' },
    });
    let reads = 0;
    const open: typeof nodeFileSystem.open = (path, flags) => {
      // Swapped between the manifest and what it names, twice.
      if (path.endsWith('web.env') && reads < 2) {
        reads += 1;
        rmSync(join(root, '..data'));
        plant(root, { '..data': { to: `..v${reads % 2}` } });
      }
      return nodeFileSystem.open(path, flags);
    };
    const scan = await scanOf(root, { ...options, fs: { ...nodeFileSystem, open } });
    expect(scan.roots[0]?.state).toBe('ok');
    expect(namedIn(scan)).toEqual(['web.env 0']);
    expect(scan.files[0]?.content).toEqual({ kind: 'text', text: naming('web.env') });
  });
});

describe('7.2 a file that a manifest names', { timeout: 30_000 }, () => {
  it('must be hinted at below the root: an edit, its end and its return', async () => {
    const root = tempTree({ 'a.yaml': naming('conf/web.env'), 'conf/web.env': '0' });
    const { files, seenNamed } = await watchingNamed(root);
    await seenNamed('web.env 0');
    for (const text of ['1', '2']) {
      writeFileSync(join(root, 'conf/web.env'), text);
      await seenNamed(`web.env ${text}`);
      rmSync(join(root, 'conf/web.env'));
      await seenNamed('web.env absent');
    }
    writeFileSync(join(root, 'conf/web.env'), 'back');
    await seenNamed('web.env back');
    expect(namedIn(await files.scan())).toEqual(['web.env back']);
  });

  it('must be hinted at when a secret names it, be it replaced or edited', async () => {
    const root = tempTree({ 'a.yaml': declaring('.hidden/x'), '.hidden/x': '0' });
    const { seenNamed } = await watchingNamed(root);
    await seenNamed('x 0');
    writeFileSync(join(root, '.hidden/x'), '1');
    await seenNamed('x 1');
    writeFileSync(join(root, '.hidden/new'), '2');
    renameSync(join(root, '.hidden/new'), join(root, '.hidden/x'));
    await seenNamed('x 2');
    rmSync(join(root, '.hidden/x'));
    await seenNamed('x absent');
  });

  it('must be hinted at once a manifest names it that did not before', async () => {
    const root = tempTree({ 'a.yaml': naming('[]'), 'web.env': '0' });
    const { seenNamed } = await watchingNamed(root);
    writeFileSync(join(root, 'a.yaml'), naming('web.env'));
    await seenNamed('web.env 0');
    writeFileSync(join(root, 'web.env'), '1');
    await seenNamed('web.env 1');
  });
});

/** Scans when it is hinted at, and then only. */
async function watchingNamed(root: string) {
  let named: readonly string[] = [];
  const watched = await watching([root], {
    clock: clockWithoutPolls,
    namedBy: (files) => namedPaths(files, {}),
    onScan: (scan) => {
      named = namedIn(scan);
    },
  });
  return {
    ...watched,
    seenNamed: (...expected: readonly string[]) =>
      eventually(() => {
        if (JSON.stringify(named) === JSON.stringify(expected)) return true;
        throw new Error(JSON.stringify(named));
      }),
  };
}
