/**
 * Calls of the simulated engine about the ends of containers in networks.
 * Owns: their effect on the truth and their failures. Must not know: the life of containers and networks.
 */
import type { Engine } from '../../../src/controller/ports.js';
import type { NetworkAttachment } from '../../../src/model/desired.js';
import { failure } from './failures.js';
import { find, type Inside, notLeaving, there } from './inside.js';
import { allocatePorts } from './ports.js';
import { takenAddress } from './starting.js';
import { type Endpoint, isAlive, networkNamed, type SimulatedContainer, type Truth } from './truth.js';

/** The calls that connect and disconnect. */
export function endpointCalls(inside: Inside): Pick<Engine, 'connectNetwork' | 'disconnectNetwork'> {
  const { truth, emit, note, call } = inside;
  return {
    connectNetwork: (id, attachment, options) =>
      call(() => {
        const container = find(inside, id);
        note('connectNetwork', { container, name: container?.name ?? id });
        const target = notLeaving(there(inside, id));
        const isUp = isAlive(target);
        const network = networkNamed(truth, attachment.network);
        if (isUp && network === null)
          throw failure('noSuchNetwork', `network ${attachment.network} not found`);
        if (target.endpoints.some((endpoint) => endpoint.network === attachment.network)) {
          // Of one that is not up Docker only writes down what is asked for, and that is written down already.
          if (!isUp) return;
          throw failure('attachedAlready', `endpoint already exists in network ${attachment.network}`);
        }
        if (network !== null && target.endpoints.some((endpoint) => endpoint.network === 'none'))
          throw failure(
            'rejected',
            'container cannot be connected to multiple networks with one of the networks in private (none) mode',
          );
        const endpoint = endpointOf(attachment, '');
        target.endpoints.push(endpoint);
        if (isUp) plugIn(target, endpoint, truth);
        emit({ type: 'container', action: 'connect', id: target.id });
      }, options),
    disconnectNetwork: (id, name, options) =>
      call(() => {
        const container = find(inside, id);
        note('disconnectNetwork', { container, name: container?.name ?? id });
        const target = notLeaving(there(inside, id));
        const end = target.endpoints.find((endpoint) => endpoint.network === name);
        // Of one that is not up Docker looks at its own list alone; of one that is, at the network.
        const isOn = end !== undefined && (!isAlive(target) || end.networkId !== '');
        if (!isOn && isAlive(target) && networkNamed(truth, name) === null)
          throw failure('noSuchNetwork', `network ${name} not found`);
        if (!isOn) throw failure('engine', `container ${id} is not connected to network ${name}`);
        leave(target, name);
        emit({ type: 'container', action: 'disconnect', id: target.id });
      }, options),
  };
}

/** An end in a network, as it is asked for. */
export const endpointOf = (attachment: NetworkAttachment, networkId: string): Endpoint => ({
  network: attachment.network,
  aliases: attachment.aliases,
  networkId,
  fixedIpv4: attachment.ipv4Address,
  fixedIpv6: attachment.ipv6Address,
});

/** Joins what runs to a network. One that cannot be joined stays written down. */
function plugIn(container: SimulatedContainer, endpoint: Endpoint, truth: Truth): void {
  if (takenAddress({ id: container.id, endpoints: [endpoint] }, truth) !== null)
    throw failure('inUse', 'Address already in use', 403);
  if (container.bindings.length === 0) {
    const allocation = allocatePorts(container, truth);
    if (allocation.kind === 'taken') throw failure('engine', allocation.message);
    container.bindings = allocation.bindings;
  }
  endpoint.networkId = networkNamed(truth, endpoint.network)?.id ?? '';
}

/** Takes the container off the network; its host ports go with the last one. */
export function leave(container: SimulatedContainer, network: string): void {
  container.endpoints = container.endpoints.filter((endpoint) => endpoint.network !== network);
  if (container.endpoints.length === 0) container.bindings = [];
}
