// Owns: installing Debian packages. Nothing else of the scripts calls apt.
import { readFileSync } from 'node:fs';
import { ask, run } from './command.mjs';
import { say, Unable } from './say.mjs';

const quiet = { show: 'never', env: { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' } };
let listsAreFresh = false;

/** Whether this machine is a Debian or Ubuntu (or says that it is like one). */
export function isDebian() {
  try {
    return /^(ID|ID_LIKE)=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Whether packages can be installed here without asking anybody. */
export function canInstall() {
  return isDebian() && process.getuid?.() === 0;
}

/** Installs packages; those named in `whereKnown` only if this release has them. */
export async function installDebianPackages(names, { whereKnown = [] } = {}) {
  await refreshLists();
  const wanted = [...names, ...whereKnown.filter((name) => isKnown(name))];
  say(`installing ${wanted.join(', ')} (apt-get)`);
  const args = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...wanted];
  const { code, output } = await run(`installing ${wanted.join(', ')}`, 'apt-get', args, quiet);
  if (code !== 0)
    throw new Unable(`${output.trim()}\n\napt-get could not install ${wanted.join(', ')}; see above.`);
  say(`${wanted.join(', ')} installed`);
}

/** Downloads a package without installing it and unpacks it into a directory. */
export async function unpackDebianPackage(name, directory) {
  if (process.getuid?.() === 0) await refreshLists();
  say(`fetching ${name} (apt-get download; it is unpacked into ${directory}, not installed)`);
  const { code, output } = await run(
    `fetching ${name}`,
    'sh',
    [
      '-ec',
      `mkdir -p "$1" && cd "$1" && rm -f -- ./*.deb && apt-get download "$2" && dpkg-deb -x ./*.deb .`,
      'sh',
      directory,
      name,
    ],
    quiet,
  );
  if (code !== 0)
    throw new Unable(`${output.trim()}\n\n${name} could not be downloaded with apt-get; see above.`);
}

async function refreshLists() {
  if (listsAreFresh) return;
  say('reading the package lists (apt-get update)');
  const { code, output } = await run('apt-get update', 'apt-get', ['update'], quiet);
  if (code !== 0) say(`apt-get update complained, going on with the lists there are: ${lastLine(output)}`);
  listsAreFresh = true;
}

function isKnown(name) {
  return /^\s+Candidate: (?!\(none\))/m.test(ask('apt-cache', ['policy', name]) ?? '');
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}
