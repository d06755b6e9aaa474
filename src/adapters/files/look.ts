/**
 * A consistent look: walk, read, and walk again until nothing has changed between.
 * Owns: semantics 7.3, and the making of the {@link Scan}. Must not know: watching, YAML.
 */
import { join } from 'node:path';
import type { Clock } from '../../controller/ports.js';
import type { Scan, ScannedFile, ScannedRoot } from '../../model/scan.js';
import { digestOf } from './digest.js';
import type { FileSystem } from './file-system.js';
import {
  FILES_AT_ONCE,
  GIT_LOCK_POLL_MS,
  GIT_LOCK_WAIT_MS,
  type Limits,
  LOOK_PAUSE_MS,
  LOOK_TRIES,
} from './limits.js';
import { decode, type ReadFile, readBytes, tooLarge, unreadable } from './read.js';
import {
  changedReference,
  type NamedBy,
  type ReadReference,
  readReferences,
  watchingReferences,
} from './references.js';
import { type RootGit, revisionOf, viewGit } from './revision.js';
import { type Candidate, type WalkedRoot, walkRoots } from './walk.js';
import type { WatchPlan } from './watch-plan.js';
import { changedLink, linksOnWays, watchedLinks } from './ways.js';

/** What a look needs. */
export interface LookOptions {
  readonly roots: readonly string[];
  readonly fs: FileSystem;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly namedBy: NamedBy;
  /** Locks of git that were waited for in vain, left behind by a crash; kept from look to look by the caller. */
  readonly staleLocks: Set<string>;
}

/** A scan, and where its files have to be watched. */
export interface Look {
  readonly scan: Scan;
  readonly watchPlan: WatchPlan;
}

/** One root as the walk and git show it at one moment. */
interface RootView {
  readonly root: WalkedRoot;
  readonly git: RootGit;
}

/** All roots at one moment. */
interface View {
  readonly roots: readonly RootView[];
  readonly watchPlan: WatchPlan;
}

/** One root with its files read. */
interface ReadRoot {
  readonly view: RootView;
  readonly files: readonly { readonly candidate: Candidate; readonly file: ReadFile }[];
  readonly troubles: readonly string[];
  /** The first file that changed while it was read; null: none did. */
  readonly changed: string | null;
}

/**
 * Looks at all roots; rejects never.
 * Invariant: every object is unchanged from before the first read to after the last, so that there was a moment
 * at which the disk was as the scan says. A root of which this cannot be said after {@link LOOK_TRIES} tries is
 * `unreadable`.
 */
export async function lookAtRoots(options: LookOptions): Promise<Look> {
  const deadlineMs = options.clock.now().monotonicMs + GIT_LOCK_WAIT_MS;
  for (let attempt = 1; ; attempt += 1) {
    const before = await viewWithoutLock(options, deadlineMs);
    const read: ReadRoot[] = [];
    for (const view of before.roots) read.push(await readRoot(options, view));
    const files = filesOf(read);
    const resolved = read.map(({ view }) => view.root.resolved);
    const named = options.namedBy(files);
    const references = await readReferences(options, named.files);
    const links = await linksOnWays(options.fs, named.binds, resolved);
    const after = await viewRoots(options);
    const changedFile =
      changedReference(references, await readReferences(options, named.files)) ??
      changedLink(links, await linksOnWays(options.fs, named.binds, resolved));
    const unsettled = new Map<RootView, string>();
    for (const { view, changed } of read) {
      const what = changed ?? changedFile ?? changeOf(options, view, after);
      if (what !== null) unsettled.set(view, `kept changing while it was read: ${what}`);
    }
    if (unsettled.size === 0 || attempt === LOOK_TRIES) {
      const watched = [...named.files, ...watchedLinks(links)];
      const watchPlan = watchingReferences(after.watchPlan, watched, resolved);
      return { scan: scanOf({ read, files, references, links, unsettled }), watchPlan };
    }
    await pause(options.clock, LOOK_PAUSE_MS);
  }
}

async function viewRoots({ roots, fs, limits }: LookOptions): Promise<View> {
  const walk = await walkRoots({ roots, fs, limits });
  const views: RootView[] = [];
  for (const root of walk.roots) views.push({ root, git: await viewGit(fs, root) });
  return { roots: views, watchPlan: walk.watchPlan };
}

/** Waits while git is at work, up to the deadline; a lock that outlives it is waited for only once. */
async function viewWithoutLock(options: LookOptions, deadlineMs: number): Promise<View> {
  const { clock, fs, staleLocks } = options;
  let view = await viewRoots(options);
  let held = locksHeld(view, staleLocks);
  while (held.length > 0) {
    if (clock.now().monotonicMs >= deadlineMs) {
      for (const lock of held) staleLocks.add(lock);
      return view;
    }
    await pause(clock, GIT_LOCK_POLL_MS);
    const stillHeld: string[] = [];
    for (const { root } of view.roots) {
      const { lock } = await viewGit(fs, root);
      if (lock !== null && !staleLocks.has(lock)) stillHeld.push(lock);
    }
    if (stillHeld.length === 0) view = await viewRoots(options);
    held = stillHeld.length === 0 ? locksHeld(view, staleLocks) : stillHeld;
  }
  return view;
}

function locksHeld(view: View, staleLocks: ReadonlySet<string>): readonly string[] {
  return view.roots.flatMap(({ git }) => (git.lock === null || staleLocks.has(git.lock) ? [] : [git.lock]));
}

async function readRoot({ fs, limits }: LookOptions, view: RootView): Promise<ReadRoot> {
  const { candidates } = view.root;
  const files: { candidate: Candidate; file: ReadFile }[] = [];
  let totalBytes = 0;
  let changed: string | null = null;
  for (let start = 0; start < candidates.length; start += FILES_AT_ONCE) {
    const batch = candidates.slice(start, start + FILES_AT_ONCE);
    const results = await Promise.all(
      batch.map((candidate) => readCandidate(fs, candidate, limits.fileBytes)),
    );
    for (const [index, candidate] of batch.entries()) {
      const file = results[index] ?? 'changed';
      if (file === 'changed') changed ??= candidate.below;
      else totalBytes += file.size;
      files.push({ candidate, file: file === 'changed' ? unreadable('it changed while it was read') : file });
    }
    if (totalBytes > limits.totalBytes) {
      const trouble = `its manifests are larger than ${limits.totalBytes} bytes together`;
      return { view, files, troubles: [trouble], changed };
    }
  }
  return { view, files, troubles: [], changed };
}

async function readCandidate(
  fs: FileSystem,
  { source }: Candidate,
  maxBytes: number,
): Promise<ReadFile | 'changed'> {
  if (source.kind === 'unreadable') return unreadable(source.reason);
  if (source.kind === 'tooLarge') return tooLarge(source.bytes);
  const read = await readBytes(fs, source.real, maxBytes);
  if (read.kind === 'absent') return 'changed';
  if (read.kind === 'unreadable') return unreadable(read.reason);
  if (read.stamp !== source.stamp) return 'changed';
  return read.kind === 'tooLarge' ? tooLarge(read.size) : decode(read.bytes);
}

/** What is no longer as it was before the files were read; null: nothing. */
function changeOf({ staleLocks }: LookOptions, before: RootView, afterAll: View): string | null {
  const after = afterAll.roots.find(({ root }) => root.path === before.root.path);
  if (after === undefined) return 'the directory itself';
  if (after.git.lock !== null && !staleLocks.has(after.git.lock)) return 'git is at work in it';
  if (after.git.commit !== before.git.commit) return 'its commit';
  const were = before.root.candidates;
  const are = after.root.candidates;
  for (let index = 0; index < Math.max(were.length, are.length); index += 1) {
    if (keyOf(were[index]) !== keyOf(are[index])) return (were[index] ?? are[index])?.below ?? '';
  }
  const rest = ({ resolved, links, isMissing, troubles, mayBePruned }: WalkedRoot): string =>
    JSON.stringify([resolved, links, isMissing, troubles, mayBePruned]);
  return rest(before.root) === rest(after.root) ? null : 'the directory itself';
}

/** Without the size of what is too large: nothing of it is read, and a log that grows never settles. */
function keyOf(candidate: Candidate | undefined): string {
  if (candidate === undefined) return '';
  const { below, folder, source } = candidate;
  return JSON.stringify([below, folder, source.kind === 'tooLarge' ? source.kind : source]);
}

/** All files of all roots, sorted by path. */
function filesOf(read: readonly ReadRoot[]): readonly ScannedFile[] {
  const files = read.flatMap(({ view, files: filesOfRoot }) =>
    filesOfRoot.map(
      ({ candidate, file }): ScannedFile => ({
        path: join(view.root.path, candidate.below),
        folder: candidate.folder,
        content: file.content,
      }),
    ),
  );
  return files.sort(byPath);
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

function scanOf(looked: {
  readonly read: readonly ReadRoot[];
  readonly files: readonly ScannedFile[];
  readonly references: readonly ReadReference[];
  readonly links: Scan['links'];
  readonly unsettled: ReadonlyMap<RootView, string>;
}): Scan {
  const { read, files, links, unsettled } = looked;
  const roots = read.map((root) => scannedRootOf(root, unsettled.get(root.view)));
  const digest = digestOf(
    read.map(({ view, files: filesOfRoot }, index) => ({
      state: roots[index]?.state ?? 'ok',
      mayBePruned: view.root.mayBePruned,
      files: filesOfRoot.map(({ candidate, file }) => ({ below: candidate.below, mark: file.mark })),
    })),
    looked.references,
  );
  const commits = read.map(({ view }) => view.git.commit);
  const references = looked.references
    .map(({ path, content, digest: ofBytes }) => ({ path, content, digest: ofBytes }))
    .sort(byPath);
  return { roots, files, references, links, digest, revision: revisionOf(commits, digest) };
}

const TROUBLES_TOLD = 5;

function scannedRootOf({ view, troubles }: ReadRoot, unsettled: string | undefined): ScannedRoot {
  const { path, resolved, isMissing, mayBePruned } = view.root;
  const all = [...view.root.troubles, ...troubles, ...(unsettled === undefined ? [] : [unsettled])];
  const told = all.slice(0, TROUBLES_TOLD);
  if (all.length > told.length) told.push(`and ${all.length - told.length} more`);
  const state = isMissing ? 'missing' : all.length > 0 ? 'unreadable' : 'ok';
  return { path, resolved, state, reason: told.join('; '), mayBePruned };
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
