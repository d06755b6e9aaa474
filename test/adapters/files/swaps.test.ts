/** Owns: that a scan is of one version while versions are swapped without end, in each way in which they are. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createManifestFiles } from '../../../src/adapters/files/manifest-files.js';
import type { Clock } from '../../../src/controller/ports.js';
import type { Scan } from '../../../src/model/scan.js';
import { git, gitTree } from './git-tree.js';
import { linesOf, plant, scanOf, tempTree } from './tree.js';

const SCANS = Number(process.env.ALICIA_SWAP_SCANS ?? 1000);
const FILES = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', 'e.yaml', 'f.yaml', 'g.yaml', 'h.yaml'];
const version = (below: string, text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(FILES.map((file) => [join(below, file), text]));

/**
 * Swaps in a thread of its own until it is told to stop. Now and then it waits for a whole scan, so that there are some
 * however slow the machine.
 */
const SWAPPER = `
const { workerData: { swap, given, signals } } = require('node:worker_threads');
const fs = require('node:fs');
const { execFileSync } = require('node:child_process');
const pace = new Int32Array(new SharedArrayBuffer(4));
const swaps = {
  // As Kubernetes and git-sync do: a new folder, a link renamed over the old one, the old folder removed.
  link({ volume, link, below, files }, version) {
    const folder = volume + '/..v' + version;
    fs.mkdirSync(folder + '/' + below, { recursive: true });
    for (const file of files) fs.writeFileSync(folder + '/' + below + '/' + file, 'version ' + version);
    fs.symlinkSync('..v' + version, volume + '/..next');
    fs.renameSync(volume + '/..next', volume + '/' + link);
    fs.rmSync(volume + '/..v' + (version - 1), { recursive: true, force: true });
  },
  checkout({ repository, branches }, version) {
    execFileSync('git', ['-C', repository, 'checkout', '-q', branches[version % branches.length]]);
  },
};
for (let version = 1; Atomics.load(signals, 0) === 0; version += 1) {
  swaps[swap](given, version);
  Atomics.store(signals, 2, version);
  if (version % 10 === 0) Atomics.wait(signals, 1, Atomics.load(signals, 1), 1000);
  else Atomics.wait(pace, 0, 0, version % 7);
}`;

/** The machine's clock, but its pauses are short: a scan is repeated at once. */
const hasty: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
  after: (delayMs, action) => {
    const timer = setTimeout(action, Math.min(delayMs, 1));
    return () => clearTimeout(timer);
  },
};

interface Swapping {
  readonly swap: 'link' | 'checkout';
  readonly given: object;
  readonly root: string;
}

/** Scans while swaps go on, and once after the last; and how many swaps there were. */
async function scansWhile({ swap, given, root }: Swapping): Promise<{ scans: Scan[]; swaps: number }> {
  const signals = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(SWAPPER, { eval: true, workerData: { swap, given, signals } });
  let isOver = false;
  const done = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  }).finally(() => {
    isOver = true;
  });
  done.catch(() => undefined);
  const files = createManifestFiles({ roots: [root], clock: hasty });
  const scans: Scan[] = [];
  while (scans.length < SCANS && !isOver) {
    const scan = await files.scan();
    scans.push(scan);
    if (scan.roots[0]?.state !== 'ok') continue;
    Atomics.add(signals, 1, 1);
    Atomics.notify(signals, 1);
  }
  Atomics.store(signals, 0, 1);
  Atomics.notify(signals, 1);
  await done;
  scans.push(await files.scan());
  return { scans, swaps: Atomics.load(signals, 2) };
}

/** No scan shows two versions; those that could not be made whole say so, and are no more than the others. */
function expectOneVersionEach(scans: readonly Scan[]): void {
  const whole = scans.filter(({ roots }) => roots[0]?.state === 'ok');
  for (const scan of whole) {
    const texts = scan.files.map(({ content }) => (content.kind === 'text' ? content.text : content.kind));
    expect(texts).toHaveLength(FILES.length);
    expect(new Set(texts).size, texts.join(', ')).toBe(1);
  }
  expect(scans.length).toBeGreaterThan(SCANS);
  expect(whole.length).toBeGreaterThan(SCANS / 4);
  expect(new Set(whole.map(({ digest }) => digest)).size).toBeGreaterThan(1);
}

describe(`7.3 in ${SCANS} scans none must mix two versions`, { timeout: 180_000 }, () => {
  it('7.3 while the root is a link that is swapped', async () => {
    const volume = tempTree({ ...version('..v0', 'version 0'), current: { to: '..v0' } });
    const given = { volume, link: 'current', below: '', files: FILES };
    const { scans, swaps } = await scansWhile({ swap: 'link', given, root: join(volume, 'current') });
    expectOneVersionEach(scans);
    expect(linesOf(scans[scans.length - 1] ?? (await scanOf(volume)))[0]).toBe(`a.yaml version ${swaps}`);
  });

  it('7.3 while a link in the middle of the path to the root is swapped, as git-sync does', async () => {
    const volume = tempTree({ ...version('..v0/deep/stacks', 'version 0'), repository: { to: '..v0' } });
    const given = { volume, link: 'repository', below: 'deep/stacks', files: FILES };
    const root = join(volume, 'repository/deep/stacks');
    expectOneVersionEach((await scansWhile({ swap: 'link', given, root })).scans);
  });

  it('7.3 while ..data is swapped, as Kubernetes does', async () => {
    const volume = tempTree({ ...version('..v0', 'version 0'), '..data': { to: '..v0' } });
    plant(volume, Object.fromEntries(FILES.map((file) => [file, { to: `..data/${file}` }])));
    const given = { volume, link: '..data', below: '', files: FILES };
    expectOneVersionEach((await scansWhile({ swap: 'link', given, root: volume })).scans);
  });

  it('7.3 while git checks out one branch and another', async () => {
    const repository = gitTree(version('stacks', 'version main'));
    git(repository, 'checkout', '-q', '-b', 'other');
    for (const [path, text] of Object.entries(version('stacks', 'version other'))) {
      git(repository, 'rm', '-q', path);
      plant(repository, { [path]: text });
    }
    git(repository, 'add', '.');
    git(repository, 'commit', '-q', '-m', 'second');
    const given = { repository, branches: ['main', 'other'] };
    expectOneVersionEach(
      (await scansWhile({ swap: 'checkout', given, root: join(repository, 'stacks') })).scans,
    );
  });
});
