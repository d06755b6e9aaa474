/**
 * The labels that mark what is ours, and their codec.
 * Owns: the label names of the contract. Must not know: which container should carry which values.
 */
import { type ServiceName, type SpecHash, serviceName, specHash } from './ids.js';

/** Names of our labels on Docker objects. */
export const LABELS = {
  project: 'io.alicia.project',
  service: 'io.alicia.service',
  slot: 'io.alicia.slot',
  hash: 'io.alicia.hash',
  image: 'io.alicia.image',
  dependsOn: 'io.alicia.depends-on',
  revision: 'io.alicia.revision',
  stack: 'io.alicia.stack',
  prune: 'io.alicia.prune',
  anonymous: 'io.alicia.anonymous',
  source: 'io.alicia.source',
  controller: 'io.alicia.controller',
} as const;

/** What the labels of a container of ours say. */
export interface OwnedLabels {
  readonly project: string;
  readonly service: ServiceName;
  /** From 1. */
  readonly slot: number;
  readonly hash: SpecHash;
  /** Platform image id at creation; empty when unknown. */
  readonly image: string;
  /** Required dependencies at creation, sorted. */
  readonly dependsOn: readonly ServiceName[];
  readonly revision: string;
  readonly stack: string | null;
  /** False: kept when its manifest goes. */
  readonly prune: boolean;
  /** Names of the anonymous volumes that were carried over from a container that this one replaced, sorted. */
  readonly anonymous: readonly string[];
  /** Where its manifest stood when the container was made; null: not known, as of containers of an earlier version. */
  readonly source: ManifestSource | null;
}

/** The place of a manifest: by it a later process can tell a file that lost its end. */
export interface ManifestSource {
  /** Path below the manifest directory. */
  readonly file: string;
  /** Among the manifests of the file, from 1; one that is commented out counts too. */
  readonly number: number;
}

/** The label values of a container. Every value is a string: Docker's client hangs on any other. */
export function encodeLabels(owned: OwnedLabels): Readonly<Record<string, string>> {
  return {
    [LABELS.project]: owned.project,
    [LABELS.service]: owned.service,
    [LABELS.slot]: String(owned.slot),
    [LABELS.hash]: owned.hash,
    [LABELS.image]: owned.image,
    [LABELS.dependsOn]: owned.dependsOn.join(','),
    [LABELS.revision]: owned.revision,
    ...(owned.stack === null ? {} : { [LABELS.stack]: owned.stack }),
    [LABELS.prune]: String(owned.prune),
    ...(owned.anonymous.length === 0 ? {} : { [LABELS.anonymous]: owned.anonymous.join(',') }),
    ...(owned.source === null ? {} : { [LABELS.source]: `${owned.source.file}#${owned.source.number}` }),
  };
}

/**
 * Reads our labels back. Null when they are not complete: without project, service, slot and hash a container cannot be
 * told apart from one that merely copied a label, and is treated as not ours.
 */
export function decodeLabels(labels: Readonly<Record<string, string>>): OwnedLabels | null {
  const project = labels[LABELS.project];
  const service = labels[LABELS.service];
  const slot = Number(labels[LABELS.slot]);
  const hash = labels[LABELS.hash];
  if (project === undefined || service === undefined || service === '' || hash === undefined) return null;
  if (!Number.isInteger(slot) || slot < 1) return null;
  const dependsOn = labels[LABELS.dependsOn] ?? '';
  const anonymous = labels[LABELS.anonymous] ?? '';
  return {
    project,
    service: serviceName(service),
    slot,
    hash: specHash(hash),
    image: labels[LABELS.image] ?? '',
    dependsOn: dependsOn === '' ? [] : dependsOn.split(',').map(serviceName),
    revision: labels[LABELS.revision] ?? '',
    stack: labels[LABELS.stack] ?? null,
    prune: labels[LABELS.prune] !== 'false',
    anonymous: anonymous === '' ? [] : anonymous.split(','),
    source: decodeSource(labels[LABELS.source] ?? ''),
  };
}

function decodeSource(text: string): ManifestSource | null {
  const [, file, number] = /^(.+)#([1-9]\d{0,5})$/s.exec(text) ?? [];
  return file === undefined ? null : { file, number: Number(number) };
}
