/**
 * Networks whose spec has changed: they are made anew, with every end taken off first and put back afterwards.
 * Owns: which, and what stands in the way. Must not know: how a container is attached.
 */
import type { DesiredNetwork, DesiredService, DesiredState } from '../model/desired.js';
import { type ContainerId, hashVersionOf } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import type { ObservedContainer, ObservedNetwork, ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';

/** Networks to be made anew, and those that cannot be. */
export interface Renewals {
  readonly renewing: ReadonlySet<string>;
  /** By name: why it stays as it is, and the mend. */
  readonly blocked: ReadonlyMap<string, string>;
}

/** What is compared. */
export interface RenewalFacts {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly project: string;
  /** The container that the controller itself runs in; null: none. */
  readonly ownContainerId: ContainerId | null;
}

/** Compares networks of ours with their declarations: these, or all. */
export function renewalsOf(
  facts: RenewalFacts,
  names: Iterable<string> = facts.desired.networks.keys(),
): Renewals {
  const { desired, observed, project } = facts;
  const renewing = new Set<string>();
  const blocked = new Map<string, string>();
  for (const name of [...new Set(names)].sort(compareText)) {
    const network = desired.networks.get(name);
    const present = observed.networks.get(name);
    if (network === undefined || present === undefined || !hasChanged(network, present, project)) continue;
    const holder = holderOf(name, facts);
    if (holder === null) renewing.add(name);
    else
      blocked.set(
        name,
        `network ${name} is declared otherwise now, but ${holder}: take it off (\`docker network disconnect\`) and the network is made anew`,
      );
  }
  return { renewing, blocked };
}

/** The networks that concern a service: those it declares, and those its containers are on. */
export const networksAround = (
  { container }: DesiredService,
  containers: readonly ObservedContainer[],
): readonly string[] => [
  ...container.networks.map(({ network }) => network),
  ...containers.flatMap(({ endpoints }) => endpoints.map(({ network }) => network)),
];

/** One that is not ours is used as it is; a hash of a form that is not known any more counts as current. */
function hasChanged(network: DesiredNetwork, present: ObservedNetwork, project: string): boolean {
  if (network.external || present.project !== project || present.hash === null) return false;
  return present.hash !== network.hash && hashVersionOf(present.hash) === hashVersionOf(network.hash);
}

const isStuck = ({ name }: { readonly name: string }): boolean => roleOfName(name) === 'stuck';

/** Somebody on the network who must not be touched; null: nobody. */
function holderOf(network: string, { desired, observed, ownContainerId }: RenewalFacts): string | null {
  const { services, others } = observed;
  const isOn = ({ endpoints }: { readonly endpoints: readonly { readonly network: string }[] }): boolean =>
    endpoints.some((endpoint) => endpoint.network === network);
  const foreign = [...others.values()]
    .filter(({ networks }) => networks.includes(network))
    .map(({ name }) => `container ${name}, which is not ours, is on it`);
  const untouchable = [...services]
    .flatMap(([name, containers]) => {
      const isHandsOff = desired.services.get(name)?.maintenance ?? true;
      return containers.filter(
        (container) =>
          isOn(container) && (isHandsOff || isStuck(container) || container.id === ownContainerId),
      );
    })
    .map(({ name }) => `container ${name}, which is not to be touched now, is on it`);
  return [...foreign, ...untouchable].sort(compareText)[0] ?? null;
}
