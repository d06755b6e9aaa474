/**
 * Which services ask for more than they may.
 * Owns: rejecting them, and what would have to be allowed. Must not know: single fields; those say themselves what they ask for.
 */
import type { DesiredVolume } from '../model/desired.js';
import type { PolicyNeeds, PolicyWord } from '../model/policy.js';
import { isAllowed, renderAllow } from './allowance.js';
import { askForBind, type BindPlaces, followLinks, hostRootsOf } from './binds.js';
import type { Draft, ServiceDraft } from './draft.js';
import { keyOfUse } from './file-uses.js';
import { isWithin, resolvePath } from './paths.js';
import type { Ask } from './scope.js';
import type { Check, Rejection, Standings } from './settle.js';
import { pathOfNetwork, pathOfVolume } from './spec-paths.js';

/** What is allowed, and where the manifest directories are. */
export interface PolicyPremises extends BindPlaces {
  readonly allow: readonly PolicyWord[];
}

/** The check: every service that asks for something that is not allowed is rejected, at the field that asks. */
export const checkPolicy =
  (premises: PolicyPremises): Check =>
  (standings) =>
    [...standings.services.values()].flatMap((standing): readonly Rejection[] => {
      if (standing.kind !== 'draft') return [];
      const { draft } = standing;
      return deniedOf(draft, standings, premises).map(({ word, path, why, mend }) => {
        const text = `${why} — give --allow ${renderAllow([word])}${mend}`;
        return { key: `Service/${draft.name}`, problem: draft.scope.problemAt(path, 'POLICY_DENIED', text) };
      });
    });

/** What all of these drafts would need; null: nothing. */
export function policyNeedsOf(
  drafts: Iterable<Draft>,
  standings: Standings,
  premises: PolicyPremises,
): PolicyNeeds | null {
  const denied = [...drafts]
    .map((draft) => (draft.kind === 'service' ? deniedOf(draft, standings, premises) : []))
    .filter((asks) => asks.length > 0);
  if (denied.length === 0) return null;
  return { services: denied.length, allow: renderAllow(denied.flat().map(({ word }) => word)) };
}

function deniedOf(draft: ServiceDraft, standings: Standings, premises: PolicyPremises): readonly Ask[] {
  return [
    ...draft.scope.asks,
    ...volumeAsks(draft, standings, premises),
    ...networkAsks(draft, standings),
    ...fileAsks(draft, standings),
  ].filter(({ word }) => !isAllowed(word, premises.allow));
}

/** Named volumes that are a folder or a device of the host under another name. */
function volumeAsks(draft: ServiceDraft, standings: Standings, places: BindPlaces): readonly Ask[] {
  const asks: Ask[] = [];
  for (const mount of draft.container.mounts) {
    const object = mount.kind === 'volume' ? standings.objects.get(`Volume/${mount.volume}`) : undefined;
    if (mount.kind !== 'volume' || object?.kind !== 'volume') continue;
    const path = pathOfVolume(draft, mount.volume);
    const name = `the volume "${mount.volume}"`;
    const { folders, device } = hostPartsOf(object.volume);
    for (const folder of folders) {
      const real = places.hostPaths === null ? followLinks(folder, places.links) : folder;
      const isInside = real !== null && hostRootsOf(places).some((root) => isWithin(real, root));
      const ask = (word: PolicyWord, why: string): number => asks.push({ path, word, why, mend: '' });
      askForBind(ask, {
        paths: [folder, real ?? folder],
        isInside,
        title: `${name} is ${folder} of the host, which`,
      });
    }
    if (device !== null)
      asks.push({
        ...{ path, word: { kind: 'device', value: device }, mend: '' },
        why: `${name} is on the device ${device} of the host`,
      });
  }
  return asks;
}

/** Secrets and configs whose file lies outside: asked for by whoever reads it. */
const fileAsks = ({ files }: ServiceDraft, { objects }: Standings): readonly Ask[] =>
  files.flatMap((use) => {
    const object = objects.get(keyOfUse(use));
    return object !== undefined && 'scope' in object
      ? object.scope.asks.map((ask) => ({ ...ask, path: use.path }))
      : [];
  });

/** What the kernel shows of the host, wherever it is mounted, and its usual place. */
const KERNEL_FOLDERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ proc: '/proc', sysfs: '/sys', devtmpfs: '/dev', devpts: '/dev/pts', mqueue: '/dev/mqueue' },
    ...{ debugfs: '/sys/kernel/debug', tracefs: '/sys/kernel/tracing', securityfs: '/sys/kernel/security' },
    ...{ configfs: '/sys/kernel/config', cgroup: '/sys/fs/cgroup', cgroup2: '/sys/fs/cgroup' },
    ...{ bpf: '/sys/fs/bpf', pstore: '/sys/fs/pstore', efivarfs: '/sys/firmware/efi/efivars' },
    binfmt_misc: '/proc/sys/fs/binfmt_misc',
  }),
);

/** Of Docker's own driver, which mounts what it is told to. */
function hostPartsOf({ external, driver, driverOptions }: DesiredVolume): {
  readonly folders: readonly string[];
  readonly device: string | null;
} {
  if (external || driver !== 'local') return { folders: [], device: null };
  const { type = '', o = '', device = '' } = driverOptions;
  const options = o.split(',').map((option) => option.trim());
  const source = device.startsWith('/') ? resolvePath('/', device) : null;
  if (options.includes('bind') || options.includes('rbind') || type === 'bind')
    return { folders: [resolvePath('/', device)], device: null };
  const shown = KERNEL_FOLDERS.get(type);
  if (shown !== undefined) return { folders: [shown], device: null };
  if (type === 'overlay') {
    const layers = options.flatMap(
      (option) => /^(?:lowerdir|upperdir|workdir)\+?=(.*)$/.exec(option)?.[1] ?? [],
    );
    const folders = layers.flatMap((layer) => layer.split(':')).filter((folder) => folder !== '');
    return { folders: folders.map((folder) => resolvePath('/', folder)), device: null };
  }
  return { folders: [], device: source };
}

/** Docker's network of this name is the host's own. */
function networkAsks(draft: ServiceDraft, standings: Standings): readonly Ask[] {
  return draft.container.networks.flatMap(({ network }) => {
    const object = standings.objects.get(`Network/${network}`);
    const name = object?.kind === 'network' ? object.network.name : network;
    if (name !== 'host') return [];
    const word: PolicyWord = { kind: 'host-network', value: null };
    return [
      { path: pathOfNetwork(draft, network), word, why: `"${network}" is the network of the host`, mend: '' },
    ];
  });
}
