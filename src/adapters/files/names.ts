/**
 * Which names in a folder are looked at.
 * Owns: the file names of contract §1. Must not know: the disk.
 */

/** Names of a Compose file, the first that is there wins. */
const COMPOSE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const;

/** Variables for the manifests beside it. */
export const ENV_NAME = '.env';
/** What is left out, in gitignore syntax. */
export const IGNORE_NAME = '.aliciaignore';
/** In a root: the services that may be removed although many go. */
export const PRUNE_NAME = '.alicia-prune';

const MANIFEST_ENDING = /.\.(?:yaml|yml|json)$/;
const COMPOSE_ENDING = /\.ya?ml$/;

/** Every name that matters in a stack folder: the Compose files, their overrides, and what stands beside them. */
export const STACK_NAMES: ReadonlySet<string> = new Set([
  ...COMPOSE_NAMES,
  ...COMPOSE_NAMES.flatMap(overridesOf),
  ENV_NAME,
  IGNORE_NAME,
  PRUNE_NAME,
]);

/** True for names that are skipped, whatever they hold. */
export function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** True for a file name that may be a manifest's. */
export function isManifestName(name: string): boolean {
  return !isHidden(name) && MANIFEST_ENDING.test(name);
}

/** True for a name whose change can change a look, whatever kind of file it names. */
export function isLookedAt(name: string): boolean {
  if (name === ENV_NAME || name === IGNORE_NAME || name === PRUNE_NAME) return true;
  // Kubernetes and git-sync swap links such as `..data`, through which the visible names lead.
  return name.startsWith('..') || isManifestName(name);
}

/**
 * The files that are read of a folder: those of its stack where it has a Compose file, else all manifests; a
 * `.env` only beside one. `fileNames` are those of the folder that are neither folders nor left out.
 */
export function chooseFiles(fileNames: ReadonlySet<string>): {
  readonly isStack: boolean;
  readonly names: readonly string[];
} {
  const composeName = COMPOSE_NAMES.find((name) => fileNames.has(name));
  const names: string[] = [];
  if (composeName === undefined) {
    names.push(...[...fileNames].filter(isManifestName));
  } else {
    names.push(composeName);
    const override = overridesOf(composeName).find((name) => fileNames.has(name));
    if (override !== undefined) names.push(override);
  }
  if (names.length > 0 && fileNames.has(ENV_NAME)) names.push(ENV_NAME);
  return { isStack: composeName !== undefined, names };
}

/** `compose.yaml` → `compose.override.yaml`, `compose.override.yml`: its own ending first. */
function overridesOf(composeName: string): readonly string[] {
  const stem = composeName.replace(COMPOSE_ENDING, '');
  const endings = composeName.endsWith('.yaml') ? ['yaml', 'yml'] : ['yml', 'yaml'];
  return endings.map((ending) => `${stem}.override.${ending}`);
}
