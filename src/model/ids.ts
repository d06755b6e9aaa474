/**
 * Identifiers, branded so that one cannot be passed where another is meant.
 * Owns: the brands and their constructors. Must not know: where an identifier comes from.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Full name of a service, unique in the directory: `stt`, or `blog-db` for service `db` of stack `blog`. */
export type ServiceName = Branded<'ServiceName'>;
/** Docker's container id, 64 hex digits. */
export type ContainerId = Branded<'ContainerId'>;
/** `v1:` followed by 64 hex digits: the hash of a resolved spec and the version of its form. */
export type SpecHash = Branded<'SpecHash'>;
/** What the manifests were at one moment: a git commit, or `sha256:` of their content. */
export type Revision = Branded<'Revision'>;
/** Names the thing that a step works on; at most one step per key is in flight. */
export type StepKey = Branded<'StepKey'>;

/** Marks a string as a service name; the caller has checked its form. */
export const serviceName = (text: string): ServiceName => text as ServiceName;
/** Marks a string as a container id. */
export const containerId = (text: string): ContainerId => text as ContainerId;
/** Marks a string as a spec hash. */
export const specHash = (text: string): SpecHash => text as SpecHash;
/** Marks a string as a revision. */
export const revision = (text: string): Revision => text as Revision;
/** Marks a string as a step key. */
export const stepKey = (text: string): StepKey => text as StepKey;

/** The first eight hex digits of a hash, without its version: what container names end in. */
export const shortHash = (hash: SpecHash): string => hash.slice(hash.indexOf(':') + 1).slice(0, 8);

/** The version of a hash's form, `v1:`: hashes of different forms tell nothing of each other. */
export const hashVersionOf = (hash: string): string => hash.slice(0, hash.indexOf(':') + 1);
