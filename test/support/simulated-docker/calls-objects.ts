/**
 * Calls of the simulated engine about images, networks and volumes.
 * Owns: their effect on the truth and their failures. Must not know: the life of containers.
 */
import type { Engine } from '../../../src/controller/ports.js';
import type { ObservedVolume } from '../../../src/model/observed.js';
import { failure } from './failures.js';
import type { Inside } from './inside.js';
import { isAlive, isVolumeInUse, networkNamed, type SimulatedImage } from './truth.js';

type ObjectCall = 'pullImage' | 'createNetwork' | 'removeNetwork' | 'createVolume' | 'removeVolume';

/** How long a pull takes, and how often it tells how far it is. */
const PULL_MS = { min: 50, max: 5_000 };
const PULL_LAYERS = 3;

/** The calls that are not about the life of a container. */
export function objectCalls(inside: Inside): Pick<Engine, ObjectCall> {
  return { ...imageCalls(inside), ...networkCalls(inside), ...volumeCalls(inside) };
}

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
