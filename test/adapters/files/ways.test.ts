/** Owns: that where a mounted path really leads is seen, through whatever folders and links. */
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedPaths } from '../../../src/manifest/references.js';
import type { Scan } from '../../../src/model/scan.js';
import { eventually } from '../../support/eventually.js';
import { scanOf, tempTree } from './tree.js';
import { clockWithoutPolls, watching } from './watching.js';

const options = { namedBy: (files: Scan['files']) => namedPaths(files, { HERE: '.' }) };
const mounting = (...sources: readonly string[]): string =>
  `apiVersion: alicia/v1\nkind: Service\nmetadata: {name: web}\nspec:\n  image: tb\n  volumes: ${JSON.stringify(
    sources.map((source, index) => `${source}:/x${index}`),
  )}\n`;

/** `link -> where it leads`, with the temporary folders by their names. */
async function linksOf(root: string, outside: string): Promise<readonly string[]> {
  const shown = (path: string): string => path.replace(root, 'root').replace(outside, 'outside');
  return (await scanOf(root, options)).links.map(
    ({ path, real }) => `${shown(path)} -> ${real === null ? 'nowhere' : shown(real)}`,
  );
}

describe('9.3 the way to what is mounted', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a link that leads out', './out', ['root/out -> outside']],
    ['what is below it, there or not', './out/deep/none', ['root/out -> outside']],
    ['a link in a hidden folder', './.hidden/out/x', ['root/.hidden/out -> outside']],
    ['a link in a folder that is left out', './left/out', ['root/left/out -> outside']],
    ['a link behind a link inside', './in/out', ['root/in -> root/deep', 'root/deep/out -> outside/a']],
    ['a link to a link', './twice', ['root/twice -> outside']],
    ['a link to nothing', './broken/x', ['root/broken -> nowhere']],
    ['a link round in a circle', './round', ['root/round -> nowhere']],
    ['no link at all', './plain/file', []],
    ['nothing', './none/at/all', []],
    ['a file in the place of a folder', './plain/file/x', []],
    ['what nobody mounts', './plain', []],
  ])('through %s must be told', async (_title, source, links) => {
    const outside = tempTree({ 'a/file': 'x' });
    const root = tempTree({
      'web.yaml': mounting(source),
      out: { to: outside },
      '.hidden/out': { to: outside },
      '.aliciaignore': 'left',
      'left/out': { to: outside },
      in: { to: 'deep' },
      'deep/out': { to: join(outside, 'a') },
      twice: { to: 'out' },
      broken: { to: './nowhere' },
      round: { to: 'round' },
      'plain/file': 'x',
    });
    expect([...(await linksOf(root, outside))].sort()).toEqual([...links].sort());
  });

  it('of secrets, configs, long forms and volumes with options must be told too', async () => {
    const outside = tempTree({ x: 'x' });
    const root = tempTree({
      'secret.yaml': 'apiVersion: alicia/v1\nkind: Secret\nmetadata: {name: s}\nspec: {file: secret/x}\n',
      'config.yaml': 'apiVersion: alicia/v1\nkind: Config\nmetadata: {name: c}\nspec: {file: ./config/x}\n',
      'web.yaml':
        'apiVersion: alicia/v1\nkind: Service\nmetadata: {name: web}\n' +
        'spec: {image: tb, volumes: [{type: bind, source: "$HERE/long", target: /x}]}\n',
      'volume.yaml':
        'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: v}\n' +
        'spec: {driver_opts: {type: overlay, o: "lowerdir=./lower:/etc,upperdir=./upper", device: ./device}}\n',
      ...Object.fromEntries(
        ['secret', 'config', 'long', 'lower', 'upper', 'device', 'unused'].map((name) => [
          name,
          { to: outside },
        ]),
      ),
    });
    expect(await linksOf(root, outside)).toEqual(
      ['config', 'device', 'long', 'lower', 'secret', 'upper'].map((name) => `root/${name} -> outside`),
    );
  });

  it('must be told however many others are mounted before', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `./${index}`);
    const folder = '/srv/m';
    const content = { kind: 'text', text: mounting(...many, './out') } as const;
    const { binds } = namedPaths([{ path: 'm/web.yaml', folder, content }], {});
    expect(binds).toContain('/srv/m/out');
  });

  it('7.2 a link on it that is turned elsewhere must be seen at once', async () => {
    const outside = tempTree({ x: 'x' });
    const root = tempTree({
      'web.yaml': mounting('./.at/site'),
      '.at/one/x': '1',
      '.at/site': { to: 'one' },
    });
    const scans: Scan[] = [];
    await watching([root], {
      ...options,
      clock: clockWithoutPolls,
      onScan: (scan) => void scans.push(scan),
    });
    symlinkSync(outside, join(root, '.at/next'));
    renameSync(join(root, '.at/next'), join(root, '.at/site'));
    await eventually(() => scans.at(-1)?.links[0]?.real === outside, { timeoutMs: 10_000 });
  });
});
