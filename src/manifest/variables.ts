/**
 * The variables that manifests may use.
 * Owns: which one wins, and which are never given. Must not know: where they are put in.
 */
import { type EnvFile, expandEnvFile } from './dotenv.js';
import type { Lookup } from './interpolate.js';

/** The variables of each folder: those of the environment, then those of the `.env` in it. None that begins with `ALICIA_`. */
export function variablesByFolder(
  envFiles: ReadonlyMap<string, EnvFile>,
  environment: Readonly<Record<string, string>>,
): (folder: string) => Lookup {
  const fromEnvironment: Lookup = (name) =>
    Object.hasOwn(environment, name) ? environment[name] : undefined;
  const known = new Map<string, Lookup>();
  return (folder) => {
    const made = known.get(folder);
    if (made !== undefined) return made;
    const file = envFiles.get(folder);
    const variables = file === undefined ? new Map<string, string>() : expandEnvFile(file, fromEnvironment);
    const lookup: Lookup = (name) =>
      name.startsWith('ALICIA_') ? undefined : (fromEnvironment(name) ?? variables.get(name));
    known.set(folder, lookup);
    return lookup;
  };
}
