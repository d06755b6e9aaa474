/**
 * Looking at the simulated engine.
 * Owns: what each look answers. Must not know: what changes the truth.
 */
import type { Engine, EngineEventSink } from '../../../src/controller/ports.js';
import { find, type Inside } from './inside.js';
import { networkNamed, PREDEFINED_NETWORKS, sightingOf } from './truth.js';

type LookingCall =
  | 'connect'
  | 'subscribe'
  | 'list'
  | 'inspectContainer'
  | 'inspectNetwork'
  | 'inspectVolume'
  | 'inspectImage';

/** The calls that change nothing. */
export function lookingCalls(inside: Inside): Pick<Engine, LookingCall> {
  const { truth, project, call, sinks } = inside;
  return {
    connect: (options) => call(() => ({ id: 'simulated', version: '20.10.24', apiVersion: '1.41' }), options),
    subscribe: (sink, options) =>
      call(() => {
        // Each subscription is its own, even where a sink is given twice.
        const own: EngineEventSink = { ...sink };
        sinks.add(own);
        return { close: () => void sinks.delete(own) };
      }, options),
    list: (options) =>
      call(
        () => ({
          containers: [...truth.containers.values()].map((container) => sightingOf(container, project)),
          networks: [...truth.networks.values(), ...PREDEFINED_NETWORKS],
          volumes: [...truth.volumes.values()],
        }),
        options,
      ),
    inspectContainer: (idOrName, options) =>
      call(() => {
        const container = find(inside, idOrName);
        return container === null ? null : sightingOf(container, project);
      }, options),
    inspectNetwork: (name, options) => call(() => networkNamed(truth, name), options),
    inspectVolume: (name, options) => call(() => truth.volumes.get(name) ?? null, options),
    inspectImage: (reference, options) =>
      call(() => {
        const image = truth.images.get(reference);
        if (image === undefined || !image.isHere) return null;
        const { id, version, hasHealthcheck } = image;
        return { id, version, hasHealthcheck };
      }, options),
  };
}
