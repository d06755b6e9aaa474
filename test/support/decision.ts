/**
 * Decision tests: texts in, printed lines out.
 * Owns: making the inputs of a decision from a few lines, and printing what it decides. Must not know: any rule.
 */

import type { DecisionContext, Settings } from '../../src/core/context.js';
import { type Decision, decide } from '../../src/core/decide.js';
import { everyService, forecast } from '../../src/core/forecast.js';
import { emptyMemory, type Memory } from '../../src/core/memory.js';
import { remember } from '../../src/core/remember.js';
import { topologyOf } from '../../src/core/topology.js';
import type { DesiredState } from '../../src/model/desired.js';
import type { EventDraft } from '../../src/model/event.js';
import type { Failure } from '../../src/model/failure.js';
import { type ContainerId, containerId, type StepKey, serviceName } from '../../src/model/ids.js';
import { roleOfName } from '../../src/model/names.js';
import type { ObservedImage, OtherContainer } from '../../src/model/observed.js';
import type { Plan } from '../../src/model/plan.js';
import type { ServiceStatus } from '../../src/model/status.js';
import { type Outcome, objectOf, STEP_VERBS, type Step } from '../../src/model/step.js';
import { type DesiredOptions, parseDesired } from './decision-desired.js';
import { OTHER_SPECS, parseContainers } from './decision-observed.js';

/** One moment: what is asked for, what is there, what is known. */
export interface Scene extends DesiredOptions {
  /** Service names and specs in YAML. */
  readonly manifests?: string;
  /** Containers, one a line; see `decision-observed.ts`. */
  readonly docker?: string;
  /** By reference; those of all services are there unless said otherwise. `unseen`: not looked up yet. */
  readonly images?: Readonly<Record<string, 'missing' | 'unseen' | 'checked'>>;
  /** Names on Docker; all declared ones unless said otherwise. */
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  /** Networks and volumes of ours that were made from another declaration. */
  readonly changed?: readonly string[];
  /** Names of the containers that somebody sent a signal to. */
  readonly killed?: readonly string[];
  readonly others?: readonly Partial<OtherContainer>[];
  /** Default: a process that has been at work for a while. */
  readonly memory?: Memory;
  /** Seconds since the process began; 1000 unless said otherwise. */
  readonly at?: number;
  readonly inFlight?: readonly Step[];
  readonly settings?: Partial<Settings>;
}

/** What a pass came to. */
export interface Pass {
  /** `start container web-1  created, not yet started`. */
  readonly lines: readonly string[];
  readonly steps: readonly Step[];
  readonly events: readonly EventDraft[];
  readonly memory: Memory;
  readonly decision: Decision;
  readonly context: DecisionContext;
  /** `state sync health`, and the reason and sentence where there is one. */
  status(service: string): string;
  /** The whole status; fails when there is none. */
  facts(service: string): ServiceStatus;
  /** When it looks again at the service, in seconds from now; null: when something changes. */
  recheckIn(service: string): number | null;
}

/** The memory of a process that has been at work for a while: no amnesty any more. */
export const settledMemory: Memory = { ...emptyMemory, amnesty: false };

/** The second at which a scene is looked at, and from which its containers' times count back. */
const SCENE_SECOND = 1_000;
const WALL_OFFSET_MS = 1_769_860_800_000;

/** The inputs of a decision. */
export function contextOf(scene: Scene): DecisionContext {
  const desired = parseDesired(scene.manifests ?? '', scene);
  const monotonicMs = (scene.at ?? SCENE_SECOND) * 1000;
  const now = { monotonicMs, wallMs: WALL_OFFSET_MS + monotonicMs };
  const services = parseContainers(scene.docker ?? '', desired, WALL_OFFSET_MS + SCENE_SECOND * 1000);
  return {
    settings: {
      project: 'alicia',
      instance: 'box',
      ownContainerId: null,
      allowMassPrune: false,
      mayBePruned: [],
      takeDown: false,
      removeVolumes: false,
      ...scene.settings,
    },
    desired,
    topology: topologyOf(desired),
    observed: {
      engine: { id: 'engine', version: '20.10', apiVersion: '1.41' },
      services,
      others: new Map((scene.others ?? []).map((other, index) => otherOf(other, index))),
      networks: new Map(
        (scene.networks ?? [...desired.networks.keys()]).map((name) => [
          name,
          {
            id: `id of ${name}`,
            name,
            driver: 'bridge',
            project: 'alicia',
            hash:
              scene.changed?.includes(name) === true ? CHANGED : (desired.networks.get(name)?.hash ?? null),
          },
        ]),
      ),
      volumes: new Map(
        (scene.volumes ?? [...desired.volumes.keys()]).map((name) => [
          name,
          {
            name,
            driver: 'local',
            project: 'alicia',
            hash:
              scene.changed?.includes(name) === true ? CHANGED : (desired.volumes.get(name)?.hash ?? null),
          },
        ]),
      ),
      images: imagesOf(scene, desired),
      killed: killedIn(scene, services),
    },
    inFlight: new Map((scene.inFlight ?? []).map((step): [StepKey, Step] => [step.key, step])),
    memory: scene.memory ?? settledMemory,
    now,
  };
}

/** The hash of another declaration. */
const CHANGED = `v1:${'9'.repeat(64)}`;

function killedIn(
  { killed = [] }: Scene,
  services: DecisionContext['observed']['services'],
): ReadonlySet<ContainerId> {
  const containers = [...services.values()].flat();
  return new Set(
    containers.filter(({ name }) => killed.some((part) => name.includes(part))).map(({ id }) => id),
  );
}

function otherOf(other: Partial<OtherContainer>, index: number): [OtherContainer['id'], OtherContainer] {
  const id = containerId(`other-${index}`);
  const rest = { writes: [], composeProject: null, composeService: null, aliciaProject: null };
  return [id, { id, name: `other-${index}`, running: true, hostPorts: [], networks: [], ...rest, ...other }];
}

function imagesOf(scene: Scene, desired: DesiredState): ReadonlyMap<string, ObservedImage | null> {
  const images = new Map<string, ObservedImage | null>();
  for (const { container } of desired.services.values()) {
    const word = scene.images?.[container.image];
    if (word === 'unseen') continue;
    const image = { id: 'sha256:1', version: null, hasHealthcheck: word === 'checked' };
    images.set(container.image, word === 'missing' ? null : image);
  }
  return images;
}

/** Decides about everything in the scene. */
export function pass(scene: Scene): Pass {
  const context = contextOf(scene);
  const decision = decide({ services: everyService(context), objects: true }, context);
  const facts = (service: string): ServiceStatus => {
    const status = decision.statuses.get(serviceName(service)) ?? null;
    if (status === null) throw new Error(`no status of ${service}`);
    return status;
  };
  return {
    lines: decision.steps.map((step) => lineOf(step, context)),
    steps: decision.steps,
    events: decision.events,
    memory: decision.memory,
    decision,
    context,
    status: (service) => statusLine(facts(service)),
    facts,
    recheckIn: (service) => {
      const atMs = decision.recheckAtMs.get(serviceName(service)) ?? null;
      return atMs === null ? null : (atMs - context.now.monotonicMs) / 1000;
    },
  };
}

/** Id of the first container that the scene has of a service. */
export function firstContainerOf(scene: Scene, service: string): ContainerId | null {
  return contextOf(scene).observed.services.get(serviceName(service))?.[0]?.id ?? null;
}

/** The lines of a pass over the scene: what most tests want. */
export const linesOf = (scene: Scene): readonly string[] => pass(scene).lines;

/** The plan from the scene on. */
export const planOf = (scene: Scene): Plan => forecast(contextOf(scene));

/** The plan's lines alone. */
export const planLines = (scene: Scene): readonly string[] =>
  planOf(scene).steps.map(({ verb, object, cause }) => `${verb} ${object}  ${cause}`);

/** A step as people read it; beyond the contract's line it says which container of two, and what it becomes. */
function lineOf(step: Step, { observed }: DecisionContext): string {
  const container =
    'id' in step
      ? [...observed.services.values()].flat().find((candidate) => candidate.id === step.id)
      : undefined;
  const spec = Object.entries(OTHER_SPECS).find(([, hash]) => hash === container?.owned.hash)?.[0];
  const which = spec === undefined ? '' : ` (${spec})`;
  return `${STEP_VERBS[step.kind]} ${objectOf(step)}${which}${becomes(step, container?.mounts.length ?? 0)}  ${step.cause}`;
}

function becomes(step: Step, mounts: number): string {
  if (step.kind === 'renameContainer') return ` → ${roleOfName(step.to)}`;
  if (step.kind === 'updateContainer') {
    const { restart, resources } = step.change;
    return ` → ${[restart?.name, resources === null ? undefined : 'limits'].filter((word) => word !== undefined).join(' and ')}`;
  }
  if (step.kind === 'createContainer' && step.draft.carried.length > 0)
    return ` with ${step.draft.carried.map(({ target }) => target).join(', ')}`;
  if (step.kind === 'removeContainer' && step.withVolumes && mounts > 0) return ' with its volumes';
  if (step.kind === 'connectNetwork') return ` → ${step.attachment.network}`;
  if (step.kind === 'disconnectNetwork') return ` ← ${step.network}`;
  return '';
}

function statusLine({ state, sync, health, reason, message }: ServiceStatus): string {
  return `${state} ${sync} ${health}${reason === null ? '' : ` ${reason}`}${message === '' ? '' : `: ${message}`}`;
}

/** The memory after every step of a pass has ended like this. */
export function afterSteps({ memory, steps, context }: Pass, outcome: Outcome = { kind: 'done' }): Memory {
  return steps.reduce((known, step) => {
    const hash = step.service === null ? null : (context.desired.services.get(step.service)?.hash ?? null);
    return remember(known, { step, outcome, now: context.now, hash }).memory;
  }, memory);
}

/** The outcome of a call that the engine refused. */
export const failed = (code: Failure['code'], message = 'no'): Outcome => ({
  kind: 'failed',
  failure: { code, message, status: 500 },
});

/** Several moments one after the other, memory carried on, every step taken as done; returns each pass. */
export function passes(scenes: readonly Scene[]): readonly Pass[] {
  const done: Pass[] = [];
  let memory: Memory | null = null;
  for (const scene of scenes) {
    const next: Pass = pass(memory === null ? scene : { ...scene, memory: scene.memory ?? memory });
    done.push(next);
    memory = afterSteps(next);
  }
  return done;
}

/** What is told at several moments, one a second: texts of Docker with the same manifests, or what else differs. */
export const story = (
  manifests: string,
  ...moments: readonly (string | Partial<Scene>)[]
): readonly Pass['events'][] =>
  passes(
    moments.map((moment, index) => ({
      manifests,
      at: 1000 + index,
      ...(typeof moment === 'string' ? { docker: moment } : moment),
    })),
  ).map(({ events }) => events);

/** The last of several moments. */
export function lastPass(scenes: readonly Scene[]): Pass {
  const last = passes(scenes).at(-1);
  if (last === undefined) throw new Error('no scene');
  return last;
}

/** Types of the events of a pass. */
export const eventTypes = ({ events }: Pass): readonly string[] => events.map(({ type }) => type);
