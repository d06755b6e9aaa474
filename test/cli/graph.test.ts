import { afterEach, expect, test } from 'vitest';
import { manifestSchema } from '../../src/manifest/generated/manifest-schema.js';
import { type } from './support/fake-terminal.js';
import { createManifestFolder, type ManifestFolder, serviceText } from './support/manifest-folder.js';

let folder: ManifestFolder;
afterEach(() => folder?.remove());

test('graph must print the start order and exit 0', async () => {
  folder = createManifestFolder({
    'a.yaml': serviceText('web', '  image: a\n  depends_on: [db]') + serviceText('db', '  image: a'),
  });
  expect(await type(`graph --manifests ${folder.path}`)).toEqual({
    code: 0,
    out: 'db\nweb  needs db (started)\n',
    err: '',
  });
});

test('9.3 a service that is denied must be drawn like any other', async () => {
  folder = createManifestFolder({ 'a.yaml': serviceText('web', '  image: a\n  privileged: true') });
  expect(await type(`graph --manifests ${folder.path}`)).toEqual({ code: 0, out: 'web\n', err: '' });
});

test('a cycle must be printed as a path and exit 1', async () => {
  folder = createManifestFolder({
    'a.yaml':
      serviceText('a', '  image: a\n  depends_on: [b]') + serviceText('b', '  image: a\n  depends_on: [a]'),
  });
  const { code, err } = await type(`graph --manifests ${folder.path}`);
  expect(code).toBe(1);
  expect(err).toBe('cycle: a → b → a — remove one of these dependencies\n');
});

test('schema must print the schema of a manifest', async () => {
  const { code, out } = await type('schema');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(manifestSchema);
});
