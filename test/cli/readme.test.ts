// Owns: that README.md shows what `alicia validate` really says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { root } from '../support/paths.js';
import { type } from './support/fake-terminal.js';
import { createManifestFolder, type ManifestFolder } from './support/manifest-folder.js';

let folder: ManifestFolder | null = null;
afterEach(() => folder?.remove());

const manifest = (name: string, lines: string): string =>
  `apiVersion: alicia/v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  image: acme/${name}:1\n  ${lines}\n`;

test('what README.md shows of validate must be what is printed, word for word', async () => {
  folder = createManifestFolder({
    'media.yaml': manifest('media', 'volumes: ["/mnt/data:/data"]'),
    'web.yaml': manifest('web', 'prots: ["8080:80"]'),
    'zigbee.yaml': manifest('zigbee', 'devices: [/dev/ttyUSB0]'),
  });
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const shown = /^\$ npx alicia validate stacks\n([\s\S]*?)^```$/m.exec(readme)?.[1];
  const { out } = await type(`validate ${folder.path}`);
  expect(shown).toBe(out.replaceAll(folder.path, 'stacks'));
});
