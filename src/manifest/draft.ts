/**
 * What a document says by itself, before it is known what others declare.
 * Owns: the shape of drafts and the context they are made in. Must not know: other documents.
 */
import type {
  ContainerSpec,
  DesiredNetwork,
  DesiredService,
  DesiredVolume,
  RestartPolicy,
} from '../model/desired.js';
import type { PolicyWord } from '../model/policy.js';
import type { ReferencedFile, ScannedLink } from '../model/scan.js';
import type { Lookup } from './interpolate.js';
import type { FileVersion } from './last-good.js';
import type { HostPath } from './paths.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

/** A service; its networks and volumes bear the names of their manifests, not yet those on Docker. */
export interface ServiceDraft
  extends Omit<DesiredService, 'container' | 'hash' | 'earlierHashes' | 'staleBecause'> {
  readonly kind: 'service';
  readonly container: Omit<ContainerSpec, 'restart'>;
  /** Null: by default, which depends on who waits for this service. */
  readonly restart: RestartPolicy | null;
  /** Secrets and configs that it reads: mounts as soon as it is known what they are. */
  readonly files: readonly FileUse[];
  readonly scope: Scope;
}

/** That a service reads a secret or a config. */
export interface FileUse {
  readonly kind: FileVersion['kind'];
  /** Of the manifest that declares it. */
  readonly name: string;
  /** Absolute path in the container. */
  readonly target: string;
  /** Where the service names it. */
  readonly path: Path;
}

/** A network, volume, secret or config, complete. */
export type ObjectDraft =
  | {
      readonly kind: 'network';
      readonly name: string;
      readonly network: DesiredNetwork;
      readonly scope: Scope;
    }
  | { readonly kind: 'volume'; readonly name: string; readonly volume: DesiredVolume; readonly scope: Scope }
  | FileDraft;

/** A secret or a config. What its file asks for is in the scope, in the words for whoever reads it. */
export interface FileDraft extends FileVersion {
  readonly name: string;
  readonly scope: Scope;
}

/** What one document came to. */
export type Draft = ServiceDraft | ObjectDraft;

/** What manifests are resolved with. */
export interface ResolveOptions {
  readonly project: string;
  /** Network of services that name none. Default of the command: `alicia_bus_network`. */
  readonly networkName: string;
  /** The controller's environment. Names that begin with `ALICIA_` are never given to manifests. */
  readonly environment: Readonly<Record<string, string>>;
  /** Hex sha256 of a text. */
  readonly hash: (text: string) => string;
  /** Where the controller's own folders lie on the engine's host; null when it runs on that host. */
  readonly hostPaths: readonly HostPath[] | null;
  /** What services may ask of the host beyond what every service may: `--allow`. */
  readonly allow: readonly PolicyWord[];
}

/** What the documents of one folder are read with. */
export interface DraftContext extends Omit<ResolveOptions, 'environment'> {
  /** Resolved manifest directories. */
  readonly roots: readonly string[];
  /** Files that manifests name, by absolute path. */
  readonly references: ReadonlyMap<string, ReferencedFile>;
  /** Links below them, on the ways to what is mounted. */
  readonly links: readonly ScannedLink[];
  /** Variables of the folder. */
  readonly variables: Lookup;
}
