/**
 * The last good versions: what each manifest said when it was last right.
 * Owns: the shape of that memory, and who stands in for whom. Must not know: scans, time.
 */
import type { DesiredNetwork, DesiredService, DesiredVolume } from '../model/desired.js';
import type { DeclarationKey } from './parse.js';

/** A secret or a config: a file that services read. */
export interface FileVersion {
  readonly kind: 'secret' | 'config';
  /** Absolute path on the host of the engine. */
  readonly source: string;
  /** Hex sha256 of its bytes. */
  readonly digest: string;
}

/** One good version. */
export type Declared =
  | { readonly kind: 'service'; readonly service: DesiredService }
  | { readonly kind: 'network'; readonly network: DesiredNetwork }
  | { readonly kind: 'volume'; readonly volume: DesiredVolume }
  | FileVersion;

/** What is remembered while manifests are resolved. */
export interface LastGood {
  readonly versions: ReadonlyMap<DeclarationKey, Declared>;
  /** Declarations that must not be taken for gone where no readable document names them; with the reason. */
  readonly mustStay: ReadonlyMap<DeclarationKey, string>;
}

/** Nothing is remembered: `validate`, and the first look. */
export const nothingRemembered: LastGood = { versions: new Map(), mustStay: new Map() };
