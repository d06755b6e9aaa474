/**
 * One walk over the roots: which files there are, before any is read.
 * Owns: the order of the walk, its limits, what may not be taken for absence. Must not know: bytes, digests, time.
 */
import type { Dirent } from 'node:fs';
import { resolve, sep } from 'node:path';
import { type ControlFile, parsePruneNames, readControlFile } from './control-files.js';
import { describeError, type FileSystem, isAbsence } from './file-system.js';
import { type Entry, type Source, sourceOf, viewEntries } from './folder.js';
import { type IgnoreRules, withIgnoreFile } from './ignore-rules.js';
import type { Limits } from './limits.js';
import { createLinkResolver, type Link, type LinkResolver, type Resolved } from './links.js';
import { chooseFiles, ENV_NAME, IGNORE_NAME, isManifestName, PRUNE_NAME, STACK_NAMES } from './names.js';
import { createWatchPlanBuilder, type WatchPlan, type WatchPlanBuilder } from './watch-plan.js';

/** A file that will be read. */
export interface Candidate {
  /** Path below the root, with `/`. */
  readonly below: string;
  /** Absolute path of its folder, without links. */
  readonly folder: string;
  readonly source: Source;
}

/** One root as it was walked. */
export interface WalkedRoot {
  /** As it was given. */
  readonly path: string;
  readonly resolved: string;
  /** The links on the way to the root. */
  readonly links: readonly Link[];
  readonly isMissing: boolean;
  /** What could not be looked at, one sentence each: none means that the walk saw everything. */
  readonly troubles: readonly string[];
  readonly mayBePruned: readonly string[];
  /** Sorted by `below`. */
  readonly candidates: readonly Candidate[];
}

/** A walk over all roots. */
export interface Walk {
  readonly roots: readonly WalkedRoot[];
  readonly watchPlan: WatchPlan;
}

/** Where to walk, and how far. */
export interface WalkOptions {
  readonly roots: readonly string[];
  readonly fs: FileSystem;
  readonly limits: Limits;
}

/** A folder that is still to be looked into. */
interface Ahead {
  readonly real: string;
  readonly below: string;
  readonly depth: number;
  readonly rules: IgnoreRules;
}

/** What is gathered while one root is walked. */
interface Gathering {
  readonly fs: FileSystem;
  readonly limits: Limits;
  /** All of them, resolved. */
  readonly roots: readonly string[];
  readonly resolve: LinkResolver;
  /** Folders that have been walked or are roots; shared by all roots, so that each is read once. */
  readonly seen: Set<string>;
  readonly watch: WatchPlanBuilder;
  readonly troubles: string[];
  readonly candidates: Candidate[];
  entries: number;
  /** True once a limit is reached: the walk ends there. */
  isFull: boolean;
}

/** Walks all roots. Rejects never: what cannot be looked at is a trouble of its root. Of equal roots the first counts. */
export async function walkRoots(options: WalkOptions): Promise<Walk> {
  const { fs, limits } = options;
  const resolver = createLinkResolver(fs);
  const watch = createWatchPlanBuilder();
  const seen = new Set<string>();
  const starts: { path: string; at: Resolved | { readonly error: unknown } }[] = [];
  for (const path of options.roots) {
    const at = await resolver(resolve(path)).catch((error: unknown) => ({ error }));
    if ('real' in at && seen.has(at.real)) continue;
    if ('real' in at) seen.add(at.real);
    starts.push({ path, at });
  }
  const reals = [...seen];
  const roots: WalkedRoot[] = [];
  for (const { path, at } of starts) {
    if ('error' in at) {
      roots.push(rootNotThere(path, at.error));
      continue;
    }
    watch.addLinks(at.links);
    const gathering: Gathering = {
      ...{ fs, limits, roots: reals, resolve: resolver, seen, watch },
      ...{ troubles: [], candidates: [], entries: 0, isFull: false },
    };
    roots.push(await walkRoot(gathering, path, at));
  }
  return { roots, watchPlan: watch.plan() };
}

function rootNotThere(path: string, error: unknown): WalkedRoot {
  return {
    ...{ path, resolved: resolve(path), links: [], isMissing: isAbsence(error) },
    ...{ troubles: [describeError(error)], mayBePruned: [], candidates: [] },
  };
}

/** First everything that is really below the root, then what links add: so a folder is known by its own path. */
async function walkRoot(gathering: Gathering, path: string, at: Resolved): Promise<WalkedRoot> {
  const found = { path, resolved: at.real, links: at.links };
  if (!at.stats.isDirectory()) {
    const troubles = ['is not a directory; give the directory that holds the manifests'];
    return { ...found, isMissing: false, troubles, mayBePruned: [], candidates: [] };
  }
  const isMissing = (await walkBelow(gathering, at.real)) === 'vanished';
  const prune = await controlFile(gathering, at.real, PRUNE_NAME);
  if (prune.kind === 'unreadable') gathering.troubles.push(`${PRUNE_NAME}: ${prune.reason}`);
  const mayBePruned = prune.kind === 'text' ? parsePruneNames(prune.text) : [];
  gathering.candidates.sort((a, b) => compare(a.below, b.below));
  const troubles = isMissing ? ['does not exist'] : gathering.troubles;
  const { candidates } = gathering;
  return { ...found, isMissing, troubles, mayBePruned, candidates };
}

async function walkBelow(gathering: Gathering, root: string): Promise<'walked' | 'vanished'> {
  const ahead: Ahead[] = [];
  const behindLinks: Ahead[] = [];
  let next: Ahead | undefined = { real: root, below: '', depth: 0, rules: [] };
  while (next !== undefined && !gathering.isFull) {
    const found = await walkFolder(gathering, next);
    if (found === 'vanished' && next.below === '') return 'vanished';
    if (found !== 'vanished') {
      for (const folder of found.folders.reverse()) ahead.push(folder);
      for (const folder of found.linked) behindLinks.push(folder);
    }
    next = ahead.pop() ?? nextUnseen(gathering, behindLinks);
  }
  return 'walked';
}

async function walkFolder(
  gathering: Gathering,
  folder: Ahead,
): Promise<{ readonly folders: Ahead[]; readonly linked: Ahead[] } | 'vanished'> {
  const nothing = { folders: [], linked: [] };
  const dirents = await listFolder(gathering, folder);
  if (dirents === 'vanished' || dirents === 'unreadable') return dirents === 'vanished' ? dirents : nothing;
  let rules = folder.rules;
  if (dirents.some((dirent) => dirent.name === IGNORE_NAME)) {
    const file = await controlFile(gathering, folder.real, IGNORE_NAME);
    if (file.kind !== 'text') {
      // Without its rules, what it leaves out would be taken for manifests: nothing here is read.
      const reason =
        file.kind === 'absent' ? 'a symbolic link to something that does not exist' : file.reason;
      gathering.troubles.push(`${pathBelow(folder, IGNORE_NAME)}: ${reason}`);
      return nothing;
    }
    rules = withIgnoreFile(folder.rules, folder.below, file.text);
  }
  const entries = await viewEntries({ ...folder, rules, resolve: gathering.resolve }, dirents);
  const files = new Map(
    entries.flatMap((entry): [string, Entry][] => (isFileLike(entry) ? [[entry.name, entry]] : [])),
  );
  const chosen = chooseFiles(new Set(files.keys()));
  for (const name of chosen.names) {
    const entry = files.get(name);
    if (entry !== undefined) await addCandidate(gathering, folder, entry);
  }
  if (chosen.isStack) {
    gathering.watch.addNames(folder.real, STACK_NAMES);
    return nothing;
  }
  gathering.watch.addWhole(folder.real);
  return foldersAhead(gathering, { ...folder, rules }, entries);
}

async function listFolder(
  gathering: Gathering,
  folder: Ahead,
): Promise<readonly Dirent[] | 'vanished' | 'unreadable'> {
  try {
    const dirents = await gathering.fs.readdir(folder.real);
    gathering.entries += dirents.length;
    if (gathering.entries > gathering.limits.entries) {
      giveUp(gathering, `holds more than ${gathering.limits.entries} files and folders`);
      return 'unreadable';
    }
    return [...dirents].sort((a, b) => compare(a.name, b.name));
  } catch (error) {
    if (isAbsence(error)) return 'vanished';
    gathering.troubles.push(`${folder.below === '' ? '' : `${folder.below}: `}${describeError(error)}`);
    return 'unreadable';
  }
}

async function addCandidate(gathering: Gathering, folder: Ahead, entry: Entry): Promise<void> {
  const source = await sourceOf(gathering.fs, entry, gathering.limits.fileBytes);
  if (source === null || gathering.isFull) return;
  if (gathering.candidates.length >= gathering.limits.files) {
    giveUp(gathering, `holds more than ${gathering.limits.files} manifest files`);
    return;
  }
  gathering.candidates.push({ below: pathBelow(folder, entry.name), folder: folder.real, source });
  if (entry.kind === 'broken' || entry.links.length === 0) return;
  gathering.watch.addLinks(entry.links);
  gathering.watch.addPath(entry.real);
}

function foldersAhead(
  gathering: Gathering,
  folder: Ahead,
  entries: readonly Entry[],
): { readonly folders: Ahead[]; readonly linked: Ahead[] } {
  const folders: Ahead[] = [];
  const linked: Ahead[] = [];
  for (const entry of entries) {
    const below = pathBelow(folder, entry.name);
    if (entry.kind === 'broken') {
      // Behind it there may have been a folder of manifests: that it is gone proves nothing about them.
      if (!isFileLike(entry)) gathering.troubles.push(`${below}: ${entry.reason}`);
      continue;
    }
    if (entry.kind === 'file' || isAround(entry.real, folder.real)) continue;
    if (folder.depth >= gathering.limits.depth) {
      giveUp(gathering, `${below} lies deeper than ${gathering.limits.depth} folders`);
      break;
    }
    const next = { real: entry.real, below, depth: folder.depth + 1, rules: folder.rules };
    if (entry.links.length > 0) {
      gathering.watch.addLinks(entry.links);
      linked.push(next);
    } else if (!gathering.seen.has(entry.real)) {
      gathering.seen.add(entry.real);
      folders.push(next);
    }
  }
  return { folders, linked };
}

/** A link to a folder that was walked under its own name adds nothing, and may be a loop. */
function nextUnseen(gathering: Gathering, behindLinks: Ahead[]): Ahead | undefined {
  for (let next = behindLinks.shift(); next !== undefined; next = behindLinks.shift()) {
    if (gathering.seen.has(next.real)) continue;
    gathering.seen.add(next.real);
    return next;
  }
  return undefined;
}

function controlFile(gathering: Gathering, folder: string, name: string): Promise<ControlFile> {
  const { fs, resolve: resolver, watch, limits } = gathering;
  return readControlFile({ fs, resolve: resolver, watch, maxBytes: limits.fileBytes }, folder, name);
}

function giveUp(gathering: Gathering, what: string): void {
  gathering.isFull = true;
  gathering.troubles.push(`${what}; name what holds no manifests in ${IGNORE_NAME}`);
}

function isFileLike(entry: Entry): boolean {
  if (entry.kind === 'broken') return isManifestName(entry.name) || entry.name === ENV_NAME;
  return entry.kind === 'file';
}

/** True where `outer` is `inner` or holds it: following such a link would go round for ever. */
function isAround(outer: string, inner: string): boolean {
  return outer === inner || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}

function pathBelow(folder: Ahead, name: string): string {
  return folder.below === '' ? name : `${folder.below}/${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
