// Owns: a static busybox, the one program in the images that are built here.
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './command.mjs';
import { isDebian, unpackDebianPackage } from './debian.mjs';
import { cacheDirectory } from './paths.mjs';
import { Unable } from './say.mjs';

const unpacked = join(cacheDirectory, 'busybox');

/** Its bytes and the names of its applets; fetched from the Debian package busybox-static if there is none. */
export async function findBusybox() {
  let path = staticBusybox();
  if (path === undefined && isDebian()) {
    await unpackDebianPackage('busybox-static', unpacked);
    path = staticBusybox();
  }
  if (path === undefined) {
    throw new Unable(
      'The images need a static busybox. Install one (Debian and Ubuntu: busybox-static, Alpine: busybox-static), or name one with BUSYBOX=/path/to/busybox.',
    );
  }
  return {
    content: readFileSync(path),
    applets: ask(path, ['--list'])
      .split('\n')
      .filter((name) => name !== 'busybox'),
  };
}

function staticBusybox() {
  const places = [
    process.env.BUSYBOX,
    '/bin/busybox',
    '/usr/bin/busybox',
    '/bin/busybox.static',
    join(unpacked, 'bin', 'busybox'),
    join(unpacked, 'usr', 'bin', 'busybox'),
  ];
  return places.find((path) => path && existsSync(path) && isStatic(path));
}

/** A dynamic program names its loader (`/lib64/ld-…`) at the beginning of the file. */
function isStatic(path) {
  const head = Buffer.alloc(4096);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  return head.subarray(1, 4).toString() === 'ELF' && !/\/ld-[a-z]/.test(head.toString('latin1'));
}
