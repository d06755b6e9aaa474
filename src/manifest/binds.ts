/**
 * What the folder of a bind asks for.
 * Owns: what lies inside of the manifest directory, and where Docker's socket is. Must not know: the forms of mounts.
 */
import type { PolicyWord } from '../model/policy.js';
import type { ScannedLink } from '../model/scan.js';
import { type HostPath, isWithin, resolvePath, toHostPath } from './paths.js';

/** Where the manifest directories are, and where they lie on the host. */
export interface BindPlaces {
  /** Resolved manifest directories. */
  readonly roots: readonly string[];
  /** Links below them that lead out of them. */
  readonly links: readonly ScannedLink[];
  /** Where the controller's own folders lie on the engine's host; null when it runs on that host. */
  readonly hostPaths: readonly HostPath[] | null;
}

/** Where Docker's socket usually is; one of these names elsewhere is taken for one too (rootless engines). */
const SOCKETS: readonly string[] = ['/var/run/docker.sock', '/run/docker.sock'];

/** The manifest directories as the host has them. */
export const hostRootsOf = ({ roots, hostPaths }: BindPlaces): readonly string[] =>
  hostPaths === null ? roots : roots.flatMap((root) => toHostPath(root, hostPaths) ?? []);

/** Links may follow each other as often as Linux follows them (path_resolution(7)). */
const MAX_HOPS = 40;

/** Where a path below the manifest directories leads; null: that cannot be seen. */
export function followLinks(path: string, links: readonly ScannedLink[]): string | null {
  let at = path;
  for (let hops = 0; hops <= MAX_HOPS; hops += 1) {
    const link = links.find((each) => isWithin(at, each.path));
    if (link === undefined) return at;
    if (link.real === null) return null;
    at = resolvePath(link.real, `./${at.slice(link.path.length)}`);
  }
  return null;
}

/**
 * Asks for what is needed to bind a path: nothing inside of the manifest directory, `bind` outside, `socket` for Docker's
 * socket alone, and both for a folder that holds it. The last of the paths is the host's.
 */
export function askForBind(
  ask: (word: PolicyWord, why: string) => void,
  of: { readonly paths: readonly string[]; readonly isInside: boolean; readonly title: string },
): void {
  const { paths, isInside, title } = of;
  const socket: PolicyWord = { kind: 'socket', value: null };
  const rules = 'whoever has it rules the host';
  if (paths.some(isSocket)) {
    ask(socket, `${title} is Docker's socket: ${rules}`);
    return;
  }
  const hostPath = resolvePath('/', paths.at(-1) ?? '/');
  if (!isInside) ask({ kind: 'bind', value: hostPath }, `${title} lies outside of the manifest directory`);
  if (paths.some((path) => SOCKETS.some((each) => isWithin(each, path))))
    ask(socket, `${title} holds Docker's socket: ${rules}`);
}

const isSocket = (path: string): boolean => path.endsWith('/docker.sock');
