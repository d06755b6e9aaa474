/**
 * What services name beside each other must be declared: networks, volumes, secrets, configs.
 * Owns: which of these are missing or cannot be used now, and what to do. Must not know: single fields.
 */
import type { ProblemCode } from '../model/problem.js';
import type { ServiceDraft } from './draft.js';
import { keyOfUse } from './file-uses.js';
import { type DeclarationKey, type ManifestKind, nameOfKey } from './parse.js';
import { type Check, draftsOf, type Rejection, type Standings } from './settle.js';
import { pathOfNetwork, pathOfVolume } from './spec-paths.js';
import { didYouMean } from './suggest.js';
import type { Path } from './tree.js';

/** More of one kind are not told of one service: each is looked up, and no reader mends more at once. */
const MAX_OF_ONE_SERVICE = 20;

const CODES: Readonly<Record<Exclude<ManifestKind, 'Service'>, ProblemCode>> = {
  Network: 'UNKNOWN_NETWORK',
  Volume: 'UNKNOWN_VOLUME',
  Secret: 'UNKNOWN_SECRET',
  Config: 'UNKNOWN_CONFIG',
};

/** Something that a service names, and where. */
interface Named {
  readonly key: DeclarationKey;
  readonly kind: keyof typeof CODES;
  readonly path: () => Path;
}

/** The check: who names what is not there is rejected. `networkName` needs no declaration. */
export const checkObjects =
  (networkName: string): Check =>
  (standings) =>
    [...draftsOf(standings)].flatMap((draft) =>
      namedBy(draft).flatMap((named) =>
        named
          .filter((each) => !isThere(each, standings, networkName))
          .slice(0, MAX_OF_ONE_SERVICE)
          .map((each): Rejection => {
            const text = textOf(each, standings, networkName);
            const problem = draft.scope.problemAt(each.path(), CODES[each.kind], text);
            return { key: `Service/${draft.name}`, problem };
          }),
      ),
    );

/** Networks, volumes, then secrets and configs. */
function namedBy(draft: ServiceDraft): readonly (readonly Named[])[] {
  const { container, files } = draft;
  const volumes = container.mounts.flatMap((mount) => (mount.kind === 'volume' ? [mount.volume] : []));
  return [
    container.networks.map(({ network }) => ({
      key: `Network/${network}`,
      kind: 'Network',
      path: () => pathOfNetwork(draft, network),
    })),
    volumes.map((volume) => ({
      key: `Volume/${volume}`,
      kind: 'Volume',
      path: () => pathOfVolume(draft, volume),
    })),
    files.map((use) => ({
      key: keyOfUse(use),
      kind: use.kind === 'secret' ? 'Secret' : 'Config',
      path: () => use.path,
    })),
  ];
}

function isThere({ key, kind }: Named, standings: Standings, networkName: string): boolean {
  const object = standings.objects.get(key);
  // Where its file cannot be read now no container could be made with it: the last good one is not given for that.
  if (isFile(kind)) return object !== undefined && 'scope' in object;
  return object !== undefined || key === `Network/${networkName}`;
}

function textOf({ key, kind }: Named, standings: Standings, networkName: string): string {
  const name = nameOfKey(key);
  const word = kind.toLowerCase();
  if (standings.rejected.has(key) || standings.objects.has(key))
    return `the ${word} "${name}" is declared by a manifest in error — mend that`;
  const known = namesOf(standings, kind);
  const mend =
    didYouMean(name, kind === 'Network' ? [...known, networkName] : known) ||
    ` — declare it: kind: ${kind}, metadata: {name: ${name}}${isFile(kind) ? ', spec: {file: ./…}' : ''}`;
  return `no ${word} "${name}" is declared${mend}`;
}

const isFile = (kind: ManifestKind): boolean => kind === 'Secret' || kind === 'Config';

/** Those in error too: whoever misspells one of them means it all the same. */
function namesOf({ objects, rejected }: Standings, kind: ManifestKind): readonly string[] {
  const prefix = `${kind}/`;
  return [...objects.keys(), ...rejected.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}
