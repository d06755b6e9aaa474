/**
 * Names on Docker: deterministic, so that creating twice is impossible.
 * Owns: how a container is called and what its suffix says. Must not know: when to rename.
 */
import type { DesiredService } from './desired.js';
import { type ServiceName, shortHash } from './ids.js';

/** What a container's name says about it. The name is the verdict, nothing else. */
export type NameRole = 'plain' | 'old' | 'failed' | 'stuck';

const SUFFIX = /-(old|failed|stuck-[0-9a-f]{4})$/;

/** The name of a replica: `<project>-<service>-<slot>-<hash8>`, or what `container_name` makes of it. */
export function containerNameOf(
  project: string,
  service: Pick<DesiredService, 'name' | 'containerName' | 'replicas' | 'hash'>,
  slot: number,
): string {
  if (service.containerName === null) return `${project}-${service.name}-${slot}-${shortHash(service.hash)}`;
  if (service.replicas <= 1) return service.containerName;
  return `${service.containerName}-${slot}-${shortHash(service.hash)}`;
}

/** Reads the role from a name. A declared `container_name` never ends in one of the suffixes. */
export function roleOfName(name: string): NameRole {
  const word = SUFFIX.exec(name)?.[1];
  if (word === undefined) return 'plain';
  return word === 'old' || word === 'failed' ? word : 'stuck';
}

/** The name without its role. */
export const withoutRole = (name: string): string => name.replace(SUFFIX, '');

/** How people are told about a replica: `stt-1`. */
export const replicaLabel = (service: ServiceName, slot: number): string => `${service}-${slot}`;
