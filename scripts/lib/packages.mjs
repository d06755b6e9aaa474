// Owns: the npm packages of the checkout, and whether they are still those of the lock file.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './paths.mjs';
import { say, Unable } from './say.mjs';

/** Installs the packages of the lock file unless they are there already. */
export async function installPackages() {
  if (packagesAreCurrent()) return;
  say('installing the npm packages (npm ci)');
  const { code, output } = await run('npm ci', 'npm', ['ci', '--no-audit', '--no-fund'], { show: 'never' });
  if (code === 0) return say('npm packages installed');
  throw new Unable(
    `${output.trim()}\n\nThe npm packages could not be installed; what npm says about it is above.`,
  );
}

function packagesAreCurrent() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}
