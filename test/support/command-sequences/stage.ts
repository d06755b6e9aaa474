/**
 * What a sequence is played on: an engine, simulated or real, and the place in it that is the sequence's own.
 * Owns: carrying out commands, and what came of each in words. Must not know: which engine it is.
 */
import { type Engine, EngineError } from '../../../src/controller/ports.js';
import type { NetworkAttachment } from '../../../src/model/desired.js';
import { type ContainerId, containerId } from '../../../src/model/ids.js';
import type { ObservedContainer } from '../../../src/model/observed.js';
import type { ContainerDraft } from '../../../src/model/step.js';
import { plainDraft } from '../plain-draft.js';
import { CHANGES, type Command, type NetworkName } from './commands.js';
import { type KindName, type Place, specOf } from './kinds.js';

/** An engine with a place for a sequence. */
export interface Stage {
  readonly engine: Engine;
  readonly place: Place;
  /** `docker kill`, `docker pause`: rejects as the port does, with {@link EngineError}. */
  kill(id: ContainerId): Promise<void>;
  pause(id: ContainerId): Promise<void>;
  /** A container as it is, without taking part in what happens; null: there is none. */
  look(id: ContainerId): Promise<ObservedContainer | null>;
  /** The volumes of these names that are there. */
  volumes(names: readonly string[]): Promise<readonly string[]>;
}

/** A container of a sequence, by the number of its creation. */
export interface Made {
  readonly kind: KindName;
  readonly id: ContainerId;
}

/** What was made so far: by the number of the creation; null: it was refused. */
export type Cast = (Made | null)[];

/** Longer than any call of a sequence takes. */
export const WITHIN = { deadlineMs: 120_000 };
const NOBODY = containerId('0'.repeat(64));

/** Carries out one command; its outcome in words. `number`: of the creation, where it is one. */
export async function perform(stage: Stage, cast: Cast, command: Command, number: number): Promise<string> {
  try {
    return await carryOut(stage, cast, command, number);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { code, status } = error.failure;
    return `${code} ${status}`;
  }
}

async function carryOut(stage: Stage, cast: Cast, command: Command, number: number): Promise<string> {
  const { engine, place } = stage;
  if (command.verb === 'create') {
    cast[number] = null;
    const id = await engine.createContainer(draftOf(command, place), WITHIN);
    cast[number] = { kind: command.kind, id };
    return 'done';
  }
  if (command.verb === 'list') return listed(stage, cast);
  const id = cast[command.target]?.id ?? NOBODY;
  switch (command.verb) {
    case 'start':
      await engine.startContainer(id, WITHIN);
      return 'done';
    case 'kill':
      await stage.kill(id);
      return 'done';
    case 'pause':
      await stage.pause(id);
      return 'done';
    case 'unpause':
      await engine.unpauseContainer(id, WITHIN);
      return 'done';
    case 'inspect':
      return (await engine.inspectContainer(id, WITHIN)) === null ? 'not there' : 'there';
    case 'stop':
      await engine.stopContainer(id, command.graceMs, WITHIN);
      return 'done';
    case 'restart':
      await engine.restartContainer(id, command.graceMs, WITHIN);
      return 'done';
    case 'remove':
      await engine.removeContainer(id, { ...WITHIN, withVolumes: command.withVolumes });
      return 'done';
    case 'rename':
      await engine.renameContainer(id, nameOf(command.name, place), WITHIN);
      return 'done';
    case 'update':
      await engine.updateContainer(id, CHANGES[command.change], WITHIN);
      return 'done';
    case 'connect':
      await engine.connectNetwork(id, attachmentOf(command, place), WITHIN);
      return 'done';
    case 'disconnect':
      await engine.disconnectNetwork(id, networkOf(command.network, place), WITHIN);
      return 'done';
  }
}

async function listed({ engine }: Stage, cast: Cast): Promise<string> {
  const { containers } = await engine.list(WITHIN);
  const ids = new Set(containers.map(({ container }) => container.id));
  const numbers = cast.flatMap((made, number) => (made !== null && ids.has(made.id) ? [`c${number}`] : []));
  return numbers.join(' ');
}

const nameOf = (name: number, { prefix }: Place): string => `${prefix}-n${name}`;

function networkOf(network: NetworkName, { networks, prefix }: Place): string {
  if (network === 'front' || network === 'back') return networks[network];
  return network === 'bridge' ? network : `${prefix}-${network}`;
}

function attachmentOf(
  { network, isFixed }: Extract<Command, { readonly verb: 'connect' }>,
  place: Place,
): NetworkAttachment {
  const address = network === 'front' || network === 'back' ? place.addresses[network] : null;
  return {
    network: networkOf(network, place),
    aliases: network === 'bridge' ? [] : ['late'],
    ipv4Address: isFixed ? address : null,
    ipv6Address: null,
  };
}

function draftOf(
  { kind, name }: Extract<Command, { readonly verb: 'create' }>,
  place: Place,
): ContainerDraft {
  const owner = { project: place.project, service: 'sequence' };
  return plainDraft(nameOf(name, place), owner, { spec: specOf(kind, place) });
}
