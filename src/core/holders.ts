/**
 * Containers of others that stand in the way of a start.
 * Owns: what nobody else may hold at the same time, and the sentence with its mend. Must not know: moves.
 */
import type { DesiredService, DesiredState } from '../model/desired.js';
import { isFixed, mayTake } from '../model/host-ports.js';
import type { ObservedContainer, ObservedState, OtherContainer } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import { wantedOf } from './compare.js';
import type { Memory } from './memory.js';
import { isWanted } from './wanted.js';

/** Who holds what the service needs, in one sentence with the mend; null: nobody does. */
export function heldByOther(service: DesiredService, { others }: ObservedState): string | null {
  const running = [...others.values()]
    .filter((other) => other.running)
    .sort((a, b) => compareText(a.name, b.name));
  const wanted = new Set(writablesOf(service));
  for (const other of running) {
    if (isSameComposeService(other, service))
      return `container ${other.name} is ${service.name} itself, run by docker compose: ${mendOf(other)}`;
    const shared = other.writes.find((path) => wanted.has(path));
    if (shared !== undefined) {
      const holds = shared.startsWith('/dev/') ? 'has the device' : 'writes to';
      return `container ${other.name}, which is not ours, ${holds} ${shared}: ${mendOf(other)}`;
    }
  }
  return null;
}

/**
 * A container of ours that is to go, or to be replaced, and holds a host port that the service needs, in one sentence;
 * null: there is none. What is declared side by side does not clash: that is looked at in the manifests.
 */
export function portHeldByOurs(
  service: DesiredService,
  {
    desired,
    observed,
    memory,
  }: { readonly desired: DesiredState; readonly observed: ObservedState; readonly memory: Memory },
): string | null {
  const fixed = service.container.ports.filter(isFixed);
  if (fixed.length === 0) return null;
  const isGoing = (container: ObservedContainer): boolean => {
    const theirs = desired.services.get(container.owned.service);
    return theirs === undefined || !isWanted(container, wantedOf(theirs, { observed, memory }));
  };
  const inTheWay = [...observed.services]
    .flatMap(([name, containers]) => (name === service.name ? [] : containers))
    .flatMap((container) => {
      const held = container.hostPorts.find((port) => fixed.some((wanted) => mayTake(wanted, port)));
      return held !== undefined && isGoing(container) ? [{ name: container.name, port: held.port }] : [];
    });
  // The same words in every process, whatever the order in which the engine lists them.
  const [first] = inTheWay.sort((a, b) => compareText(a.name, b.name));
  return first === undefined
    ? null
    : `waits for container ${first.name} to go, which holds host port ${first.port}`;
}

/** Names of volumes, and paths of the host, devices too, that the service may write to and nobody else at the same time. */
function writablesOf({ container }: DesiredService): readonly string[] {
  const sources = container.mounts.flatMap((mount) => {
    if (mount.readOnly || mount.kind === 'anonymous') return [];
    const source = mount.kind === 'volume' ? mount.volume : mount.source;
    return isShareable(source) ? [] : [source];
  });
  const devices = container.isolation.devices.map(({ source }) => source);
  return [...sources, ...devices.filter((path) => !SHARED_DEVICES.test(path))];
}

/** Devices that the kernel gives to many at once: graphics, sound, tunnels, virtual machines, codecs, and those without a state. */
const SHARED_DEVICES =
  /^\/dev\/(?:dri|snd|nvidia[^/]*|kfd|net|fuse|kvm|vhost-[^/]*|vchiq|vcsm-cma|null|zero|full|u?random|shm)(?:\/|$)/;

/** Sockets, devices and what the kernel shows are made for many. */
const isShareable = (path: string): boolean => /\.sock$|^\/(?:dev|proc|sys|run|var\/run)(?:\/|$)/.test(path);

function isSameComposeService(
  { composeProject, composeService }: OtherContainer,
  service: DesiredService,
): boolean {
  if (service.stack === null || composeProject !== service.stack) return false;
  return `${service.stack}-${composeService ?? ''}` === service.name;
}

function mendOf({ name, composeProject }: OtherContainer): string {
  return composeProject === null
    ? `stop it with \`docker stop ${name}\``
    : `stop it with \`docker compose -p ${composeProject} down\`, which keeps the volumes`;
}
