// Owns: what the tests need of the machine: an engine, its images, a broker.
import { existsSync } from 'node:fs';
import { ask, run } from './command.mjs';
import { canInstall, installDebianPackages } from './debian.mjs';
import { ensureEngine } from './engine.mjs';
import { ensureImages, testImages } from './images.mjs';
import { Unable } from './say.mjs';

/** Where a dockerd that is started for the tests keeps its data, apart from what the machine may have. */
export const testDataRoot = '/var/lib/alicia-test/docker';

/** Finds, installs and starts what is missing. Resolves to the address of the engine. */
export async function prepareMachine() {
  const host = await ensureEngine({ dataRoot: testDataRoot });
  await ensureImages(host, testImages);
  await ensureBroker();
  return host;
}

/** The tests start mosquitto themselves, on ports of their own; the service that its package brings is left off. */
async function ensureBroker() {
  if (existsSync('/usr/sbin/mosquitto') || ask('sh', ['-c', 'command -v mosquitto']) !== undefined) return;
  if (!canInstall()) {
    throw new Unable(
      'The tests need the MQTT broker mosquitto. Install it (on Debian and Ubuntu: sudo apt-get install mosquitto), or run this as root there, ' +
        'or run the tests that need neither engine nor broker: ALICIA_TEST_ENGINE=none npm test',
    );
  }
  await installDebianPackages(['mosquitto']);
  if (existsSync('/run/systemd/system')) {
    await run('switching its service off', 'systemctl', ['disable', '--now', 'mosquitto'], { show: 'never' });
  }
}
