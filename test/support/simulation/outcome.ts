/**
 * What an engine holds in the end, in a form that tells nothing of how it came to be.
 * Owns: what of the truth counts. Must not know: what is asked for.
 */
import type { ContainerSpec } from '../../../src/model/desired.js';
import { LABELS } from '../../../src/model/labels.js';
import type { ObservedMount } from '../../../src/model/observed.js';
import { compareText } from '../../../src/model/problem.js';
import {
  isVolumeInUse,
  ownContainers,
  type SimulatedContainer,
  type Truth,
} from '../simulated-docker/truth.js';
import { PROJECT } from './settings.js';

/** What stays of the history. Each of these differs by right; everything else must not. */
const OF_THE_HISTORY: readonly string[] = [
  // The state of the manifests that it was made in.
  LABELS.revision,
  // Not part of the hash (3.1), so that another declaration replaces nothing: the label is that of its making.
  LABELS.dependsOn,
  LABELS.prune,
  // Volumes that were carried over.
  LABELS.anonymous,
  // Scaling down takes the oldest (5.2), so the slots that are left may be any.
  LABELS.slot,
];

/** One line a container, network and volume that nobody uses, sorted. */
export function outcomeOf(truth: Truth): readonly string[] {
  const containers = ownContainers(truth, PROJECT).map(({ container }) => lineOf(container, truth));
  const networks = [...truth.networks.values()].map(({ id: _, ...network }) => JSON.stringify(network));
  // Named volumes of earlier states stay (5.4), and those in use are in the lines of their containers.
  const left = [...truth.volumes.keys()].filter((name) => isDockersName(name) && !isVolumeInUse(truth, name));
  return [...containers, ...networks, ...left.map((name) => `nobody uses ${name}`)].sort(compareText);
}

/** The volumes that somebody named, sorted. */
export const namedVolumesOf = ({ volumes }: Truth): readonly string[] =>
  [...volumes.keys()].filter((name) => !isDockersName(name)).sort(compareText);

const isDockersName = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

function lineOf(container: SimulatedContainer, truth: Truth): string {
  const { labels, spec, imageId, status, restartPolicy, resources, check, health } = container;
  const parent = container.networkOf === null ? null : truth.containers.get(container.networkOf);
  return JSON.stringify({
    name: container.name.replace(/-\d+-([0-9a-f]{8})$/, '-n-$1'),
    labels: Object.entries(labels)
      .filter(([name]) => !OF_THE_HISTORY.includes(name))
      .sort(([a], [b]) => compareText(a, b)),
    // What is updated in place is told by the container itself.
    spec: { ...spec, labels: null, resources: null, restart: null },
    imageId,
    status,
    health: health.status,
    restartPolicy,
    resources,
    check,
    sharesNetworkOf: parent === null ? null : (parent?.labels[LABELS.service] ?? 'gone'),
    endpoints: container.endpoints
      .map(({ network, networkId, aliases, fixedIpv4 }) => ({
        network,
        isTheOneThere: networkId === truth.networks.get(network)?.id,
        aliases: [...aliases].sort(compareText),
        fixedIpv4,
      }))
      .sort((a, b) => compareText(a.network, b.network)),
    ports: container.bindings,
    mounts: container.mounts
      .filter((mount) => !isDockersName(mount.source) || isDeclared(mount, spec))
      .map((mount) => ({ ...mount, source: isDockersName(mount.source) ? 'anonymous' : mount.source }))
      .sort((a, b) => compareText(a.target, b.target)),
  });
}

/** Anonymous volumes are carried on also where they are not declared any more (5.4): they might be the image's own. */
const isDeclared = (mount: ObservedMount, { mounts }: ContainerSpec): boolean =>
  mounts.some(({ kind, target }) => kind === 'anonymous' && target === mount.target);
