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
  };
}
