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

/** Makes a source. `onNews` is called after every scan that changed anything, and after the first. */
export function createSource(options: ControllerOptions, onNews: (news: SourceNews) => void): Source {
  const { files, clock, log, limits, mode } = options;
  let intake: Intake = emptyIntake;
  let previous: DesiredState | null = null;
  let isStopped = false;
  let scanning: Promise<void> | null = null;
  let isWanted = false;
  let cancelSecond: (() => void) | null = null;
  let cancelRescan: (() => void) | null = null;

  const scanOnce = async (): Promise<void> => {
    const scan = await files.scan();
    if (isStopped) return;
    const taken = takeIn(intake, scan, clock.now(), options.intake);
    intake = taken.intake;
    const before = previous;
    previous = taken.desired;
    if (before !== null && !taken.changed) return;
    await options.prepare?.(taken.desired);
    if (isStopped) return;
    onNews({
      desired: taken.desired,
      changed: changedServices(before, taken.desired),
      isNewContent: before === null || before.digest !== taken.desired.digest,
      mayBePruned: scan.roots.flatMap((root) => root.mayBePruned),
    });
  };

  /** One scan at a time; a wish that comes meanwhile is one more scan afterwards. */
  const scan = (): Promise<void> => {
    isWanted = true;
    scanning ??= (async () => {
      try {
        while (isWanted && !isStopped) {
          isWanted = false;
          await scanOnce();
        }
      } finally {
        scanning = null;
      }
    })();
    return scanning;
  };

  const rescan = (): void => {
    cancelRescan = clock.after(limits.rescanMs, () => {
      void scan().finally(() => !isStopped && rescan());
    });
  };

  return {
    async start() {
      await scan();
      if (mode === 'once' || isStopped) return;
      await files.watch(
        () => void scan(),
        (message) => log.warn({}, message),
      );
      // What changed between the first scan and the first watch would otherwise wait for the rescan.
      await scan();
      if (!isStopped) rescan();
    },
    async stop() {
      isStopped = true;
      cancelSecond?.();
      cancelRescan?.();
      await files.stop();
    },
    scanAgainSoon() {
      cancelSecond ??= clock.after(SECOND_SCAN_MS, () => {
        cancelSecond = null;
        void scan();
      });
    },
  };
}

function changedServices(before: DesiredState | null, after: DesiredState): ReadonlySet<ServiceName> {
  const names = new Set([
    ...(before?.services.keys() ?? []),
    ...(before?.rejected.keys() ?? []),
    ...after.services.keys(),
    ...after.rejected.keys(),
  ]);
  const textOf = (state: DesiredState | null, name: ServiceName): string =>
    JSON.stringify([state?.services.get(name) ?? null, state?.rejected.get(name) ?? null]);
  return new Set([...names].filter((name) => textOf(before, name) !== textOf(after, name)));
}
