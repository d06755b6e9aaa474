/**
 * The manifests, read once by a command.
 * Owns: one look, or two a second apart on paper, and the options that manifests are taken in with.
 * Must not know: what the command makes of them.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { createManifestFiles } from '../adapters/files/manifest-files.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { ManifestFiles } from '../controller/ports.js';
import { emptyIntake, type IntakeOptions, takeIn } from '../manifest/intake.js';
import { type NamedPaths, namedPaths } from '../manifest/references.js';
import type { DesiredState } from '../model/desired.js';
import type { Scan, ScannedFile } from '../model/scan.js';
import type { Terminal } from './terminal.js';

/** Two equal looks this far apart confirm what is absent. */
const SECOND_LOOK_MS = 1_000;

/** Where folders of this process lie on the engine's host; null: it runs there. */
export type HostPaths = IntakeOptions['hostPaths'];

/** The manifest directories of a command. */
export function manifestFilesOf(config: Config, terminal: Terminal): ManifestFiles {
  return createManifestFiles({
    roots: config.manifests,
    clock: terminal.clock,
    limits: { fileBytes: LIMITS.manifestBytes },
    namedBy: namedBy(manifestVariables(terminal.environment)),
  });
}

/** The paths that manifests name; while these stay the same they are read once, however often they are looked at. */
function namedBy(
  environment: Readonly<Record<string, string>>,
): (files: readonly ScannedFile[]) => NamedPaths {
  let last: { readonly files: readonly ScannedFile[]; readonly named: NamedPaths } | null = null;
  return (files) => {
    if (last === null || !isSame(last.files, files)) last = { files, named: namedPaths(files, environment) };
    return last.named;
  };
}

const isSame = (before: readonly ScannedFile[], after: readonly ScannedFile[]): boolean =>
  before.length === after.length &&
  before.every(({ path, folder, content }, index) => {
    const other = after[index];
    const text = other?.content.kind === 'text' ? other.content.text : null;
    return (
      path === other?.path &&
      folder === other.folder &&
      text === (content.kind === 'text' ? content.text : null)
    );
  });

/** The directories as absolute paths. */
export const absoluteManifests = (config: Config): readonly string[] =>
  config.manifests.map((directory) => resolve(directory));

/** What manifests are taken in with. */
export function intakeOptionsOf(config: Config, terminal: Terminal, hostPaths: HostPaths): IntakeOptions {
  return {
    project: config.project,
    networkName: config.network,
    environment: manifestVariables(terminal.environment),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    hostPaths,
    allow: config.allow,
    allowEmpty: config.allowEmpty,
  };
}

/** The desired state and the scan that it came from. */
export interface ManifestReading {
  readonly desired: DesiredState;
  readonly scan: Scan;
}

/** Looks once. */
export async function readManifests(
  config: Config,
  terminal: Terminal,
  hostPaths: HostPaths,
): Promise<ManifestReading> {
  const scan = await manifestFilesOf(config, terminal).scan();
  return { desired: desiredOf(scan, intakeOptionsOf(config, terminal, hostPaths)), scan };
}

/** Takes one look for two a second apart, so that what is absent counts as absent. */
export function desiredOf(scan: Scan, options: IntakeOptions): DesiredState {
  const first = takeIn(emptyIntake, scan, { monotonicMs: 0 }, options);
  return takeIn(first.intake, scan, { monotonicMs: SECOND_LOOK_MS }, options).desired;
}

/** What manifests may interpolate: never our own settings, which hold secrets. */
function manifestVariables(environment: Terminal['environment']): Readonly<Record<string, string>> {
  const pairs = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || name.startsWith('ALICIA_') ? [] : [[name, value] as const],
  );
  return Object.fromEntries(pairs);
}
