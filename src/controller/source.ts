/**
 * The manifests: scan on hints and by the clock, take in, tell what changed.
 * Owns: when the directory is looked at. Must not know: YAML, Docker.
 */
import { emptyIntake, type Intake, takeIn } from '../manifest/intake.js';
import type { DesiredState } from '../model/desired.js';
import type { ServiceName } from '../model/ids.js';
import type { ControllerOptions } from './api.js';

/** Two equal scans must lie this far apart before what they do not name may go; a little more than the second asked for. */
const SECOND_SCAN_MS = 1_050;

/** What a scan brought. */
export interface SourceNews {
  readonly desired: DesiredState;
  /** Services whose declaration is new, other, or gone. */
  readonly changed: ReadonlySet<ServiceName>;
  /** Bytes of some file are other than at the last scan. */
  readonly isNewContent: boolean;
  /** Names in `.alicia-prune`. */
  readonly mayBePruned: readonly string[];
}

/** The source of desired states. */
export interface Source {
  /** First scan done and told. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Looks again after the time that a deletion needs to be confirmed. */
  scanAgainSoon(): void;
}

/** What a source is made of. */
export type SourceOptions = Pick<
  ControllerOptions,
  'files' | 'log' | 'clock' | 'mode' | 'limits' | 'intake' | 'prepare'
>;

interface SourceParts {
  readonly options: SourceOptions;
  readonly onNews: (news: SourceNews) => void;
  intake: Intake;
  previous: DesiredState | null;
  isStopped: boolean;
  scanning: Promise<void> | null;
  /** Somebody asked for a scan since the last one began. */
  isWanted: boolean;
  cancelSecond: (() => void) | null;
  cancelRescan: (() => void) | null;
}

/** Makes a source. `onNews` is called after every scan that changed anything, and after the first. */
export function createSource(options: SourceOptions, onNews: (news: SourceNews) => void): Source {
  const parts: SourceParts = {
    options,
    onNews,
    intake: emptyIntake,
    previous: null,
    isStopped: false,
    scanning: null,
    isWanted: false,
    cancelSecond: null,
    cancelRescan: null,
  };
  return {
    start: () => start(parts),
    async stop() {
      parts.isStopped = true;
      parts.cancelSecond?.();
      parts.cancelRescan?.();
      await options.files.stop();
    },
    scanAgainSoon() {
      parts.cancelSecond ??= options.clock.after(SECOND_SCAN_MS, () => {
        parts.cancelSecond = null;
        void scan(parts);
      });
    },
  };
}

async function start(parts: SourceParts): Promise<void> {
  const { files, log, mode } = parts.options;
  await scan(parts);
  if (mode === 'once' || parts.isStopped) return;
  await files.watch(
    () => void scan(parts),
    (message) => log.warn({}, message),
  );
  // What changed between the first scan and the first watch would otherwise wait for the rescan.
  await scan(parts);
  if (!parts.isStopped) rescanByTheClock(parts);
}

function rescanByTheClock(parts: SourceParts): void {
  const { clock, limits } = parts.options;
  parts.cancelRescan = clock.after(limits.rescanMs, () => {
    void scan(parts).finally(() => !parts.isStopped && rescanByTheClock(parts));
  });
}

/** One scan at a time; a wish that comes meanwhile is one more scan afterwards. */
function scan(parts: SourceParts): Promise<void> {
  parts.isWanted = true;
  parts.scanning ??= scanWhileWanted(parts).finally(() => {
    parts.scanning = null;
  });
  return parts.scanning;
}

async function scanWhileWanted(parts: SourceParts): Promise<void> {
  while (parts.isWanted && !parts.isStopped) {
    parts.isWanted = false;
    await scanOnce(parts);
  }
}

async function scanOnce(parts: SourceParts): Promise<void> {
  const { options, previous } = parts;
  const looked = await options.files.scan();
  if (parts.isStopped) return;
  const { intake, desired, changed } = takeIn(parts.intake, looked, options.clock.now(), options.intake);
  parts.intake = intake;
  parts.previous = desired;
  if (previous !== null && !changed) return;
  await options.prepare?.(desired);
  if (parts.isStopped) return;
  parts.onNews({
    desired,
    changed: changedServices(previous, desired),
    isNewContent: previous === null || previous.digest !== desired.digest,
    mayBePruned: looked.roots.flatMap((root) => root.mayBePruned),
  });
}

function changedServices(before: DesiredState | null, after: DesiredState): ReadonlySet<ServiceName> {
  const names = new Set([
    ...(before?.services.keys() ?? []),
    ...(before?.rejected.keys() ?? []),
    ...after.services.keys(),
    ...after.rejected.keys(),
  ]);
  // Where in its file a service stands decides nothing.
  const textOf = (state: DesiredState | null, name: ServiceName): string => {
    const service = state?.services.get(name);
    return JSON.stringify([
      service === undefined ? null : { ...service, origin: null, source: null },
      state?.rejected.get(name) ?? null,
    ]);
  };
  return new Set([...names].filter((name) => textOf(before, name) !== textOf(after, name)));
}
