// Owns: what the tests need of the machine: git, and for those against a real engine the engine, its images, a broker.
import { existsSync } from 'node:fs';
import { ask, run } from './command.mjs';
import { canInstall, installDebianPackages } from './debian.mjs';
import { ensureEngine } from './engine.mjs';
import { demoImages, ensureImages, testImages } from './images.mjs';
import { Unable } from './say.mjs';

/** Where a dockerd that is started for the tests keeps its data, apart from what the machine may have. */
export const testDataRoot = '/var/lib/alicia-test/docker';

const withoutEngine = 'run the tests that need neither engine nor broker: ALICIA_TEST_ENGINE=none npm test';

/** Finds, installs and starts what the tests against a real engine need. Resolves to the address of the engine. */
export async function prepareMachine() {
  const host = await ensureEngine({ dataRoot: testDataRoot });
  await ensureImages(host, [...testImages, ...demoImages]);
  const otherwise = `run this as root there, or ${withoutEngine}`;
  await ensureProgram('mosquitto', { otherwise, afterInstall: keepServiceOff });
  await ensureProgram('mosquitto_sub', { otherwise, packageName: 'mosquitto-clients' });
  return host;
}

/** Some manifests of the tests lie in git repositories. */
export async function prepareGit() {
  await ensureProgram('git', { otherwise: 'or run this as root there.' });
}

/** A program of a Debian package, mostly of the same name. */
async function ensureProgram(name, { otherwise, packageName = name, afterInstall = () => undefined }) {
  if (existsSync(`/usr/sbin/${name}`) || ask('sh', ['-c', `command -v ${name}`]) !== undefined) return;
  if (!canInstall()) {
    throw new Unable(
      `The tests need the program ${name}. Install it (on Debian and Ubuntu: sudo apt-get install ${packageName}), ${otherwise}`,
    );
  }
  await installDebianPackages([packageName]);
  await afterInstall(packageName);
}

/** The tests start mosquitto themselves, on ports of their own; the service that its package brings is left off. */
async function keepServiceOff(name) {
  if (!existsSync('/run/systemd/system')) return;
  await run('switching its service off', 'systemctl', ['disable', '--now', name], { show: 'never' });
}
