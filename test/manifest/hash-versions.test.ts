/**
 * Hashes as released, and their versions.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type HashVersion, hashContainer } from '../../src/manifest/canonical.js';
import { documents, OPTIONS, resolveSpec, resolveTexts, service, sha256 } from './texts.js';

/** One line of the file of hashes. */
interface Golden {
  readonly what: string;
  readonly kind: 'Service' | 'Network' | 'Volume';
  /** Of the metadata. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

const golden: readonly Golden[] = JSON.parse(
  readFileSync(new URL('../golden/hashes.json', import.meta.url), 'utf8'),
).hashes;

const object = (kind: string, name: string, spec = '{}'): string =>
  `apiVersion: alicia/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

/** What the specs of the file name. */
const NEIGHBOURS = documents(
  object('Network', 'front'),
  object('Network', 'back', '{name: shared-back}'),
  object('Volume', 'data'),
  object('Volume', 'theirs', '{external: true, name: their-data}'),
  object('Secret', 'password', '{file: ./password.txt}'),
  object('Config', 'settings', '{file: ./settings.ini}'),
  service('other'),
);

function hashOf({ kind, labels, spec }: Golden): string {
  const metadata = { name: 'golden', labels: labels ?? {} };
  const text = JSON.stringify({ apiVersion: 'alicia/v1', kind, metadata, spec });
  const { good, problems } = resolveTexts({
    ...{ 'golden.json': text, 'neighbours.yaml': NEIGHBOURS },
    ...{ 'password.txt': 'hunter2\n', 'settings.ini': 'a = 1\n' },
  });
  const found = good.get(`${kind}/golden`);
  if (found === undefined) throw new Error(JSON.stringify(problems));
  if (found.kind === 'service') return found.service.hash;
  if (found.kind === 'network') return found.network.hash;
  if (found.kind === 'volume') return found.volume.hash;
  throw new Error(`a ${found.kind} has no hash of its own`);
}

describe('3.2 a new release never replaces a container by itself', () => {
  const sentence =
    'this hash was released: with another one every such container is replaced though nobody edited it; give the new form a new version in src/manifest/canonical.ts and leave the old one as it is';
  test.each(golden.map((line) => [`${line.kind}: ${line.what}`, line] as const))(
    'the hash of %s is as released',
    (_title, line) => {
      expect(hashOf(line), sentence).toBe(line.hash);
    },
  );
  test('the file covers every field that is hashed', () => {
    const fields = new Set(
      golden.filter(({ kind }) => kind === 'Service').flatMap(({ spec }) => Object.keys(spec)),
    );
    expect([...fields]).toEqual(
      expect.arrayContaining([
        ...['image', 'command', 'entrypoint', 'environment', 'labels', 'ports', 'volumes'],
        ...['network_mode', 'networks', 'healthcheck', 'stop_signal', 'stop_grace_period'],
        ...['privileged', 'pid', 'ipc', 'userns_mode', 'devices', 'cap_add', 'cap_drop', 'security_opt'],
        ...['sysctls', 'secrets', 'configs'],
      ]),
    );
    expect(new Set(golden.map(({ what, kind }) => `${kind} ${what}`)).size).toBe(golden.length);
  });
});

describe('3.2 versions of the hash', () => {
  const { container } = resolveSpec('environment: {A: "1"}');
  const v1: HashVersion = { name: 'v1', formOf: ({ image }) => ({ image }) };
  const v2: HashVersion = { name: 'v2', formOf: ({ image, environment }) => ({ image, environment }) };
  const hash = sha256;
  test('the newest is the hash; of the earlier ones each keeps its own function', () => {
    expect(hashContainer(container, { hash, versions: [v2, v1] })).toEqual({
      hash: `v2:${sha256('{"environment":{"A":"1"},"image":"tb"}')}`,
      earlierHashes: [`v1:${sha256('{"image":"tb"}')}`],
    });
    expect(hashContainer(container, { hash, versions: [v1] })).toEqual({
      hash: `v1:${sha256('{"image":"tb"}')}`,
      earlierHashes: [],
    });
  });
  test('what the earlier version does not tell apart it never replaces, and the newest does', () => {
    const other = resolveSpec('environment: {A: "2"}').container;
    const [before, after] = [container, other].map((spec) =>
      hashContainer(spec, { hash, versions: [v2, v1] }),
    );
    expect(after?.earlierHashes).toEqual(before?.earlierHashes);
    expect(after?.hash).not.toBe(before?.hash);
  });
  test('today there is one', () => {
    expect(hashContainer(container, { hash: OPTIONS.hash })).toEqual({
      hash: resolveSpec('environment: {A: "1"}').hash,
      earlierHashes: [],
    });
  });
});
