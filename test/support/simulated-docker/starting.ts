/**
 * Whether a simulated container can be started: its networks, its parent, its addresses, its ports.
 * Owns: what is in the way, in Docker's order. Must not know: who starts it, what follows.
 */
import type { EngineError } from '../../../src/controller/ports.js';
import { failure } from './failures.js';
import { allocatePorts, type Binding } from './ports.js';
import { isAlive, networkNamed, type SimulatedContainer, type Truth } from './truth.js';

/** All that a start needs, or why it cannot be. */
export type Preparation =
  | { readonly kind: 'ready'; readonly bindings: readonly Binding[] }
  | { readonly kind: 'refused'; readonly error: EngineError };

/** Looks for what is in the way, and takes host ports where nothing is. */
export function prepare(container: SimulatedContainer, truth: Truth): Preparation {
  const error = faultOfParent(container, truth) ?? faultOfNetworks(container, truth);
  if (error !== null) return { kind: 'refused', error };
  const allocation = allocatePorts(container, truth);
  if (allocation.kind === 'bound') return { kind: 'ready', bindings: allocation.bindings };
  return { kind: 'refused', error: failure('portInUse', allocation.message) };
}

/** The network in which somebody else who is up has a fixed address of the container; null: none. */
export function takenAddress(
  container: Pick<SimulatedContainer, 'id' | 'endpoints'>,
  truth: Truth,
): string | null {
  if (container.endpoints.every(({ fixedIpv4 }) => fixedIpv4 === null)) return null;
  const others = [...truth.containers.values()].filter(
    (other) => other.id !== container.id && isAlive(other),
  );
  const taken = container.endpoints.find(({ network, fixedIpv4 }) =>
    others.some(({ endpoints }) =>
      // An end that could not be made holds no address.
      endpoints.some(
        (end) =>
          fixedIpv4 !== null &&
          end.networkId !== '' &&
          end.network === network &&
          end.fixedIpv4 === fixedIpv4,
      ),
    ),
  );
  return taken?.network ?? null;
}

/** Why the network of another container cannot be joined; null: it can, or none is. */
function faultOfParent({ networkOf }: SimulatedContainer, truth: Truth): EngineError | null {
  if (networkOf === null) return null;
  const parent = truth.containers.get(networkOf);
  if (parent === undefined) return failure('attachmentGone', `No such container: ${networkOf}`);
  if (parent.status === 'restarting')
    return failure(
      'attachmentGone',
      `Container ${networkOf} is restarting, wait until the container is running`,
      409,
    );
  if (isAlive(parent)) return null;
  return failure('attachmentGone', `cannot join network of a non running container: ${networkOf}`, 409);
}

function faultOfNetworks(container: SimulatedContainer, truth: Truth): EngineError | null {
  const lost = container.endpoints.find(({ network, networkId }) => {
    const present = networkNamed(truth, network);
    return present === null || (networkId !== '' && networkId !== present.id);
  });
  if (lost !== undefined) return failure('attachmentGone', `network ${lost.network} not found`);
  return takenAddress(container, truth) === null ? null : failure('inUse', 'Address already in use', 403);
}
