// Owns: what tests against a real engine need before they begin: the engine, and the tiny images.
import { ensureEngine } from './lib/engine.mjs';
import { demoImages, ensureImages, testImages } from './lib/images.mjs';
import { requireNode, runScript } from './lib/say.mjs';
import { testDataRoot } from './lib/test-machine.mjs';

await runScript(async () => {
  requireNode();
  await ensureImages(await ensureEngine({ dataRoot: testDataRoot }), [...testImages, ...demoImages]);
});
