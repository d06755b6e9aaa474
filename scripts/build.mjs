// Owns: `npm run build`: types from the schemas, then dist/.
import { build } from './lib/build.mjs';
import { installPackages } from './lib/packages.mjs';
import { requireNode, runScript, say } from './lib/say.mjs';

await runScript(async () => {
  requireNode();
  await installPackages();
  const { code, output } = await build();
  process.stdout.write(output);
  say(code === 0 ? 'built: dist/main.js' : 'not built');
  return code;
});
