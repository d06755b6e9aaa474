/**
 * Looking at the simulated engine.
 * Owns: what each look answers. Must not know: what changes the truth.
 */
import type { Engine, Sighting } from '../../../src/controller/ports.js';
import { find, type Inside } from './inside.js';
import { refreshHealth } from './monitoring.js';
import { networkNamed, PREDEFINED_NETWORKS, type SimulatedContainer, sightingOf } from './truth.js';

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
  const { truth, project, call, clock, events } = inside;
  const sight = (container: SimulatedContainer): Sighting => {
    refreshHealth(container, inside);
    return sightingOf(container, project);
  };
  /** Of what is there now, what a list shows that lags behind: what is gone is gone for its inspect, too. */
  const listed = <T extends object>(things: Iterable<T>): readonly T[] => {
    const lagMs = inside.listLagMs();
    if (lagMs <= 0) return [...things];
    const seenUntilMs = clock.now().monotonicMs - lagMs;
    return [...things].filter((thing) => (truth.bornMs.get(thing) ?? 0) <= seenUntilMs);
  };
  return {
    connect: (options) => call(() => ({ id: 'simulated', version: '20.10.24', apiVersion: '1.41' }), options),
    subscribe(sink, options) {
      // `since` is the moment of the request: nothing is missed between it and the subscription.
      const since = events.position();
      return call(() => ({ close: events.subscribe(sink, since) }), options);
    },
    list: (options) =>
      call(
        () => ({
          containers: listed(truth.containers.values()).map(sight),
          networks: [...listed(truth.networks.values()), ...PREDEFINED_NETWORKS],
          volumes: listed(truth.volumes.values()),
        }),
        options,
      ),
    inspectContainer: (idOrName, options) =>
      call(() => {
        const container = find(inside, idOrName);
        return container === null ? null : sight(container);
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
