/**
 * Paths as texts.
 * Owns: joining, normalising and comparing POSIX paths. Must not know: any file system.
 */

/** `path` seen from `folder`, without `.` and `..`. An absolute path stays where it is. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Whether `path` is `folder` or below it; both normalised. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

/** Where a folder of ours lies on the engine's host. */
export interface HostPath {
  readonly inside: string;
  /** Null: in no folder of the host, as a volume is, or what lies in memory. */
  readonly outside: string | null;
}

/** The path on the engine's host by the longest mapping that covers it; null when none does, or that leads to no folder. */
export function toHostPath(path: string, mappings: readonly HostPath[]): string | null {
  let best: HostPath | null = null;
  for (const mapping of mappings) {
    if (!isWithin(path, resolvePath('/', mapping.inside))) continue;
    if (best === null || mapping.inside.length > best.inside.length) best = mapping;
  }
  if (best === null || best.outside === null) return null;
  return resolvePath(best.outside, `./${path.slice(resolvePath('/', best.inside).length)}`);
}
