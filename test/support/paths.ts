// Owns: where the checkout and its parts lie, for tests that read files or start programs.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The built command, as users run it. */
export const mainFile = join(root, 'dist', 'main.js');

/** The example stack. */
export const exampleManifests = join(root, 'manifests');
