/**
 * From scans to the desired state, over time.
 * Owns: last good versions, what counts as a second equal look, what absence is worth.
 * Must not know: files, clocks, Docker.
 */
import type { Absence, DesiredState } from '../model/desired.js';
import { revision } from '../model/ids.js';
import type { Scan } from '../model/scan.js';
import { withCutOffs } from './cut-off.js';
import type { ResolveOptions } from './draft.js';
import type { Declared } from './last-good.js';
import { type DeclarationKey, type ParsedFile, type ParsedManifests, parseManifests } from './parse.js';
import { countManifests } from './positions.js';
import { renderProblem } from './render-problem.js';
import { type Resolution, resolveManifests } from './resolve.js';

/** What a scan is taken in with. */
export interface IntakeOptions extends ResolveOptions {
  /** `--allow-empty`: an empty directory means that nothing shall run. */
  readonly allowEmpty: boolean;
}

/** What is remembered from scan to scan: a plain value, lost without harm. */
export interface Intake {
  /** The latest look; null before the first. */
  readonly look: Look | null;
  /** Files that are manifests, or were since the last confirmed look; by path. */
  readonly files: ReadonlyMap<string, FileMemory>;
  /** Good versions since the last confirmed look. */
  readonly versions: ReadonlyMap<DeclarationKey, Declared>;
  /** The most manifests seen in each file that is there, by its path below the directory. */
  readonly manifestCounts: ReadonlyMap<string, number>;
}

/** One look at the directories, and since when it has been the same. */
interface Look {
  readonly identity: string;
  readonly sinceMs: number;
  /** What forbids removal; null: time alone decides. */
  readonly blocked: Blocked | null;
  readonly desired: DesiredState;
}

/** An absence that time alone does not confirm. */
type Blocked = Extract<Absence, { kind: 'blocked' }>;

/** What is known of one file. */
interface FileMemory {
  readonly state: 'whole' | 'cut' | 'gone';
  /** Everything that it declared since the last confirmed look. */
  readonly held: ReadonlySet<DeclarationKey>;
  /** What it declares now, as far as can be seen. */
  readonly holds: ReadonlySet<DeclarationKey>;
  /** False: this process has never seen it whole, so that it may declare anything. */
  readonly seenWhole: boolean;
  /** Its latest text that was not cut off; empty when it never had one. */
  readonly text: string;
}

/** Two equal looks this far apart confirm what is absent. */
const CONFIRM_MS = 1000;

/** Nothing was looked at yet. */
export const emptyIntake: Intake = {
  look: null,
  files: new Map(),
  versions: new Map(),
  manifestCounts: new Map(),
};

/**
 * Takes a scan in. `changed` is false, and `desired` the same object as before, when neither the files nor the worth of
 * absence changed.
 *
 * Invariant: a service leaves `desired.services` only when a readable scan does not name it, never because of an error.
 */
export function takeIn(
  previous: Intake,
  scan: Scan,
  now: { readonly monotonicMs: number },
  options: IntakeOptions,
): { readonly intake: Intake; readonly desired: DesiredState; readonly changed: boolean } {
  const identity = identityOf(scan);
  if (previous.look?.identity !== identity) return takeNew(previous, scan, { identity, now, options });
  const { look } = previous;
  const absence = absenceOf(look, now.monotonicMs);
  if (absence.kind === look.desired.absence.kind)
    return { intake: previous, desired: look.desired, changed: false };
  const desired: DesiredState = { ...look.desired, absence };
  return { intake: forget({ ...previous, look: { ...look, desired } }), desired, changed: true };
}

function takeNew(
  previous: Intake,
  scan: Scan,
  given: {
    readonly identity: string;
    readonly now: { readonly monotonicMs: number };
    readonly options: IntakeOptions;
  },
): { readonly intake: Intake; readonly desired: DesiredState; readonly changed: boolean } {
  const { identity, now, options } = given;
  const texts = textsOf(scan);
  const parsed = withCutOffs(parseManifests(scan, new Set(previous.files.keys())), previous.files, texts);
  const files = remember(previous.files, parsed, texts);
  const vacancy = vacancyOf(scan, parsed, options.allowEmpty);
  const mustStay = stayersOf({ previous, parsed, files, vacancy });
  const resolution = resolveManifests({
    ...options,
    parsed,
    lastGood: { versions: previous.versions, mustStay },
  });
  const before = previous.look?.desired ?? null;
  const manifestCounts = reuse(
    previous.manifestCounts,
    countManifests(previous.manifestCounts, scan, parsed.files),
  );
  const blocked = vacancy ?? blindness(files, parsed, resolution);
  const desired: DesiredState = {
    project: options.project,
    revision: revision(scan.revision),
    digest: scan.digest,
    services: reuse(before?.services, resolution.services),
    networks: reuse(before?.networks, resolution.networks),
    volumes: reuse(before?.volumes, resolution.volumes),
    rejected: resolution.rejected,
    problems: resolution.problems,
    needs: resolution.needs,
    absence: blocked ?? { kind: 'unconfirmed' },
    manifestCounts,
  };
  const look: Look = { identity, sinceMs: now.monotonicMs, blocked, desired };
  const versions = reuse(previous.versions, new Map([...previous.versions, ...resolution.good]));
  return { intake: { look, files, versions, manifestCounts }, desired, changed: true };
}

/** Everything by which two looks could differ: the digest tells contents, not what could not be read. */
function identityOf(scan: Scan): string {
  const roots = scan.roots.map((root) => [
    root.path,
    root.resolved,
    root.state,
    root.reason,
    root.mayBePruned,
  ]);
  const links = scan.links.map(({ path, real }) => [path, real]);
  const unread = scan.files.flatMap((file) =>
    file.content.kind === 'text' ? [] : [[file.path, file.content.kind]],
  );
  return JSON.stringify([
    scan.digest,
    scan.revision,
    roots,
    links,
    unread,
    scan.files.map((file) => file.path),
  ]);
}

function absenceOf(look: Look, nowMs: number): Absence {
  if (look.blocked !== null) return look.blocked;
  return { kind: nowMs - look.sinceMs >= CONFIRM_MS ? 'confirmed' : 'unconfirmed' };
}

/** After a confirmed look only what is there now is remembered, and all that a file in error ever held. */
function forget(intake: Intake): Intake {
  if (intake.look?.desired.absence.kind !== 'confirmed') return intake;
  const files = new Map(
    [...intake.files].flatMap(([path, file]) => {
      if (file.state === 'cut') return [[path, file] as const];
      return file.holds.size === 0 ? [] : [[path, { ...file, held: file.holds }] as const];
    }),
  );
  const kept = new Set([...files.values()].flatMap((file) => [...file.held]));
  return { ...intake, files, versions: new Map([...intake.versions].filter(([key]) => kept.has(key))) };
}

const textsOf = (scan: Scan): ReadonlyMap<string, string> =>
  new Map(scan.files.flatMap(({ path, content }) => (content.kind === 'text' ? [[path, content.text]] : [])));

function remember(
  before: ReadonlyMap<string, FileMemory>,
  parsed: ParsedManifests,
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, FileMemory> {
  const nothing: ReadonlySet<DeclarationKey> = new Set();
  const after = new Map<string, FileMemory>();
  for (const [path, memory] of before) after.set(path, { ...memory, state: 'gone', holds: nothing });
  for (const file of parsed.files) {
    const memory = before.get(file.path);
    if (isNotOurs(file) && memory === undefined) continue;
    const holds = new Set(file.documents.flatMap((document) => document.key ?? []));
    after.set(file.path, {
      state: file.state === 'cut' ? 'cut' : 'whole',
      holds,
      held: new Set([...(memory?.held ?? []), ...holds]),
      seenWhole: file.state !== 'cut' || memory?.seenWhole === true,
      text: (file.state === 'cut' ? memory?.text : texts.get(file.path)) ?? '',
    });
  }
  return after;
}

/** A directory that says nothing, by being away, closed or empty; null when it speaks. */
function vacancyOf(scan: Scan, parsed: ParsedManifests, allowEmpty: boolean): Blocked | null {
  const missing = scan.roots.find((root) => root.state === 'missing');
  if (missing !== undefined) {
    const message = `${missing.path} does not exist: nothing is removed until it is back`;
    return { kind: 'blocked', reason: 'directoryMissing', message };
  }
  const closed = scan.roots.find((root) => root.state === 'unreadable' || root.reason !== '');
  if (closed !== undefined) {
    const message = `${closed.path} cannot be read whole (${closed.reason}): nothing is removed until it can`;
    return { kind: 'blocked', reason: 'directoryUnreadable', message };
  }
  if (allowEmpty || parsed.files.some((file) => !isNotOurs(file))) return null;
  const where = scan.roots.map((root) => root.path).join(', ');
  const message = `no manifests in ${where}: nothing is removed unless --allow-empty is given`;
  return { kind: 'blocked', reason: 'directoryEmpty', message };
}

/** What must not be taken for gone, though perhaps no document names it now; who is named counts by what is said. */
function stayersOf(from: {
  readonly previous: Intake;
  readonly parsed: ParsedManifests;
  readonly files: ReadonlyMap<string, FileMemory>;
  readonly vacancy: Blocked | null;
}): ReadonlyMap<DeclarationKey, string> {
  const { previous, parsed, files, vacancy } = from;
  const stay = new Map<DeclarationKey, string>();
  if (vacancy !== null) for (const key of previous.versions.keys()) stay.set(key, vacancy.message);
  for (const [path, file] of files) {
    if (file.state !== 'cut') continue;
    const error = parsed.problems.find((problem) => problem.file === path && problem.severity === 'error');
    const because = error === undefined ? `${path} is in error` : renderProblem(error);
    for (const key of file.held) stay.set(key, because);
  }
  return stay;
}

/** A file in error without a last good version may declare anything, so that nothing can be taken for gone. */
function blindness(
  files: ReadonlyMap<string, FileMemory>,
  parsed: ParsedManifests,
  resolution: Resolution,
): Blocked | null {
  const unseen = [...files]
    .filter(([, file]) => file.state === 'cut' && !file.seenWhole)
    .map(([path]) => path);
  const unknown = [...resolution.unknown.keys()].map((key) => key.replace('/', ' ').toLowerCase());
  const first = [...unseen, ...unknown][0];
  if (first === undefined) return unclarity(files, parsed);
  const message = `${first} is in error and has no last good version: nothing is removed until that is mended`;
  return { kind: 'blocked', reason: 'fileInError', message };
}

/** What may be the beginning of a manifest that this process has never seen whole may come to declare anything. */
function unclarity(files: ReadonlyMap<string, FileMemory>, parsed: ParsedManifests): Blocked | null {
  const unclear = parsed.files.find((file) => file.state === 'unclear' && !files.has(file.path));
  if (unclear === undefined) return null;
  const message =
    `${unclear.path} may be the beginning of a manifest: nothing is removed until it is whole; ` +
    'if it is none, delete it or name it in .aliciaignore';
  return { kind: 'blocked', reason: 'fileInError', message };
}

const isNotOurs = ({ state }: ParsedFile): boolean => state === 'foreign' || state === 'unclear';

/** The same entries with the objects of `before` where they are equal; `before` itself when all are. */
function reuse<Key, Value>(
  before: ReadonlyMap<Key, Value> | undefined,
  after: ReadonlyMap<Key, Value>,
): ReadonlyMap<Key, Value> {
  if (before === undefined) return after;
  const result = new Map<Key, Value>();
  let same = before.size === after.size;
  for (const [key, value] of after) {
    const old = before.get(key);
    const equal = old !== undefined && JSON.stringify(old) === JSON.stringify(value);
    if (!equal) same = false;
    result.set(key, equal ? old : value);
  }
  return same ? before : result;
}
