/**
 * Documents to services, networks and volumes.
 * Owns: what the whole directory comes to. Must not know: scans, time, what is worth deleting.
 */
import type {
  ContainerSpec,
  DesiredNetwork,
  DesiredService,
  DesiredVolume,
  Mount,
  RestartPolicy,
} from '../model/desired.js';
import { type ServiceName, serviceName } from '../model/ids.js';
import type { PolicyNeeds } from '../model/policy.js';
import { compareText, type Problem } from '../model/problem.js';
import { hashContainer } from './canonical.js';
import { checksFor, warningsOf } from './checks.js';
import { declare } from './declare.js';
import type { ObjectDraft, ResolveOptions, ServiceDraft } from './draft.js';
import { defaultNetwork } from './draft-object.js';
import { keyOfUse } from './file-uses.js';
import { type Declared, type LastGood, nothingRemembered } from './last-good.js';
import { type DeclarationKey, type ParsedManifests, serviceOfKey } from './parse.js';
import { type PolicyPremises, policyNeedsOf } from './policy.js';
import { tidyProblems } from './render-problem.js';
import { type Settled, type Standings, settle } from './settle.js';

/** What the directory comes to. */
export interface Resolution {
  /** Sorted by name: present versions, and last good ones of those in error. */
  readonly services: ReadonlyMap<ServiceName, DesiredService>;
  /** By name on Docker. */
  readonly networks: ReadonlyMap<string, DesiredNetwork>;
  /** By name on Docker. */
  readonly volumes: ReadonlyMap<string, DesiredVolume>;
  /** Services in error without a last good version, with the reason. */
  readonly rejected: ReadonlyMap<ServiceName, string>;
  /** Sorted, at most 20 of each file. */
  readonly problems: readonly Problem[];
  /** Everything that stands in its present version: the next last good one. */
  readonly good: ReadonlyMap<DeclarationKey, Declared>;
  /** Whatever is in error without a last good version, networks and volumes too. */
  readonly unknown: ReadonlyMap<DeclarationKey, string>;
  /** What `--allow` would have to name; null: nothing. */
  readonly needs: PolicyNeeds | null;
}

/** Resolves everything that was parsed. Last good versions stand in for what is in error. */
export function resolveManifests(
  input: ResolveOptions & { readonly parsed: ParsedManifests; readonly lastGood?: LastGood },
): Resolution {
  const { parsed, networkName, lastGood = nothingRemembered } = input;
  const declared = declare(input);
  const premises: PolicyPremises = { ...input, roots: parsed.roots, links: parsed.links };
  const { standings, problems } = settle(declared.drafts, {
    reasons: declared.reasons,
    lastGood,
    checks: checksFor(networkName, premises),
  });
  const good = goodOf(standings, input);
  const services = new Map<ServiceName, DesiredService>();
  for (const [name, standing] of standings.services) {
    const present = good.get(`Service/${name}`);
    if (present?.kind === 'service') services.set(present.service.name, present.service);
    else if (standing.kind === 'kept')
      services.set(standing.service.name, { ...standing.service, staleBecause: standing.because });
  }
  return {
    services,
    ...objectsOf({ standings, services, lastGood, options: input }),
    rejected: rejectedServices(standings),
    problems: tidyProblems([...parsed.problems, ...declared.problems, ...problems, ...warningsOf(standings)]),
    good,
    unknown: standings.rejected,
    needs: policyNeedsOf(declared.drafts.values(), standings, premises),
  };
}

function rejectedServices(standings: Settled['standings']): ReadonlyMap<ServiceName, string> {
  const rejected = [...standings.rejected].flatMap(([key, because]) => {
    const name = serviceOfKey(key);
    return name === null ? [] : [[serviceName(name), because] as const];
  });
  return new Map(rejected.sort(([a], [b]) => compareText(a, b)));
}

/** Drafts that stand, completed. */
function goodOf(
  standings: Standings,
  options: ResolveOptions & { readonly parsed: ParsedManifests },
): ReadonlyMap<DeclarationKey, Declared> {
  const good = new Map<DeclarationKey, Declared>();
  for (const [key, object] of standings.objects) {
    if ('scope' in object) good.set(key, withoutScope(object));
  }
  const awaited = awaitedCompletions(standings, options.parsed);
  for (const standing of standings.services.values()) {
    if (standing.kind !== 'draft') continue;
    const service = complete(standing.draft, { standings, awaited, hash: options.hash });
    good.set(`Service/${service.name}`, { kind: 'service', service });
  }
  return good;
}

function withoutScope(object: ObjectDraft): Declared {
  switch (object.kind) {
    case 'network':
      return { kind: 'network', network: object.network };
    case 'volume':
      return { kind: 'volume', volume: object.volume };
    case 'secret':
    case 'config':
      return { kind: object.kind, source: object.source, digest: object.digest };
  }
}

/** Services whose completion someone waits for, be it a manifest in error: a one-shot must not become a daemon by that. */
function awaitedCompletions(standings: Standings, parsed: ParsedManifests): ReadonlySet<string> {
  const awaited = new Set(parsed.files.flatMap((file) => file.completionTargets));
  for (const standing of standings.services.values()) {
    const { dependsOn } = standing.kind === 'draft' ? standing.draft : standing.service;
    for (const dependency of dependsOn)
      if (dependency.condition === 'service_completed_successfully') awaited.add(dependency.service);
  }
  return awaited;
}

function complete(
  draft: ServiceDraft,
  given: {
    readonly standings: Standings;
    readonly awaited: ReadonlySet<string>;
    readonly hash: (text: string) => string;
  },
): DesiredService {
  const { kind: _kind, scope: _scope, files: _files, restart, container, ...rest } = draft;
  const byDefault: RestartPolicy = {
    name: given.awaited.has(draft.name) ? 'no' : 'unless-stopped',
    maximumRetryCount: 0,
  };
  const { objects } = given.standings;
  const spec: Omit<ContainerSpec, 'restart'> = {
    ...container,
    mounts: mountsOf(draft, objects),
    networks: container.networks.map((attachment) => {
      const network = objects.get(`Network/${attachment.network}`);
      return network?.kind === 'network' ? { ...attachment, network: network.network.name } : attachment;
    }),
  };
  return {
    ...rest,
    container: { ...spec, restart: restart ?? byDefault },
    ...hashContainer(spec, { hash: given.hash }),
    staleBecause: null,
  };
}

/** Volumes by their names on Docker, and beside them the files that the service reads; sorted by target. */
function mountsOf({ container, files }: ServiceDraft, objects: Standings['objects']): readonly Mount[] {
  const mounts = container.mounts.map((mount) => {
    const volume = mount.kind === 'volume' ? objects.get(`Volume/${mount.volume}`) : undefined;
    return mount.kind === 'volume' && volume?.kind === 'volume'
      ? { ...mount, volume: volume.volume.name }
      : mount;
  });
  const read = files.flatMap((use): Mount[] => {
    const file = objects.get(keyOfUse(use));
    if (file?.kind !== 'secret' && file?.kind !== 'config') return [];
    const { source, digest } = file;
    return [{ kind: 'file', source, target: use.target, readOnly: true, digest }];
  });
  return [...mounts, ...read].sort((a, b) => compareText(a.target, b.target));
}

/** All that is declared, the shared network when someone uses it, and what kept services still need. */
function objectsOf(from: {
  readonly standings: Standings;
  readonly services: ReadonlyMap<ServiceName, DesiredService>;
  readonly lastGood: LastGood;
  readonly options: ResolveOptions;
}): Pick<Resolution, 'networks' | 'volumes'> {
  const { standings, services, lastGood, options } = from;
  const networks = new Map<string, DesiredNetwork>();
  const volumes = new Map<string, DesiredVolume>();
  const add = (object: Declared): void => {
    if (object.kind === 'network') networks.set(object.network.name, object.network);
    if (object.kind === 'volume') volumes.set(object.volume.name, object.volume);
  };
  for (const object of standings.objects.values()) add(object);
  const remembered = new Map<string, Declared>();
  for (const object of lastGood.versions.values()) {
    if (object.kind === 'network') remembered.set(`network ${object.network.name}`, object);
    if (object.kind === 'volume') remembered.set(`volume ${object.volume.name}`, object);
  }
  for (const { container } of services.values()) {
    for (const { network } of container.networks) {
      if (networks.has(network)) continue;
      const object = remembered.get(`network ${network}`);
      if (object !== undefined) add(object);
      else if (network === options.networkName) networks.set(network, defaultNetwork(network, options.hash));
    }
    for (const mount of container.mounts) {
      if (mount.kind !== 'volume' || volumes.has(mount.volume)) continue;
      const object = remembered.get(`volume ${mount.volume}`);
      if (object !== undefined) add(object);
    }
  }
  return { networks: sortedByName(networks), volumes: sortedByName(volumes) };
}

const sortedByName = <Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
  new Map([...map].sort(([a], [b]) => compareText(a, b)));
