// Owns: dist/, the compiled program, and whether it is older than what it is made from.
import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root, toolPath } from './paths.mjs';
import { say, Unable } from './say.mjs';

const stamp = join(root, 'dist', '.built');
const command = join(root, 'dist', 'main.js');
const madeFrom = ['src', 'schemas', 'tsconfig.json', 'package.json', 'package-lock.json'];

/** Builds the program unless that has been done since the last change. */
export async function buildIfOlder() {
  if (
    existsSync(command) &&
    existsSync(stamp) &&
    statSync(stamp).mtimeMs > newestOf(madeFrom.map((name) => join(root, name)))
  )
    return;
  say('building (TypeScript to dist/)');
  const { code, output } = await build();
  if (code !== 0) throw new Unable(`${output.trim()}\n\nThe program does not compile; see above.`);
  say('built');
}

/** Generates the types from the schemas and compiles. Resolves to `{ code, output }`. */
export async function build() {
  if (existsSync(join(root, 'schemas', 'manifest.schema.json'))) {
    const types = await run('generating types', process.execPath, ['scripts/generate-types.mjs'], {
      show: 'never',
    });
    if (types.code !== 0) return types;
  }
  const began = Date.now();
  const compiled = await run('tsc', toolPath('tsc'), ['-p', 'tsconfig.json', '--pretty', 'false'], {
    show: 'never',
  });
  if (compiled.code !== 0) return compiled;
  removeLeftovers(join(root, 'dist'), join(root, 'src'));
  if (!existsSync(command))
    return { code: 1, output: 'src/main.ts, which is to become the command, does not exist.\n' };
  chmodSync(command, 0o755);
  writeFileSync(stamp, `${new Date(began).toISOString()}\n`);
  return compiled;
}

/** The newest change below these paths; a directory's own time tells of removed files. */
function newestOf(paths) {
  return Math.max(
    0,
    ...paths.filter(existsSync).map((path) => {
      const stat = statSync(path);
      if (!stat.isDirectory()) return stat.mtimeMs;
      return Math.max(stat.mtimeMs, newestOf(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}

/** Removes compiled files whose source is gone: a stale module must not be found by an import. */
function removeLeftovers(compiled, sources) {
  for (const entry of readdirSync(compiled, { withFileTypes: true })) {
    const path = join(compiled, entry.name);
    if (entry.isDirectory()) {
      if (existsSync(join(sources, entry.name))) removeLeftovers(path, join(sources, entry.name));
      else rmSync(path, { recursive: true });
    } else if (/\.js(\.map)?$/.test(entry.name)) {
      if (!existsSync(join(sources, entry.name.replace(/\.js(\.map)?$/, '.ts')))) rmSync(path);
    }
  }
}
