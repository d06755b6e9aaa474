// Owns: that a controller which the kernel lets watch next to nothing says so, and sees every change all the same.
import { afterEach, expect, test } from 'vitest';
import { serviceText } from '../cli/support/manifest-folder.js';
import { eventually } from '../support/eventually.js';
import { type CliWorld, createCliWorld, docker, IDLE } from './support/cli-world.js';

let world: CliWorld;
afterEach(() => world?.remove());

/** The kernel's limit for a namespace of our own: nobody else on the machine has less. */
const WITH_TWO_WATCHES = [
  ...['unshare', '--user', '--map-root-user', 'sh', '-c'],
  'echo 2 > /proc/sys/user/max_inotify_watches && exec "$@"',
  'sh',
];

test('7.2 with no inotify watches left it must say what to raise, and follow edits at the rescan', async () => {
  world = createCliWorld({
    'a/web.yaml': serviceText('web', IDLE),
    'b/more/late.yaml': serviceText('late', `${IDLE}\n  replicas: 0`),
  });
  const running = (service: string): number =>
    docker(
      'ps',
      ...['--filter', `label=io.alicia.project=${world.project}`],
      ...['--filter', `label=io.alicia.service=${service}`, '-q'],
    ).length;
  const controller = world.begin('run --rescan 2s', {}, WITH_TWO_WATCHES);
  await eventually(() => running('web') === 1, { timeoutMs: 30_000 });
  expect(controller.err()).toContain('not every manifest can be watched (ENOSPC)');
  expect(controller.err()).toContain('raise fs.inotify.max_user_watches');
  world.folder.write('b/more/late.yaml', serviceText('late', IDLE));
  await eventually(() => running('late') === 1, { timeoutMs: 30_000 });
  expect(controller.child.exitCode).toBeNull();
});
