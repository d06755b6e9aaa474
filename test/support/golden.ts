/**
 * Folders of manifests with the words that `alicia validate` says about them.
 * Owns: how such a folder is made ready and told, where its words lie. Must not know: which mistakes there are.
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainPaint } from '../../src/cli/paint.js';
import { linesOfProblem } from '../../src/cli/render-problems.js';
import { emptyIntake, takeIn } from '../../src/manifest/intake.js';
import { type } from '../cli/support/fake-terminal.js';
import { OPTIONS, scanOf, type Texts } from '../manifest/texts.js';
import { root } from './paths.js';

/** What cannot lie in a repository as it is. */
type Preparation =
  /** Rewritten in another encoding than UTF-8. */
  | { readonly file: string; readonly encoding: 'latin1' }
  /** Filled up to a size. */
  | { readonly file: string; readonly bytes: number }
  /** A link. */
  | { readonly link: string; readonly to: string };

/** The folders below `test/golden/<name>`, by name. */
export const goldenFolders = (name: string): readonly string[] =>
  readdirSync(join(root, 'test', 'golden', name), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, 'test', 'golden', name, entry.name))
    .sort();

/**
 * The words that belong to a folder; null when nobody has written them down. With ALICIA_WRITE_EXPECTED they are written
 * down anew, to be read before they are committed.
 */
export function expectedWords(folder: string, actual: string): string | null {
  const path = join(folder, 'expected.txt');
  if (process.env['ALICIA_WRITE_EXPECTED'] !== undefined) writeFileSync(path, actual);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** What `alicia validate manifests` prints in a folder. With a folder `before` beside, what a controller says after it. */
export async function wordsOf(folder: string): Promise<string> {
  if (existsSync(join(folder, 'before'))) return wordsAfter(folder);
  const scratch = mkdtempSync(join(tmpdir(), 'alicia-golden-'));
  try {
    cpSync(folder, scratch, { recursive: true });
    for (const preparation of preparationsOf(folder)) prepare(scratch, preparation);
    const { out, err } = await type(`validate ${join(scratch, 'manifests')}`);
    return `${out}${err}`.replaceAll(`${scratch}/`, '');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function preparationsOf(folder: string): readonly Preparation[] {
  const path = join(folder, 'prepare.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly Preparation[]) : [];
}

function prepare(scratch: string, preparation: Preparation): void {
  if ('link' in preparation) {
    symlinkSync(preparation.to, join(scratch, preparation.link));
    return;
  }
  const path = join(scratch, preparation.file);
  const text = readFileSync(path, 'utf8');
  if ('encoding' in preparation) writeFileSync(path, text, preparation.encoding);
  else writeFileSync(path, text.padEnd(preparation.bytes, '#'));
}

/** What a controller that has read the folder `before` says of `manifests`. */
function wordsAfter(folder: string): string {
  const options = { ...OPTIONS, allowEmpty: false };
  const first = takeIn(emptyIntake, scanOf(textsIn(join(folder, 'before'))), { monotonicMs: 0 }, options);
  const scan = scanOf(textsIn(join(folder, 'manifests')));
  const { desired } = takeIn(first.intake, scan, { monotonicMs: 1000 }, options);
  const sources = new Map(
    scan.files.flatMap(({ path, content }) =>
      content.kind === 'text' ? [[path, content.text] as const] : [],
    ),
  );
  const lines = desired.problems.flatMap((problem) => linesOfProblem(problem, sources, plainPaint));
  return lines.map((line) => `${line.replace(/^m\//, 'manifests/')}\n`).join('');
}

const textsIn = (folder: string): Texts =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
