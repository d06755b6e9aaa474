/**
 * The name of a controller's socket: one controller per engine and project.
 * Owns: how it is called on each system. Must not know: what is said over it.
 */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Which controller is meant. */
export interface ControllerKey {
  /** Docker's own id of the engine. */
  readonly engineId: string;
  readonly project: string;
  /** The system that names are made for; this one by default. */
  readonly platform?: NodeJS.Platform;
}

/** Where a controller is reached. */
export type SocketName =
  /**
   * Linux: a name without a file, free again as soon as its process is gone. `padded` is the one that counts: Node up to
   * 20 fills a name with NULs to its full length, later ones do not, and a name of full length is the same for all of them.
   * `exact` is for other programs; in those older versions it is the same name.
   */
  | { readonly kind: 'abstract'; readonly padded: string; readonly exact: string }
  /** Elsewhere: a file, which may be left over from a process that was killed. */
  | { readonly kind: 'file'; readonly path: string };

/** Bytes of `sun_path`, see unix(7). */
const FULL_LENGTH = 108;

/** The name `alicia:<engine id>:<project>`; a digest stands for both where that is too long for a socket. */
export function socketNameOf({ engineId, project, platform = process.platform }: ControllerKey): SocketName {
  const text = `alicia:${engineId}:${project}`;
  const digest = createHash('sha256').update(text).digest('hex');
  if (platform !== 'linux')
    return { kind: 'file', path: join(tmpdir(), `alicia-${digest.slice(0, 16)}.sock`) };
  const fits = Buffer.byteLength(text) < FULL_LENGTH && !text.includes('\0');
  const exact = `\0${fits ? text : `alicia:${digest}`}`;
  return { kind: 'abstract', exact, padded: exact + '\0'.repeat(FULL_LENGTH - Buffer.byteLength(exact)) };
}
