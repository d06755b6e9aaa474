/**
 * How many replicas of a service ran and were ready at any moment, from what the engine told of its containers.
 * Owns: the counting. Must not know: the program, when a rollout begins.
 */
import type { Happening } from './engine-view.js';

/** The extremes of a stretch of time. */
export interface Bounds {
  /** Least number of replicas that had become healthy since their start and that nobody had told to stop. */
  readonly fewestReady: number;
  /** Greatest number of replicas that ran, those included that Docker was about to restart after a crash. */
  readonly mostLive: number;
}

interface Life {
  readonly isLive: boolean;
  readonly isReady: boolean;
  /** Told to stop: what ends now does so because it was told, and Docker does not restart it. */
  readonly isTold: boolean;
}

const AT_REST: Life = { isLive: false, isReady: false, isTold: false };

/** Counts over what happened from the index `since` on; what happened before says what was there then. */
export function boundsOf(
  happenings: readonly Happening[],
  { service, since }: { readonly service: string; readonly since: number },
): Bounds {
  const lives = new Map<string, Life>();
  const count = (is: 'isLive' | 'isReady'): number => [...lives.values()].filter((life) => life[is]).length;
  let bounds: Bounds | null = null;
  for (const [index, { action, id, service: name }] of happenings.entries()) {
    if (index === since) bounds = { fewestReady: count('isReady'), mostLive: count('isLive') };
    if (name === service) lives.set(id, after(action, lives.get(id) ?? AT_REST));
    bounds &&= {
      fewestReady: Math.min(bounds.fewestReady, count('isReady')),
      mostLive: Math.max(bounds.mostLive, count('isLive')),
    };
  }
  return bounds ?? { fewestReady: count('isReady'), mostLive: count('isLive') };
}

function after(action: string, life: Life): Life {
  switch (action) {
    case 'start':
      return { isLive: true, isReady: false, isTold: false };
    case 'health_status: healthy':
      return { ...life, isReady: life.isLive && !life.isTold };
    case 'kill':
      return { ...life, isReady: false, isTold: true };
    case 'die':
      return { isLive: life.isLive && !life.isTold, isReady: false, isTold: life.isTold };
    case 'stop':
    case 'destroy':
      return AT_REST;
    default:
      return life;
  }
}
