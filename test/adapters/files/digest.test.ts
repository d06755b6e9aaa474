/** Owns: what changes the identity of a scan, and what does not. */
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanOf, tempTree } from './tree.js';

const tree = { 'a.yaml': 'a', 'sub/b.yaml': 'b' };

describe('7.3 the digest of a scan', () => {
  it('must be the same for the same files at another place, however old they are', async () => {
    const [here, there] = [tempTree(tree), tempTree(tree)];
    utimesSync(join(there, 'a.yaml'), 1, 1);
    const { digest, revision } = await scanOf(here);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await scanOf(there)).digest).toBe(digest);
    expect(revision).toBe(digest);
  });

  it('must change with every byte, name and failure', async () => {
    const root = tempTree(tree);
    const digests = [(await scanOf(root)).digest];
    const changes = [
      () => writeFileSync(join(root, 'a.yaml'), 'A'),
      () => writeFileSync(join(root, 'c.yaml'), ''),
      () => rmSync(join(root, 'sub/b.yaml')),
      () => writeFileSync(join(root, '.env'), 'A=1'),
      () => writeFileSync(join(root, '.alicia-prune'), 'web'),
      () => writeFileSync(join(root, 'a.yaml'), new Uint8Array([0xff])),
      () => writeFileSync(join(root, 'a.yaml'), new Uint8Array([0xfe])),
      () => writeFileSync(join(root, 'a.yaml'), 'x'.repeat(2 * 1024 * 1024)),
      () => rmSync(root, { recursive: true }),
    ];
    for (const change of changes) {
      change();
      digests.push((await scanOf(root)).digest);
    }
    expect(new Set(digests).size).toBe(changes.length + 1);
  });
});
