// Owns: a Docker Engine that answers: found, else started, else installed and started. Never stops one.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, run } from './command.mjs';
import { canInstall, installDebianPackages, isDebian } from './debian.mjs';
import { answers, candidateHosts, defaultHost } from './engine-api.mjs';
import { say, Unable } from './say.mjs';

const logFile = '/var/log/alicia-dockerd.log';
const startLimitMs = 90_000;

/**
 * The address of an engine that answers.
 * @param dataRoot where a dockerd that has to be started by hand keeps its data; its default if not given
 */
export async function ensureEngine({ dataRoot } = {}) {
  for (const host of candidateHosts()) if (await answers(host)) return host;
  explainWhatIsThere();
  if (!isInstalled()) await installEngine();
  await (existsSync('/run/systemd/system') ? startWithSystemd() : startByHand(dataRoot));
  return defaultHost;
}

/** Ends with a sentence where installing or starting an engine would not be the mend. */
function explainWhatIsThere() {
  if (process.env.DOCKER_HOST) {
    throw new Unable(
      `No Docker Engine answers at DOCKER_HOST=${process.env.DOCKER_HOST}. Start it, or unset DOCKER_HOST to use the one of this machine.`,
    );
  }
  const socket = '/var/run/docker.sock';
  if (existsSync(socket) && !isOpenToUs(socket)) {
    throw new Unable(
      `You may not open ${socket}. Add yourself to its group (sudo usermod -aG docker "$USER", then log in again), or run this as root.`,
    );
  }
  if (process.platform !== 'linux') {
    throw new Unable('No Docker Engine answers. Start Docker Desktop (or set DOCKER_HOST) and try again.');
  }
  if (process.getuid() !== 0) {
    const mend = isInstalled()
      ? 'Start it (sudo systemctl start docker)'
      : 'Install and start one (on Debian and Ubuntu: sudo apt-get install docker.io)';
    throw new Unable(`No Docker Engine answers. ${mend}, or run this as root, or set DOCKER_HOST.`);
  }
}

async function installEngine() {
  if (!canInstall()) {
    throw new Unable(
      `No Docker Engine answers, and this machine is ${isDebian() ? 'not ours to change' : 'neither Debian nor Ubuntu'}. ` +
        'Install one (https://docs.docker.com/engine/install/), start it, and try again; or set DOCKER_HOST.',
    );
  }
  say('no Docker Engine answers: installing one from the Debian package docker.io');
  await installDebianPackages(['docker.io'], { whereKnown: ['docker-cli'] });
}

async function startWithSystemd() {
  say('starting the Docker Engine (systemctl start docker)');
  await run('systemctl start docker', 'systemctl', ['start', 'docker'], { show: 'never' });
  await waitForAnswer('Look at: journalctl -u docker', () => false);
}

/** For machines without systemd: dockerd in the background, with its log in a file. */
async function startByHand(dataRoot) {
  say(`starting dockerd in the background, log in ${logFile}`);
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const args = dataRoot === undefined ? [] : ['--data-root', dataRoot];
  const child = spawn('dockerd', args, { detached: true, stdio: ['ignore', log, log], cwd: '/' });
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  child.on('error', () => {
    ended = true;
  });
  child.unref();
  await waitForAnswer(`The end of ${logFile} tells why`, () => ended);
}

async function waitForAnswer(whereToLook, hasEnded) {
  const begun = Date.now();
  let said = begun;
  while (Date.now() - begun < startLimitMs && !hasEnded()) {
    if (await answers(defaultHost)) return say('the Docker Engine answers');
    if (Date.now() - said > 8_000) {
      said = Date.now();
      say(`  waiting for the Docker Engine (${Math.round((said - begun) / 1000)} s)`);
    }
    await pause(200);
  }
  throw new Unable(`${logTail()}\nThe Docker Engine did not start. ${whereToLook}.`);
}

function logTail() {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-10).join('\n');
}

function isInstalled() {
  return existsSync('/usr/sbin/dockerd') || ask('sh', ['-c', 'command -v dockerd']) !== undefined;
}

function isOpenToUs(path) {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
