// Owns: the images that are built here: the demo stack's and the tests'. Each is FROM scratch: a static busybox, its
// applets as links in /bin, and a script or two. They are imported as a tar archive, which every engine can do.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from './busybox.mjs';
import { call } from './engine-api.mjs';
import { root } from './paths.mjs';
import { say, Unable } from './say.mjs';
import { tarOf } from './tar.mjs';

const contentLabel = 'io.alicia.content';

/** Does nothing until it is told to stop, and then stops at once. */
const stay = ['/bin/sh', '-c', 'trap "exit 0" TERM INT; sleep 2147483647 & wait'];

/** The images of the services in manifests/: the second is there to be updated to. */
export const demoImages = ['1', '2'].map((tag) => ({
  name: `alicia-demo:${tag}`,
  command: stay,
  labels: { 'org.opencontainers.image.version': `${tag}.0.0` },
  scripts: join(root, 'scripts', 'demo-image'),
}));

/** The images of the tests: two that differ by a label alone, and one whose command fails at once. */
export const testImages = [
  { name: 'alicia-test:1', command: stay, labels: { 'org.opencontainers.image.version': '1' } },
  { name: 'alicia-test:2', command: stay, labels: { 'org.opencontainers.image.version': '2' } },
  {
    name: 'alicia-test:broken',
    command: ['/bin/sh', '-c', 'echo "broken on purpose" >&2; exit 1'],
    labels: { 'org.opencontainers.image.version': 'broken' },
  },
];

/** Builds those of the images that the engine does not have in this very form. */
export async function ensureImages(host, images) {
  const busybox = await findBusybox();
  for (const image of images) await ensureImage(host, busybox, image);
}

async function ensureImage(host, busybox, image) {
  const { name, command, labels, environment = {}, scripts, entries = [] } = image;
  const archive = tarOf([...rootFileSystem(busybox, scripts), ...entries]);
  const settings = JSON.stringify([command, labels, environment]);
  const wanted = createHash('sha256').update(archive).update(settings).digest('hex');
  const before = await inspect(host, name);
  if (before?.Config?.Labels?.[contentLabel] === wanted) return;
  const changes = [`CMD ${JSON.stringify(command)}`];
  for (const [key, value] of Object.entries({ ...labels, [contentLabel]: wanted }))
    changes.push(`LABEL ${key}=${value}`);
  for (const [key, value] of Object.entries(environment)) changes.push(`ENV ${key}=${value}`);
  const [repo, tag] = name.split(':');
  const query = new URLSearchParams([
    ['fromSrc', '-'],
    ['repo', repo],
    ['tag', tag],
  ]);
  for (const change of changes) query.append('changes', change);
  const reply = await call(host, { method: 'POST', path: `/images/create?${query}`, body: archive });
  const after = await inspect(host, name);
  if (after?.Config?.Labels?.[contentLabel] !== wanted) {
    throw new Unable(`The image ${name} could not be built; the engine says: ${reply.text.trim()}`);
  }
  say(`image ${name} built`);
  if (before !== undefined) await call(host, { method: 'DELETE', path: `/images/${before.Id}` });
}

async function inspect(host, name) {
  const { status, text } = await call(host, { path: `/images/${name}/json` });
  return status === 200 ? JSON.parse(text) : undefined;
}

function rootFileSystem(busybox, scripts) {
  const own = scripts === undefined ? [] : readdirSync(scripts).sort();
  return [
    { path: 'bin/' },
    { path: 'bin/busybox', mode: 0o755, content: busybox.content },
    ...busybox.applets.map((applet) => ({ path: `bin/${applet}`, link: 'busybox' })),
    { path: 'etc/' },
    { path: 'etc/passwd', content: 'root:x:0:0:root:/:/bin/sh\n' },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'usr/' },
    { path: 'usr/local/' },
    { path: 'usr/local/bin/' },
    ...own.map((name) => ({
      path: `usr/local/bin/${name}`,
      mode: 0o755,
      content: readFileSync(join(scripts, name)),
    })),
  ];
}
