/**
 * Finds retained states that an earlier run of this controller left on the broker.
 * Owns: which of them are ours, and when one has looked long enough. Must not know: how they are cleared.
 */
import type { Log } from '../../controller/ports.js';
import type { Link } from './link.js';
import type { Topics } from './topics.js';

/** What a sweep needs. */
export interface SweepOptions {
  readonly topics: Topics;
  readonly instance: string;
  readonly project: string;
  /** How long the broker is listened to. */
  readonly sweepMs: number;
  readonly log: Log;
  /** Whether this run has published the topic itself. */
  readonly isWanted: (topic: string) => boolean;
  readonly clear: (topic: string) => void;
}

/** One look at the retained states of a broker: on the first connection after the full set of services is known. */
export interface Sweep {
  /** The services that may stay; nothing is swept before the first call. */
  keepOnly(services: ReadonlySet<string>): void;
  onUp(link: Link): void;
  onRetained(topic: string, payload: string): void;
  onDown(): void;
  /** Another broker: look again. */
  reset(): void;
}

/** A sweep that has not yet looked. */
export function createSweep(options: SweepOptions): Sweep {
  const { topics, log } = options;
  let kept: ReadonlySet<string> | null = null;
  let phase: 'waiting' | 'looking' | 'done' = 'waiting';
  let link: Link | null = null;
  let timer: NodeJS.Timeout | null = null;

  const look = (): void => {
    const open = link;
    if (phase !== 'waiting' || kept === null || open === null) return;
    phase = 'looking';
    open.subscribe(topics.stateFilter, (reason) => {
      if (reason === null) return;
      log.debug({ reason }, 'The broker does not show retained states; those of an earlier run may stay');
    });
    timer = setTimeout(() => {
      phase = 'done';
      open.unsubscribe(topics.stateFilter);
    }, options.sweepMs);
  };
  const stopTimer = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    keepOnly: (services) => {
      kept = services;
      look();
    },
    onUp: (opened) => {
      link = opened;
      look();
    },
    onRetained: (topic, payload) => {
      const service = topics.serviceOf(topic);
      if (phase !== 'looking' || service === null || kept?.has(service) === true || options.isWanted(topic))
        return;
      if (!isOurs(payload, options)) return;
      log.info({ service }, 'Clearing the retained state of a service that is gone');
      options.clear(topic);
    },
    onDown: () => {
      link = null;
      stopTimer();
      if (phase === 'looking') phase = 'waiting';
    },
    reset: () => {
      stopTimer();
      phase = 'waiting';
    },
  };
}

/** Only what this project and this instance said: another controller may share the prefix. */
function isOurs(payload: string, { project, instance }: SweepOptions): boolean {
  try {
    const status: unknown = JSON.parse(payload);
    return (
      typeof status === 'object' &&
      status !== null &&
      'project' in status &&
      status.project === project &&
      'instance' in status &&
      status.instance === instance
    );
  } catch {
    return false;
  }
}
