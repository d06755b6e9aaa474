/**
 * The files that steer a look without being manifests: `.aliciaignore` and `.alicia-prune`.
 * Owns: reading them whole or not at all. Must not know: what they are applied to.
 */
import { join } from 'node:path';
import type { FileSystem } from './file-system.js';
import type { LinkResolver } from './links.js';
import { decode, readBytes } from './read.js';
import type { WatchPlanBuilder } from './watch-plan.js';

/** What came of reading one. */
export type ControlFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What is needed to read one. */
export interface ControlFileView {
  readonly fs: FileSystem;
  readonly resolve: LinkResolver;
  readonly watch: WatchPlanBuilder;
  readonly maxBytes: number;
}

/** Reads the file of this name in a folder (absolute, without links); it may be a link. */
export async function readControlFile(
  view: ControlFileView,
  folder: string,
  name: string,
): Promise<ControlFile> {
  try {
    const { real, links } = await view.resolve(join(folder, name));
    view.watch.addLinks(links);
    view.watch.addPath(real);
  } catch {
    // Reading it says why.
  }
  const read = await readBytes(view.fs, join(folder, name), view.maxBytes);
  if (read.kind === 'absent' || read.kind === 'unreadable') return read;
  if (read.kind === 'tooLarge')
    return { kind: 'unreadable', reason: `is larger than ${view.maxBytes} bytes` };
  const { content } = decode(read.bytes);
  return content.kind === 'text' ? content : { kind: 'unreadable', reason: 'is not UTF-8' };
}

/** The names that an `.alicia-prune` lists, one a line; `#` begins a comment line. */
export function parsePruneNames(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
