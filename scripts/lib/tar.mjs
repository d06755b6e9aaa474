// Owns: writing a tar archive (ustar) from files held in memory: the root file system of a tiny image.

const blockSize = 512;

/**
 * The archive as one Buffer. An entry is `{ path, mode?, content }` for a file, `{ path, link }` for a symbolic link,
 * `{ path }` alone for a directory. Times and owners are zero, so that the same entries give the same bytes.
 */
export function tarOf(entries) {
  const parts = entries.flatMap((entry) => {
    const content = entry.content === undefined ? Buffer.alloc(0) : Buffer.from(entry.content);
    const padding = Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize);
    return [headerOf(entry, content.length), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * blockSize)]);
}

function headerOf({ path, mode, content, link }, size) {
  const type = link !== undefined ? '2' : content !== undefined ? '0' : '5';
  const { prefix, name } = splitPath(path);
  if (Buffer.byteLength(link ?? '') > 100) throw new Error(`too long for tar: ${link}`);
  const header = Buffer.alloc(blockSize);
  const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(mode ?? (type === '0' ? 0o644 : 0o755), 8), 100);
  header.write(octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12), 108);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link ?? '', 157);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      8,
    ),
    148,
  );
  return header;
}

/** A path of more than 100 bytes is kept in two fields, parted at a slash. */
function splitPath(path) {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path };
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (name !== '' && Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155)
      return { prefix, name };
  }
  throw new Error(`too long for tar: ${path}`);
}
