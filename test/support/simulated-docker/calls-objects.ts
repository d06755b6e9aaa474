/**
 * Calls of the simulated engine about images, networks and volumes.
 * Owns: their effect on the truth and their failures. Must not know: the life of containers.
 */
import type { Engine } from '../../../src/controller/ports.js';
import type { NetworkAttachment } from '../../../src/model/desired.js';
import type { ObservedVolume } from '../../../src/model/observed.js';
import { failure } from './failures.js';
import { find, type Inside, there } from './inside.js';
import { takenAddress } from './starting.js';
import {
  type Endpoint,
  isAlive,
  isVolumeInUse,
  networkNamed,
  type SimulatedContainer,
  type SimulatedImage,
} from './truth.js';

type ObjectCall =
  | 'pullImage'
  | 'createNetwork'
  | 'removeNetwork'
  | 'createVolume'
  | 'removeVolume'
  | 'connectNetwork'
  | 'disconnectNetwork';

/** How long a pull takes, and how often it tells how far it is. */
const PULL_MS = { min: 50, max: 5_000 };
const PULL_LAYERS = 3;

/** The calls that are not about the life of a container. */
export function objectCalls(inside: Inside): Pick<Engine, ObjectCall> {
  return { ...imageCalls(inside), ...networkCalls(inside), ...volumeCalls(inside), ...endpointCalls(inside) };
}

/** An end in a network, as it is asked for. */
export const endpointOf = (attachment: NetworkAttachment, networkId: string): Endpoint => ({
  network: attachment.network,
  aliases: attachment.aliases,
  networkId,
  fixedIpv4: attachment.ipv4Address,
  fixedIpv6: attachment.ipv6Address,
});

/** A volume that is there from now on. */
export function addVolume({ truth, clock, emit }: Inside, volume: ObservedVolume): void {
  truth.volumes.set(volume.name, volume);
  truth.bornMs.set(volume, clock.now().monotonicMs);
  emit({ type: 'volume', action: 'create', id: volume.name });
}

function imageCalls({ truth, emit, note, call, work }: Inside): Pick<Engine, 'pullImage'> {
  const find = (reference: string): SimulatedImage => {
    const image = truth.images.get(reference);
    if (image === undefined) throw failure('pullFailed', `manifest for ${reference} not found`);
    return image;
  };
  return {
    pullImage: (reference, onProgress, options) =>
      call(async () => {
        note('pullImage', { name: reference });
        find(reference);
        for (let layer = 0; layer < PULL_LAYERS; layer += 1) {
          onProgress(`layer ${layer}/${PULL_LAYERS}`);
          await work(PULL_MS.min / PULL_LAYERS, PULL_MS.max / PULL_LAYERS);
        }
        const image = find(reference);
        truth.images.set(reference, { ...image, id: image.registryId ?? image.id, isHere: true });
        emit({ type: 'image', action: 'pull', id: reference });
      }, options),
  };
}

function networkCalls(inside: Inside): Pick<Engine, 'createNetwork' | 'removeNetwork'> {
  const { truth, clock, emit, note, call } = inside;
  return {
    createNetwork: ({ network, project }, options) =>
      call(() => {
        const { name, driver, hash } = network;
        note('createNetwork', { name });
        if (networkNamed(truth, name) !== null)
          throw failure('nameInUse', `network with name ${name} already exists`);
        const id = truth.createId();
        const made = { id, name, driver, project, hash };
        truth.networks.set(name, made);
        truth.bornMs.set(made, clock.now().monotonicMs);
        emit({ type: 'network', action: 'create', id });
      }, options),
    removeNetwork: (id, options) =>
      call(() => {
        const network = [...truth.networks.values()].find((candidate) => candidate.id === id);
        note('removeNetwork', { name: network?.name ?? id });
        if (network === undefined) return;
        const isUsed = [...truth.containers.values()].some(
          (container) =>
            isAlive(container) && container.endpoints.some(({ network: name }) => name === network.name),
        );
        if (isUsed) throw failure('inUse', `network ${network.name} has active endpoints`, 403);
        truth.networks.delete(network.name);
        emit({ type: 'network', action: 'destroy', id });
      }, options),
  };
}

function volumeCalls(inside: Inside): Pick<Engine, 'createVolume' | 'removeVolume'> {
  const { truth, emit, note, call } = inside;
  return {
    createVolume: ({ volume, project }, options) =>
      call(() => {
        const { name, driver, hash } = volume;
        note('createVolume', { name });
        if (truth.volumes.has(name)) return;
        addVolume(inside, { name, driver, project, hash });
      }, options),
    removeVolume: (name, options) =>
      call(() => {
        note('removeVolume', { name });
        if (isVolumeInUse(truth, name)) throw failure('inUse', `volume ${name} is in use`);
        if (truth.volumes.delete(name)) emit({ type: 'volume', action: 'destroy', id: name });
      }, options),
  };
}

function endpointCalls(inside: Inside): Pick<Engine, 'connectNetwork' | 'disconnectNetwork'> {
  const { truth, emit, note, call } = inside;
  return {
    connectNetwork: (id, attachment, options) =>
      call(() => {
        const container = find(inside, id);
        note('connectNetwork', { container, name: container?.name ?? id });
        const target = there(inside, id);
        const network = networkNamed(truth, attachment.network);
        if (network === null) throw failure('noSuchNetwork', `network ${attachment.network} not found`);
        if (target.endpoints.some((endpoint) => endpoint.network === network.name))
          throw failure('attachedAlready', `endpoint already exists in network ${network.name}`);
        const endpoint = endpointOf(attachment, isAlive(target) ? network.id : '');
        if (isAlive(target) && takenAddress({ id: target.id, endpoints: [endpoint] }, truth) !== null)
          throw failure('inUse', 'Address already in use', 403);
        target.endpoints.push(endpoint);
        emit({ type: 'container', action: 'connect', id: target.id });
      }, options),
    disconnectNetwork: (id, name, options) =>
      call(() => {
        const container = find(inside, id);
        note('disconnectNetwork', { container, name: container?.name ?? id });
        const target = there(inside, id);
        const isOn = target.endpoints.some((endpoint) => endpoint.network === name);
        // Of one that is not up Docker looks at its own list alone.
        if (!isOn && isAlive(target) && networkNamed(truth, name) === null)
          throw failure('noSuchNetwork', `network ${name} not found`);
        if (!isOn) throw failure('engine', `container ${id} is not connected to network ${name}`);
        leave(target, name);
        emit({ type: 'container', action: 'disconnect', id: target.id });
      }, options),
  };
}

/** Takes the container off the network. */
export function leave(container: SimulatedContainer, network: string): void {
  container.endpoints = container.endpoints.filter((endpoint) => endpoint.network !== network);
}
