/**
 * Moves: what a rule wants done with a replica, before it is written out as a step.
 * Owns: the union of moves and their translation to steps. Must not know: when a move is right.
 */
import { assertNever } from '../model/assert.js';
import type { DesiredService, NetworkAttachment, RestartPolicy } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import { containerNameOf, withoutRole } from '../model/names.js';
import type { ObservedContainer, ObservedImage } from '../model/observed.js';
import {
  type ContainerChange,
  type ContainerDraft,
  type FollowedRun,
  keys,
  type Step,
} from '../model/step.js';
import { carriedTo } from './anonymous.js';

/** Something that must wait, what for, and until when. */
export interface Block {
  readonly because: 'dependency' | 'supply' | 'rollout' | 'time';
  readonly why: string;
  /** Monotonic; null: until something changes. */
  readonly recheckAtMs: number | null;
}

/** What to do with one slot now; at most one of these per pass. */
export type Move =
  | {
      readonly do: 'create';
      readonly why: string;
      /** The container that it replaces, whose anonymous volumes it takes over; null: none. */
      readonly from: ObservedContainer | null;
    }
  | {
      readonly do: 'start';
      readonly target: ObservedContainer;
      readonly interrupted: boolean;
      readonly why: string;
    }
  | {
      readonly do: 'unpause';
      readonly target: ObservedContainer;
      readonly why: string;
    }
  | {
      readonly do: 'restart';
      readonly target: ObservedContainer;
      readonly why: string;
      /** The run of a dependency that it follows. Default: none. */
      readonly follows?: FollowedRun;
    }
  | {
      readonly do: 'stop';
      readonly target: ObservedContainer;
      readonly why: string;
      /** It failed in a rollout. Default false. */
      readonly isVerdict?: boolean;
    }
  | {
      readonly do: 'remove';
      readonly target: ObservedContainer;
      readonly why: string;
      /** Which of its anonymous volumes go with it; default: none, they go on to its successor. */
      readonly volumes?: VolumesGone;
    }
  | { readonly do: 'rename'; readonly target: ObservedContainer; readonly to: string; readonly why: string }
  | {
      readonly do: 'update';
      readonly target: ObservedContainer;
      readonly change: ContainerChange;
      readonly why: string;
    }
  | {
      readonly do: 'connect';
      readonly target: ObservedContainer;
      readonly attachment: NetworkAttachment;
      readonly why: string;
    }
  | {
      readonly do: 'disconnect';
      readonly target: ObservedContainer;
      readonly network: string;
      /** `renewal`: the network is or was made anew; `wrong`: somebody changed this end. */
      readonly because: 'renewal' | 'wrong';
      readonly why: string;
    }
  /** Nothing now; look again at the given moment (monotonic ms), or when something changes. */
  | ({ readonly do: 'wait' } & Block)
  /** Not as declared, and left so on purpose: stopped by hand, and `self_heal` is off. */
  | { readonly do: 'leave'; readonly why: string }
  /** Nothing to do: this is how it should be. */
  | { readonly do: 'keep'; readonly why: string };

/** Docker's own default grace before SIGKILL. */
const DEFAULT_GRACE_MS = 10_000;

/** What a move needs to become a step. */
export interface MoveContext {
  readonly project: string;
  readonly service: DesiredService;
  readonly slot: number;
  readonly revision: string;
  readonly image: ObservedImage | null;
  /** The container whose network a new one shares; null: none. */
  readonly networkOf: ContainerId | null;
}

/**
 * Anonymous volumes that go with a container. `own`: those made for it, of which nobody else has ever known, for its spec is
 * given up. `all`: also those that it was given by its predecessor, for the replica is given up.
 */
export type VolumesGone = 'none' | 'own' | 'all';

/** The restart policy of a container that is kept aside. */
export const NO_RESTART: RestartPolicy = { name: 'no', maximumRetryCount: 0 };

/** The step that carries a move out; null for the moves that do nothing. */
export function stepOf(move: Move, context: MoveContext): Step | null {
  const { service, slot } = context;
  if (move.do === 'wait' || move.do === 'leave' || move.do === 'keep') return null;
  const base = { key: keys.replica(service.name, slot), service: service.name, slot, cause: move.why };
  if (move.do === 'create') return { ...base, kind: 'createContainer', draft: draftOf(context, move.from) };
  const existing = { ...base, id: move.target.id, name: move.target.name };
  switch (move.do) {
    case 'start': {
      const again = move.target.startedAt !== null || move.target.error !== '';
      return { ...existing, kind: 'startContainer', again, interrupted: move.interrupted };
    }
    case 'stop':
      return {
        ...existing,
        kind: 'stopContainer',
        graceMs: graceOf(move.target),
        isVerdict: move.isVerdict ?? false,
      };
    case 'restart':
      return {
        ...existing,
        kind: 'restartContainer',
        graceMs: graceOf(move.target),
        follows: move.follows ?? null,
      };
    case 'unpause':
      return { ...existing, kind: 'unpauseContainer' };
    case 'remove':
      return { ...existing, kind: 'removeContainer', ...volumesWith(move.target, move.volumes ?? 'none') };
    case 'rename':
      return { ...existing, kind: 'renameContainer', to: move.to };
    case 'update':
      return { ...existing, kind: 'updateContainer', change: move.change };
    case 'connect':
      return { ...existing, kind: 'connectNetwork', attachment: move.attachment };
    case 'disconnect':
      return { ...existing, kind: 'disconnectNetwork', network: move.network };
    default:
      return assertNever(move);
  }
}

/** What becomes of the anonymous volumes of a container that is removed. Docker keeps those that others mount, too. */
export const volumesWith = (
  { owned }: ObservedContainer,
  volumes: VolumesGone,
): { readonly withVolumes: boolean; readonly carried: readonly string[] } => ({
  withVolumes: volumes !== 'none',
  carried: volumes === 'all' ? owned.anonymous : [],
});

/** The grace of the spec that the container was made from; Docker's own where that says none. */
export const graceOf = ({ stopGraceMs }: ObservedContainer): number => stopGraceMs ?? DEFAULT_GRACE_MS;

/** The name with a role, `web-1-1a2b3c4d-old`, whatever role it has now. */
export const nameWithRole = (container: ObservedContainer, role: 'old' | 'failed'): string =>
  `${withoutRole(container.name)}-${role}`;

function draftOf(
  { project, service, slot, revision, image, networkOf }: MoveContext,
  from: ObservedContainer | null,
): ContainerDraft {
  const carried = carriedTo(service.container, from);
  return {
    name: containerNameOf(project, service, slot),
    spec: service.container,
    owned: {
      project,
      service: service.name,
      slot,
      hash: service.hash,
      image: image?.id ?? '',
      dependsOn: service.dependsOn
        .filter((dependency) => dependency.required)
        .map((dependency) => dependency.service),
      revision,
      stack: service.stack,
      prune: service.prune,
      anonymous: carried.map(({ volume }) => volume).sort(),
      source: service.source,
    },
    extraLabels: {},
    carried,
    networkOf,
  };
}
