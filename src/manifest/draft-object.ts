/**
 * Network and volume documents to drafts.
 * Owns: their fields, their names on Docker. Must not know: who uses them.
 */
import type { DesiredNetwork } from '../model/desired.js';
import { hashNetwork, hashVolume } from './canonical.js';
import type { DraftContext, ObjectDraft } from './draft.js';
import type { DraftSource } from './draft-service.js';
import type { NetworkManifest, VolumeManifest } from './generated/manifest-types.js';
import type { Scope } from './scope.js';
import { readLabels, recordOf } from './text-map.js';

/** Reads a network. */
export function draftNetwork(manifest: NetworkManifest, from: DraftSource): ObjectDraft {
  const { scope, context } = from;
  const spec = manifest.spec ?? {};
  const { name } = manifest.metadata;
  checkExternal(scope, spec);
  const network: Omit<DesiredNetwork, 'hash'> = {
    name: name === context.networkName ? (spec.name ?? name) : dockerName(name, spec, context),
    external: spec.external ?? false,
    driver: spec.driver ?? 'bridge',
    driverOptions: optionsOf(spec.driver_opts),
    internal: spec.internal ?? false,
    attachable: spec.attachable ?? false,
    enableIpv6: spec.enable_ipv6 ?? false,
    labels: labelsOf(scope, manifest),
    ipam: (spec.ipam?.config ?? []).map((block) => ({
      subnet: block.subnet,
      gateway: block.gateway ?? null,
      ipRange: block.ip_range ?? null,
    })),
  };
  return { kind: 'network', name, network: { ...network, hash: hashNetwork(network, context.hash) }, scope };
}

/** Reads a volume. */
export function draftVolume(manifest: VolumeManifest, from: DraftSource): ObjectDraft {
  const { scope, context } = from;
  const spec = manifest.spec ?? {};
  const { name } = manifest.metadata;
  checkExternal(scope, spec);
  const volume = {
    name: dockerName(name, spec, context),
    external: spec.external ?? false,
    driver: spec.driver ?? 'local',
    driverOptions: optionsOf(spec.driver_opts),
    labels: labelsOf(scope, manifest),
  };
  return { kind: 'volume', name, volume: { ...volume, hash: hashVolume(volume, context.hash) }, scope };
}

/** The network of services that name none. */
export function defaultNetwork(name: string, hash: (text: string) => string): DesiredNetwork {
  const network: Omit<DesiredNetwork, 'hash'> = {
    name,
    external: false,
    driver: 'bridge',
    driverOptions: {},
    internal: false,
    attachable: false,
    enableIpv6: false,
    labels: {},
    ipam: [],
  };
  return { ...network, hash: hashNetwork(network, hash) };
}

/** `name:` as it stands; something external by its own name; else with the project before it. */
function dockerName(
  name: string,
  spec: { readonly name?: string; readonly external?: boolean },
  context: DraftContext,
): string {
  if (spec.name !== undefined) return spec.name;
  return spec.external === true ? name : `${context.project}_${name}`;
}

function checkExternal(scope: Scope, spec: { readonly external?: boolean }): void {
  if (spec.external !== true) return;
  for (const field of Object.keys(spec)) {
    if (field === 'external' || field === 'name' || field.startsWith('x-')) continue;
    scope.error(
      ['spec', field],
      'BAD_VALUE',
      'cannot be given with external: true — someone else makes it; remove one of them',
    );
  }
}

const optionsOf = (
  options: Readonly<Record<string, string | number | boolean>> | null | undefined,
): Readonly<Record<string, string>> =>
  recordOf(Object.entries(options ?? {}).map(([name, value]) => [name, String(value)] as const));

function labelsOf(
  scope: Scope,
  manifest: NetworkManifest | VolumeManifest,
): Readonly<Record<string, string>> {
  return recordOf([
    ...readLabels(scope, ['metadata', 'labels'], manifest.metadata.labels),
    ...readLabels(scope, ['spec', 'labels'], manifest.spec?.labels),
  ]);
}
