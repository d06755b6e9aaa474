/**
 * Containers that are known and that a list does not show: a list may lag behind what was done, a look does not.
 * Owns: asking once more before one is taken for gone. Must not know: what follows from it.
 */
import type { ObservedContainer } from '../model/observed.js';
import { failureOf, type Looks, lookAtContainer } from './looks.js';
import type { Listing, Sighting } from './ports.js';

/** A look that takes longer does not keep the whole list waiting: what was known stays known until it has come. */
const PATIENCE_MS = 5_000;

/** The list, with those of ours that it leaves out and a look still finds. Rejects with EngineError when the engine cannot be reached. */
export async function withUnlisted(looks: Looks, listing: Listing): Promise<Listing> {
  const listed = new Set(listing.containers.map(({ container }) => container.id));
  const unlisted = [...looks.store.services.values()].flat().filter(({ id }) => !listed.has(id));
  if (unlisted.length === 0) return listing;
  const found = await Promise.all(unlisted.map((known) => lookFor(looks, known)));
  return { ...listing, containers: [...listing.containers, ...found.flatMap((sighting) => sighting ?? [])] };
}

async function lookFor(looks: Looks, known: ObservedContainer): Promise<Sighting | null> {
  const deadlineMs = Math.min(looks.call.deadlineMs, PATIENCE_MS);
  try {
    return await looks.engine.inspectContainer(known.id, { deadlineMs });
  } catch (error) {
    if (failureOf(error).code === 'unreachable') throw error;
    void lookAtContainer(looks, known.id);
    return { kind: 'ours', container: known };
  }
}
