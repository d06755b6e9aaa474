// Owns: `npm start`: from a bare machine to the controller running on manifests/, and where to look then.
// Arguments (`npm start -- --log-level debug`) go to `alicia run`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildIfOlder } from './lib/build.mjs';
import { forwardSignals } from './lib/command.mjs';
import { ensureEngine } from './lib/engine.mjs';
import { demoImages, ensureImages } from './lib/images.mjs';
import { installPackages } from './lib/packages.mjs';
import { root } from './lib/paths.mjs';
import { requireNode, runScript, say } from './lib/say.mjs';

const whereToLook = `
  The services      docker ps
  Their states      http://127.0.0.1:7070/api/v1/services     or: npx alicia status
  Live events       mosquitto_sub -t 'alicia/#' -v             (Debian and Ubuntu: apt-get install mosquitto-clients)
  What should run   manifests/*.yaml: edit, add or delete a file and see it happen
  To stop           Ctrl-C ends the controller, the services go on; then: npx alicia down
`;

await runScript(async () => {
  requireNode();
  await installPackages();
  const host = await ensureEngine();
  await buildIfOlder();
  await ensureImages(host, demoImages);
  say('starting the controller: alicia run manifests/');
  process.stdout.write(`${whereToLook}\n`);
  return await runController(host, process.argv.slice(2));
});

/** The controller in the foreground; its exit code is ours. */
function runController(host, args) {
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js'), 'run', 'manifests/', ...args], {
    cwd: root,
    env: { ...process.env, DOCKER_HOST: host },
    stdio: 'inherit',
  });
  forwardSignals(child, process.stdout.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT']);
  // On a terminal Ctrl-C reaches the controller by itself: sending it once more would ask for an end in a hurry.
  if (process.stdout.isTTY) process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
