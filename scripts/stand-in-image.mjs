// Owns: an image made from this machine's own node and npm, to build the Dockerfile on where none can be pulled.
// Usage: node scripts/stand-in-image.mjs <name:tag>. Not for production: it carries this machine's certificates.
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ask } from './lib/command.mjs';
import { ensureEngine } from './lib/engine.mjs';
import { ensureImages } from './lib/images.mjs';
import { runScript, Unable } from './lib/say.mjs';

const certificates = '/etc/ssl/certs/ca-certificates.crt';

await runScript(async () => {
  const name = process.argv[2];
  if (name === undefined) throw new Unable('Usage: node scripts/stand-in-image.mjs <name:tag>');
  await ensureImages(await ensureEngine(), [
    {
      name,
      command: ['node'],
      labels: {},
      environment: environment(),
      entries: [...program(), ...npm(), ...trust()],
    },
  ]);
});

/** node itself and the shared libraries that it is linked with, each at its own path. */
function program() {
  const libraries = (ask('ldd', [process.execPath]) ?? '').match(/\/\S+(?= \()/g) ?? [];
  const libc = libraries.find((path) => /\/libc\.so/.test(path));
  // Older C libraries load these by name, to look up host names.
  const lookups = libc
    ? ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'].map((name) => join(dirname(libc), name))
    : [];
  return [
    { path: 'usr/local/bin/node', mode: 0o755, content: readFileSync(process.execPath) },
    ...[...new Set([...libraries, ...lookups])]
      .filter((path) => existsSync(path))
      .map((path) => ({ path: path.slice(1), mode: 0o755, content: readFileSync(path) })),
    { path: 'usr/bin/' },
    { path: 'usr/bin/env', link: '/bin/busybox' },
  ];
}

function npm() {
  const file = realpathSync(ask('sh', ['-c', 'command -v npm']));
  const from = dirname(dirname(file));
  const to = 'usr/local/lib/node_modules/npm';
  return [
    ...readdirSync(from, { recursive: true })
      .sort()
      .map((name) => entryOf(join(from, name), `${to}/${name}`)),
    { path: 'usr/local/bin/npm', link: `/${to}/bin/npm-cli.js` },
    { path: 'usr/local/bin/npx', link: `/${to}/bin/npx-cli.js` },
  ];
}

function entryOf(from, path) {
  const stat = lstatSync(from);
  if (stat.isSymbolicLink()) return { path, link: readlinkSync(from) };
  if (stat.isDirectory()) return { path: `${path}/` };
  return { path, mode: stat.mode & 0o777, content: readFileSync(from) };
}

/** Whom this machine trusts: behind a proxy with a certificate of its own npm needs it inside of the build too. */
function trust() {
  return existsSync(certificates)
    ? [{ path: certificates.slice(1), content: readFileSync(certificates) }]
    : [];
}

function environment() {
  const registry = ask('npm', ['config', 'get', 'registry']);
  return {
    ...(existsSync(certificates)
      ? { NODE_EXTRA_CA_CERTS: certificates, NPM_CONFIG_CAFILE: certificates }
      : {}),
    ...(registry ? { NPM_CONFIG_REGISTRY: registry } : {}),
  };
}
