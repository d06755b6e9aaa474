/**
 * One whole look at the engine, for commands that have no controller to ask.
 * Owns: connecting, listing, and looking the desired images up. Must not know: what is decided from it.
 */
import { LIMITS } from '../config.js';
import { applyListing, createObservedStore } from '../controller/observed-store.js';
import type { Engine } from '../controller/ports.js';
import type { DesiredState } from '../model/desired.js';
import type { EngineInfo, ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';

/** Looks at everything once. The engine has been connected. */
export async function observeOnce(
  engine: Pick<Engine, 'list' | 'inspectImage'>,
  { info, desired }: { readonly info: EngineInfo; readonly desired: Pick<DesiredState, 'services'> },
): Promise<ObservedState> {
  const store = createObservedStore();
  store.engine = info;
  applyListing(store, await engine.list({ deadlineMs: LIMITS.deadlines.listMs }));
  const references = new Set([...desired.services.values()].map(({ container }) => container.image));
  for (const reference of [...references].sort(compareText)) {
    const call = { deadlineMs: LIMITS.deadlines.inspectMs };
    store.images.set(reference, await engine.inspectImage(reference, call));
  }
  return store;
}
