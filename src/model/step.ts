/**
 * Steps: one call to the engine each, with its cause.
 * Owns: the closed union of steps and how each is named. Must not know: how it is executed.
 */
import type {
  ContainerSpec,
  DesiredNetwork,
  DesiredVolume,
  NetworkAttachment,
  Resources,
  RestartPolicy,
} from './desired.js';
import type { Failure } from './failure.js';
import { type ContainerId, type ServiceName, type StepKey, stepKey } from './ids.js';
import type { OwnedLabels } from './labels.js';

/** Parts that every step has. */
interface StepBase {
  /** At most one step of a key is in flight. */
  readonly key: StepKey;
  /** The service that wants it; null: of the project as a whole. */
  readonly service: ServiceName | null;
  /** The replica's slot; null when it is about no replica. */
  readonly slot: number | null;
  /** Why, in a few words: `no container in slot 2`. */
  readonly cause: string;
}

/** A step about a container that exists. */
interface ContainerStep extends StepBase {
  readonly id: ContainerId;
  /** Its name at the time of the decision; for people and for looking it up again. */
  readonly name: string;
}

/** All that is needed to make one container. */
export interface ContainerDraft {
  readonly name: string;
  readonly spec: ContainerSpec;
  readonly owned: OwnedLabels;
  /** Labels beyond the user's and ours, such as Compose's. */
  readonly extraLabels: Readonly<Record<string, string>>;
  /** Anonymous volumes of the container that it replaces. */
  readonly carried: readonly CarriedVolume[];
  /** The container whose network it shares; null: none. */
  readonly networkOf: ContainerId | null;
}

/** An anonymous volume that goes from one container to the next. */
export interface CarriedVolume {
  readonly volume: string;
  readonly target: string;
}

/** A run of a dependency that a restart follows. */
export interface FollowedRun {
  readonly service: ServiceName;
  /** Containers and start times, as one text. */
  readonly run: string;
}

/** What `docker update` is to change; null: left as it is. */
export interface ContainerChange {
  readonly restart: RestartPolicy | null;
  readonly resources: Resources | null;
}

/** One call to make. */
export type Step =
  | (StepBase & { readonly kind: 'pullImage'; readonly image: string })
  | (StepBase & {
      readonly kind: 'createNetwork';
      readonly project: string;
      readonly network: DesiredNetwork;
    })
  | (StepBase & { readonly kind: 'removeNetwork'; readonly name: string; readonly id: string })
  | (StepBase & { readonly kind: 'createVolume'; readonly project: string; readonly volume: DesiredVolume })
  | (StepBase & { readonly kind: 'removeVolume'; readonly name: string })
  | (StepBase & { readonly kind: 'createContainer'; readonly draft: ContainerDraft })
  | (ContainerStep & {
      readonly kind: 'startContainer';
      /** It has run before. */
      readonly again: boolean;
      /** It is a one-shot whose run was cut off rather than ended. */
      readonly interrupted: boolean;
    })
  | (ContainerStep & {
      readonly kind: 'stopContainer';
      readonly graceMs: number;
      /** It failed in a rollout: once it rests it is named so, and not tried again. */
      readonly isVerdict: boolean;
    })
  | (ContainerStep & {
      readonly kind: 'restartContainer';
      readonly graceMs: number;
      /** The run of a dependency that it follows; null: none. */
      readonly follows: FollowedRun | null;
    })
  | (ContainerStep & { readonly kind: 'unpauseContainer' })
  | (ContainerStep & {
      readonly kind: 'removeContainer';
      /** With the anonymous volumes that Docker made for it: it goes for good. */
      readonly withVolumes: boolean;
      /** Anonymous volumes that it was given by its predecessor, to be deleted by name afterwards. */
      readonly carried: readonly string[];
    })
  | (ContainerStep & { readonly kind: 'renameContainer'; readonly to: string })
  | (ContainerStep & { readonly kind: 'updateContainer'; readonly change: ContainerChange })
  | (ContainerStep & { readonly kind: 'connectNetwork'; readonly attachment: NetworkAttachment })
  | (ContainerStep & { readonly kind: 'disconnectNetwork'; readonly network: string });

/** The word that tells steps apart. */
export type StepKind = Step['kind'];
/** The step of one kind. */
export type StepOf<Kind extends StepKind> = Extract<Step, { readonly kind: Kind }>;

/** Verbs of the contract. */
export const STEP_VERBS = {
  pullImage: 'pull',
  createNetwork: 'create',
  removeNetwork: 'remove',
  createVolume: 'create',
  removeVolume: 'remove',
  createContainer: 'create',
  startContainer: 'start',
  stopContainer: 'stop',
  restartContainer: 'restart',
  unpauseContainer: 'unpause',
  removeContainer: 'remove',
  renameContainer: 'rename',
  updateContainer: 'update',
  connectNetwork: 'connect',
  disconnectNetwork: 'disconnect',
} as const satisfies Record<StepKind, string>;

/** What became of a step. An outcome is never taken for state: the engine is observed again after it. */
export type Outcome =
  | { readonly kind: 'done' }
  /** The engine answered no, or could not be reached before the call was made. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Time-out, reset, cut reply: look before anything is repeated. */
  | { readonly kind: 'unknown'; readonly message: string };

/** What a step is about, as people read it: `container stt-1`, `network alicia_bus_network`, `image redis:7.4`. */
export function objectOf(step: Step): string {
  switch (step.kind) {
    case 'pullImage':
      return `image ${step.image}`;
    case 'createNetwork':
      return `network ${step.network.name}`;
    case 'removeNetwork':
      return `network ${step.name}`;
    case 'createVolume':
      return `volume ${step.volume.name}`;
    case 'removeVolume':
      return `volume ${step.name}`;
    default:
      return `container ${step.service ?? ''}-${step.slot ?? 0}`;
  }
}

/** Keys of steps: replicas by service and slot, shared objects by name. */
export const keys = {
  replica: (service: ServiceName, slot: number): StepKey => stepKey(`replica:${service}/${slot}`),
  /** A container that was put aside. */
  leftover: (id: ContainerId): StepKey => stepKey(`leftover:${id}`),
  image: (reference: string): StepKey => stepKey(`image:${reference}`),
  network: (name: string): StepKey => stepKey(`network:${name}`),
  volume: (name: string): StepKey => stepKey(`volume:${name}`),
} as const;
