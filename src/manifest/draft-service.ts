/**
 * A service document to a draft.
 * Owns: what each field of a service means, and what cannot be together. Must not know: other documents.
 */
import type { PortMapping } from '../model/desired.js';
import { portsOverlap } from '../model/host-ports.js';
import { serviceName } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import { resolveAttachments } from './attachments.js';
import { resolveDependencies } from './dependencies.js';
import type { DraftContext, ServiceDraft } from './draft.js';
import { resolveEnvironment } from './environment.js';
import { resolveFileUses } from './file-uses.js';
import type { ServiceManifest, ServiceSpec, Words } from './generated/manifest-types.js';
import { readDuration, resolveHealthcheck } from './healthcheck.js';
import { resolveIsolation } from './isolation.js';
import { resolveMounts } from './mounts.js';
import { checkNetworkMode, resolveNetworkMode } from './network-mode.js';
import type { ManifestDocument } from './parse.js';
import { resolveMaxAttempts, resolvePullPolicy, resolveRestart, resolveUpdatePolicy } from './policies.js';
import { pathOfPort, resolvePorts } from './ports.js';
import { resolveProbes } from './probes.js';
import { quote } from './quote.js';
import { resolveResources } from './resources.js';
import type { Scope } from './scope.js';
import { splitShellWords } from './shell-words.js';
import { readLabels, recordOf } from './text-map.js';

/** Where a draft comes from. */
export interface DraftSource {
  readonly document: ManifestDocument;
  readonly scope: Scope;
  readonly context: DraftContext;
}

/** Reads a service. Says in the scope what is wrong; the draft is of use only when nothing was. */
export function draftService(manifest: ServiceManifest, from: DraftSource): ServiceDraft {
  const { document, scope, context } = from;
  const { spec } = manifest;
  const { name } = manifest.metadata;
  const mode = resolveNetworkMode(scope, spec.network_mode);
  const mounts = resolveMounts(scope, spec, context);
  const draft: ServiceDraft = {
    kind: 'service',
    name: serviceName(name),
    origin: { file: document.file, ...document.place },
    source: document.source,
    stack: null,
    description: spec.description ?? '',
    category: spec.category ?? 'core',
    priority: spec.priority ?? 1,
    version: spec.version ?? null,
    replicas: resolveReplicas(scope, spec),
    maintenance: spec.maintenance ?? false,
    selfHeal: spec.self_heal ?? true,
    prune: spec.prune ?? true,
    dependsOn: resolveDependencies(scope, spec, mode),
    updatePolicy: resolveUpdatePolicy(scope, spec.deploy?.update_config),
    pullPolicy: resolvePullPolicy(scope, spec.pull_policy),
    containerName: resolveContainerName(scope, spec.container_name),
    probes: resolveProbes(scope, spec, name),
    maxAttempts: resolveMaxAttempts(spec),
    container: {
      image: resolveImage(scope, spec.image),
      command: resolveWords(scope, 'command', spec.command),
      entrypoint: resolveWords(scope, 'entrypoint', spec.entrypoint),
      environment: resolveEnvironment(scope, spec, context),
      labels: recordOf([
        ...readLabels(scope, ['metadata', 'labels'], manifest.metadata.labels),
        ...readLabels(scope, ['spec', 'labels'], spec.labels),
      ]),
      ports: resolvePorts(scope, spec),
      mounts,
      networkMode: mode,
      resources: resolveResources(scope, spec),
      isolation: resolveIsolation(scope, spec, mode),
      networks: resolveAttachments(scope, spec, { service: name, networkName: context.networkName, mode }),
      healthcheck: resolveHealthcheck(scope, spec.healthcheck),
      stopSignal: spec.stop_signal ?? null,
      stopGraceMs:
        spec.stop_grace_period === undefined
          ? null
          : readDuration(scope, ['spec', 'stop_grace_period'], spec.stop_grace_period),
    },
    restart: resolveRestart(scope, spec),
    files: resolveFileUses(scope, spec, mounts),
    scope,
  };
  checkNetworkMode(scope, mode, { ports: draft.container.ports, probes: draft.probes });
  checkReplicas(draft);
  checkStartFirst(draft);
  return draft;
}

function resolveReplicas(scope: Scope, spec: ServiceSpec): number {
  const other = spec.deploy?.replicas;
  if (other !== undefined && spec.replicas !== undefined && other !== spec.replicas)
    scope.error(
      ['spec', 'deploy', 'replicas'],
      'BAD_VALUE',
      `${other}, but spec.replicas is ${spec.replicas} — keep one of them`,
    );
  return spec.replicas ?? other ?? 1;
}

const IMAGE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,})?$/;

function resolveImage(scope: Scope, image: string): string {
  if (image.length > 512 || !IMAGE.test(image))
    scope.error(
      ['spec', 'image'],
      'BAD_VALUE',
      `not the name of an image: ${quote(image)} — expected name:tag in small letters, e.g. "redis:7.4"`,
    );
  return image;
}

function resolveContainerName(scope: Scope, name: string | undefined): string | null {
  if (name === undefined) return null;
  if (roleOfName(name) !== 'plain')
    scope.error(
      ['spec', 'container_name'],
      'BAD_VALUE',
      `${quote(name)} ends in a suffix that marks replaced containers (-old, -failed, -stuck-…) — choose another name`,
    );
  return name;
}

function resolveWords(
  scope: Scope,
  field: 'command' | 'entrypoint',
  words: Words | undefined,
): readonly string[] | null {
  if (words === undefined || words === null) return null;
  if (typeof words !== 'string') return words;
  const split = splitShellWords(words);
  if (split === null)
    scope.error(['spec', field], 'BAD_VALUE', 'a quote is not closed — close it, or write a list of words');
  return split ?? [];
}

const fixedPorts = (draft: ServiceDraft): readonly PortMapping[] =>
  draft.container.ports.filter(
    (port) => port.hostPorts !== null && port.hostPorts.first === port.hostPorts.last,
  );

const hasStaticAddress = (draft: ServiceDraft): boolean =>
  draft.container.networks.some((network) => network.ipv4Address !== null || network.ipv6Address !== null);

const sizeOf = ({ hostPorts }: PortMapping): number =>
  hostPorts === null ? Number.POSITIVE_INFINITY : hostPorts.last - hostPorts.first + 1;

/** The mapping with the smallest range of host ports; null without any. */
function smallestRange(draft: ServiceDraft): PortMapping | null {
  const [first] = [...draft.container.ports].sort((a, b) => sizeOf(a) - sizeOf(b));
  return first?.hostPorts == null ? null : first;
}

/** What only one container can have. */
function checkReplicas(draft: ServiceDraft): void {
  const { scope, replicas } = draft;
  const fixed = fixedPorts(draft);
  for (const [index, port] of fixed.entries()) {
    if (!fixed.slice(0, index).some((other) => portsOverlap(other, port))) continue;
    const text = `the host port ${port.hostPorts?.first} is published twice — remove one of them`;
    scope.error(pathOfPort(scope, port), 'PORT_CLASH', text);
  }
  if (replicas <= 1) return;
  const smallest = smallestRange(draft);
  if (smallest !== null && sizeOf(smallest) < replicas)
    scope.error(pathOfPort(scope, smallest), 'PORT_CLASH', tooFewPorts(smallest, replicas));
  if (hasStaticAddress(draft))
    scope.error(
      ['spec', 'networks'],
      'BAD_VALUE',
      `${replicas} replicas cannot share a fixed address — remove it or set replicas: 1`,
    );
}

function tooFewPorts(port: PortMapping, replicas: number): string {
  const first = port.hostPorts?.first ?? 0;
  const mend = `give at least ${replicas} ports, such as ${first}-${first + replicas - 1}, or no host port`;
  return sizeOf(port) === 1
    ? `${replicas} replicas cannot share the host port ${first} — ${mend}`
    : `a range of ${sizeOf(port)} host ports is too small for ${replicas} replicas — ${mend}`;
}

/** A declared `start-first` needs room for a second container beside the first. */
function checkStartFirst(draft: ServiceDraft): void {
  if (draft.updatePolicy.order !== 'start-first') return;
  const { replicas } = draft;
  const parallelism = draft.updatePolicy.parallelism === 0 ? replicas : draft.updatePolicy.parallelism;
  const smallest = smallestRange(draft);
  const wanted = replicas + parallelism;
  const fixed = fixedPorts(draft)[0]?.hostPorts?.first;
  const reason =
    fixed !== undefined
      ? `the fixed host port ${fixed}`
      : smallest !== null && sizeOf(smallest) < wanted
        ? `a range of ${sizeOf(smallest)} host ports, for it needs ${wanted}`
        : draft.containerName !== null && replicas <= 1
          ? 'a literal container_name'
          : hasStaticAddress(draft)
            ? 'a fixed address'
            : draft.container.networkMode.kind === 'host'
              ? 'host networking'
              : null;
  if (reason === null) return;
  const path = ['spec', 'deploy', 'update_config', 'order'];
  draft.scope.error(path, 'BAD_VALUE', `start-first cannot work with ${reason} — use stop-first`);
}
