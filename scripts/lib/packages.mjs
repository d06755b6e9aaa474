// Owns: the npm packages of the checkout, and whether they are still those of the lock file.
import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './paths.mjs';
import { say, Unable } from './say.mjs';

const installedIn = join(root, 'node_modules');

/** Installs the packages of the lock file unless they are there already. Never through a link: others use what it leads to. */
export async function installPackages() {
  if (packagesAreCurrent()) return;
  if (lstatSync(installedIn, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Unable(
      `${installedIn} is a symbolic link, and what it leads to is older than package-lock.json, or gone. \`npm ci\` would empty the folder behind the link, so nothing was done: run \`npm ci\` in the checkout that the folder belongs to, or remove the link (\`rm node_modules\`) and try again.`,
    );
  say('installing the npm packages (npm ci)');
  const { code, output } = await run('npm ci', 'npm', ['ci', '--no-audit', '--no-fund'], { show: 'never' });
  if (code === 0) return say('npm packages installed');
  throw new Unable(
    `${output.trim()}\n\nThe npm packages could not be installed; what npm says about it is above.`,
  );
}

function packagesAreCurrent() {
  const installed = join(installedIn, '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}
