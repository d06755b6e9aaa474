/**
 * What the contract of the engine port is run on, and what it makes there.
 * Owns: the world that a suite needs, and drafts of things to create. Must not know: the obligations.
 */
import { type Engine, EngineError } from '../../../src/controller/ports.js';
import type { ContainerSpec, NetworkAttachment } from '../../../src/model/desired.js';
import type { FailureCode } from '../../../src/model/failure.js';
import type { ObservedContainer } from '../../../src/model/observed.js';
import { type ContainerDraft, keys, type StepOf } from '../../../src/model/step.js';
import { PLAIN_HASH, plainDraft, plainSpec } from '../plain-draft.js';

/** Somebody else who uses the same engine. */
export interface Outsider {
  /** Makes and starts a container that runs for ever; resolves with its id. */
  run(container: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly hostPort?: number;
    /** Names of volumes that it may write to. */
    readonly volumes?: readonly string[];
    /** Folders of the host that it may write to. */
    readonly binds?: readonly string[];
    /** Its mounts are read-only instead. */
    readonly readOnly?: boolean;
  }): Promise<string>;
  pause(id: string): Promise<void>;
  kill(id: string): Promise<void>;
  /** By force. */
  remove(id: string): Promise<void>;
}

/** An engine to test, and its surroundings. */
export interface EngineWorld {
  readonly engine: Engine;
  /** Value of our project label; also the beginning of every name that the suite makes. */
  readonly project: string;
  /** An image that is present and has no health check. */
  readonly image: string;
  readonly commands: {
    readonly forEver: readonly string[];
    /** Runs for ever, and ends with exit code 0 when it is asked to; null: the image's own. */
    readonly listening: readonly string[] | null;
    /** Ends at once with exit code 3. */
    readonly exitWith3: readonly string[];
    /** Goes on for longer than any test. */
    readonly hang: readonly string[];
    /** A health check's command that succeeds, and one that fails. */
    readonly succeed: readonly string[];
    readonly fail: readonly string[];
  };
  /** Host ports that nobody uses. */
  readonly freePorts: readonly [number, number];
  /** The first of two host ports in a row that nobody uses. */
  readonly freeRange: number;
  readonly outsider: Outsider;
  /** Waits (or lets virtual time pass) until the condition returns something. */
  until<T>(condition: () => Promise<T | null>): Promise<T>;
  /** Removes all that was made. */
  close(): Promise<void>;
}

/** Options of every call in the suite. */
export const WITHIN = { deadlineMs: 20_000 };
/** Options of a removal that leaves every volume. */
export const KEEPING = { ...WITHIN, withVolumes: false };
/** The hash on whatever the suite makes. */
export const HASH = PLAIN_HASH;

/** A draft of a container that runs for ever, with what a test wants otherwise. */
export function draftFor(
  world: EngineWorld,
  service: string,
  changes: Partial<ContainerSpec> = {},
): ContainerDraft {
  const spec = plainSpec({ image: world.image, command: world.commands.forEver, ...changes });
  return plainDraft(`${world.project}-${service}`, { project: world.project, service }, { spec });
}

/** A step that creates a bridge network of the project; without a subnet Docker chooses one, and takes no fixed addresses. */
export function networkStep(
  world: EngineWorld,
  name: string,
  subnet: string | null = null,
): StepOf<'createNetwork'> {
  const full = `${world.project}-${name}`;
  return {
    kind: 'createNetwork',
    key: keys.network(full),
    service: null,
    slot: null,
    cause: 'a test',
    project: world.project,
    network: {
      name: full,
      external: false,
      driver: 'bridge',
      driverOptions: {},
      internal: false,
      attachable: false,
      enableIpv6: false,
      labels: {},
      ipam: subnet === null ? [] : [{ subnet, gateway: null, ipRange: null }],
      hash: HASH,
    },
  };
}

/** A step that creates a volume of the project. */
export function volumeStep(world: EngineWorld, name: string): StepOf<'createVolume'> {
  return {
    kind: 'createVolume',
    key: keys.volume(name),
    service: null,
    slot: null,
    cause: 'a test',
    project: world.project,
    volume: { name, external: false, driver: 'local', driverOptions: {}, labels: {}, hash: HASH },
  };
}

/** Membership of a network without addresses. */
export const attachmentTo = (network: string, aliases: readonly string[] = []): NetworkAttachment => ({
  network,
  aliases,
  ipv4Address: null,
  ipv6Address: null,
});

/** A published port on the loopback address. */
export const fixedPort = (containerPort: number, hostPort: number) =>
  ({
    containerPort,
    protocol: 'tcp',
    hostIp: '127.0.0.1',
    hostPorts: { first: hostPort, last: hostPort },
  }) as const;

/** The container, which must be there and ours. */
export async function ours(engine: Engine, id: string): Promise<ObservedContainer> {
  const sighting = await engine.inspectContainer(id, WITHIN);
  if (sighting?.kind !== 'ours') throw new Error(`${id} is ${sighting?.kind ?? 'not there'}`);
  return sighting.container;
}

/** The code and the HTTP status that a call fails with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no failure';
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return `${error.failure.code} ${error.failure.status}`;
  }
}

/** The code that a call fails with. */
export async function codeOf(call: Promise<unknown>): Promise<FailureCode | 'no failure'> {
  try {
    await call;
    return 'no failure';
  } catch (error) {
    const { failure } = error as { readonly failure?: { readonly code: FailureCode } };
    if (failure === undefined) throw error;
    return failure.code;
  }
}
