/**
 * How a simulated container is removed.
 * Owns: what is in the way, and the two phases of it. Must not know: who removes it.
 */
import { failure } from './failures.js';
import type { Inside } from './inside.js';
import { isAlive, isVolumeInUse, type SimulatedContainer } from './truth.js';

/** How long its files are being removed, and how long its name is still taken when it can no longer be seen. */
const FILES_MS = { min: 1, max: 10 };
const NAME_MS = { min: 1, max: 3 };

/** Removes a container that does not run: it is `removing` for a while, then not to be found, then its name is free. */
export async function remove(
  container: SimulatedContainer,
  withVolumes: boolean,
  inside: Inside,
): Promise<void> {
  const { truth, emit } = inside;
  const { id } = container;
  checkRemoval(container);
  container.status = 'removing';
  await inside.work(FILES_MS.min, FILES_MS.max);
  // Somebody may have removed it by force meanwhile.
  if (!truth.containers.delete(id)) return;
  truth.reservedNames.add(container.name);
  try {
    await inside.work(NAME_MS.min, NAME_MS.max);
  } finally {
    truth.reservedNames.delete(container.name);
    if (withVolumes) removeVolumes(container, inside);
    emit({ type: 'container', action: 'destroy', id });
  }
}

function checkRemoval(container: SimulatedContainer): void {
  const { id, obstacle, status } = container;
  if (status === 'removing')
    throw failure('removalInProgress', `removal of container ${id} is already in progress`);
  if (obstacle === 'stuck') throw failure('engine', `could not kill container ${id}`);
  if (obstacle === 'busy')
    throw failure('inUse', 'unable to remove filesystem: device or resource busy', 500);
  if (isAlive(container))
    throw failure('inUse', `You cannot remove a ${status} container ${id}. Stop the container`);
}

/** Those that Docker made for it itself, where nobody else has them. */
function removeVolumes({ ownVolumes }: SimulatedContainer, { truth, emit }: Inside): void {
  for (const name of ownVolumes) {
    if (isVolumeInUse(truth, name) || !truth.volumes.delete(name)) continue;
    emit({ type: 'volume', action: 'destroy', id: name });
  }
}
