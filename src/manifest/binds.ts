/**
 * Where a bind lies on the host, and what it asks for.
 * Owns: paths on the host, what lies inside of the manifest directory, and where Docker's socket is. Must not know: the
 * forms of mounts.
 */
import type { PolicyWord } from '../model/policy.js';
import type { ScannedLink } from '../model/scan.js';
import { type HostPath, isWithin, resolvePath, toHostPath } from './paths.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

/** Where the manifest directories are, and where they lie on the host. */
export interface BindPlaces {
  /** Resolved manifest directories. */
  readonly roots: readonly string[];
  /** Links below them, on the ways to what is mounted. */
  readonly links: readonly ScannedLink[];
  /** Where the controller's own folders lie on the engine's host; null when it runs on that host. */
  readonly hostPaths: readonly HostPath[] | null;
}

/** Files of the host that any service may read. */
const ALWAYS_READABLE: readonly string[] = ['/etc/localtime', '/etc/timezone'];

/** What is bound, and how people are told about it. */
export interface BindRequest {
  /** As it is written. */
  readonly source: string;
  readonly readOnly: boolean;
  readonly places: BindPlaces;
  /** What it is, as the beginning of a sentence. */
  readonly title: string;
  /** What else than allowing it could be done, as the end of one. */
  readonly mend: string;
}

/** The path on the host; null after saying why it is refused. What it asks for is noted in the scope. */
export function resolveBind(scope: Scope, path: Path, request: BindRequest): string | null {
  const { source, readOnly, title } = request;
  const { roots, links, hostPaths } = request.places;
  const refuse = (message: string): null => {
    scope.error(path, 'BIND_OUTSIDE', message);
    return null;
  };
  if (source.startsWith('~'))
    return refuse(
      `${quote(source)} begins at a home directory, which is not known here — write the whole path`,
    );
  const resolved = resolvePath(scope.folder, source);
  const isReadable = ALWAYS_READABLE.includes(resolved);
  if (isReadable && readOnly) return resolved;
  const hostSource = hostPaths === null ? resolved : toHostPath(resolved, hostPaths);
  const isBelow = roots.some((root) => isWithin(resolved, root));
  if (hostSource === null) {
    const what = isBelow ? 'the manifest directory' : 'it';
    const text = `is in no folder of the host — mount ${what} into the controller's container with -v`;
    return refuse(`${quote(source)} ${text}`);
  }
  const real = followLinks(resolved, links);
  const leadsTo = real === null ? 'where nobody sees' : real;
  const isDirect = real === resolved;
  const hostReal = isDirect || real === null ? hostSource : (toHostPath(real, hostPaths ?? []) ?? real);
  const mend = isReadable ? ', or add :ro' : request.mend;
  askForBind((word, why) => scope.ask({ path, word, why, mend: word.kind === 'bind' ? mend : '' }), {
    paths: [resolved, hostSource, hostReal],
    isInside: real !== null && roots.some((root) => isWithin(real, root)),
    title: isDirect ? title : `${title} is a link to ${leadsTo}, which`,
  });
  return hostSource;
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
