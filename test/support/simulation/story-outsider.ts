/**
 * Somebody else who uses the same engine, and programs that end by themselves.
 * Owns: what is done to containers of ours behind the controller's back. Must not know: what must come of it.
 */
import { ownContainers } from '../simulated-docker/truth.js';
import { PROJECT } from './settings.js';
import type { Story } from './story-acts.js';
import { pick } from './story-draw.js';

const SMALL_MEMORY_BYTES = 16 * 1024 * 1024;

/** One deed, on one container of ours that is no one-shot. */
export function meddle({ world, all, random }: Story): void {
  const { engine, meddled } = world;
  const owned = ownContainers(engine.truth, PROJECT).filter(
    ({ owned: { service } }) => all[service]?.oneShot !== true,
  );
  const found = pick(random, owned, undefined);
  if (found === undefined) return;
  const { container: target } = found;
  meddled.add(found.owned.service);
  const act = Math.floor(random() * 9);
  if (act === 0) engine.outsider.remove(target.id);
  if (act === 1) void engine.outsider.stop(target.id);
  if (act === 2) engine.outsider.kill(target.id);
  if (act === 3 && target.status === 'running') engine.outsider.pause(target.id);
  if (act === 4) engine.outsider.rename(target.id, `renamed-${Math.floor(random() * 1e9)}`);
  if (act === 5) engine.outsider.update(target.id, { resources: { memoryBytes: SMALL_MEMORY_BYTES } });
  const [endpoint] = target.endpoints;
  if (act === 6 && endpoint !== undefined) engine.outsider.disconnect(target.id, endpoint.network);
  if (act === 7) engine.outsider.moveImage(target.spec.image, `sha256:moved-${Math.floor(random() * 1e9)}`);
  if (act === 8) {
    for (const name of Object.keys(all)) meddled.add(name);
    engine.outsider.daemonRestart({ lossy: random() < 0.5 });
  }
}

/** The program in one container that is no one-shot ends by itself, badly: Docker's policy says what follows. */
export function processEnds({ world: { engine, meddled }, all, random }: Story): void {
  const running = ownContainers(engine.truth, PROJECT).filter(
    ({ container, owned: { service } }) =>
      container.status === 'running' && !container.isEnding && all[service]?.oneShot !== true,
  );
  const found = pick(random, running, undefined);
  if (found === undefined) return;
  meddled.add(found.owned.service);
  engine.outsider.processEnds(found.container.id, 1);
}
