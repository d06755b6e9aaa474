/**
 * Manifests in disrepair for a while: none of it may end anything.
 * Owns: the kinds of disrepair, and mending each. Must not know: what the controller makes of them.
 */
import { ownContainers } from '../simulated-docker/truth.js';
import type { SimulatedFiles } from './files.js';
import type { Random } from './random.js';
import { manifestsOf } from './services.js';
import { PROJECT } from './settings.js';
import type { Story } from './story-acts.js';
import { pick } from './story-draw.js';

/** What is done to a file that was whole. */
interface Spoiling {
  readonly files: SimulatedFiles;
  readonly path: string;
  readonly whole: string;
  readonly random: Random;
}

/** How it is mended; null: somebody has written it meanwhile. */
type Mend = () => (() => void) | null;

const LONGEST_MS = 20_000;
/** A file that is away for less than a second, as while it is saved by a rename, is not gone. */
const SAVED_MS = 900;
/**
 * Two looks a second apart may both meet a gap where a file is saved again so soon: that is what earns its deletion, and
 * nobody could tell the two from one.
 */
const SAVED_AGAIN_MS = 3_000;

/** One file, or the directory, is not as it should be; later it is again. */
export function disrepair(story: Story): void {
  const { world, all, random } = story;
  const { files, clock, faults } = world;
  const kind = pick(random, [...KINDS.keys()], 'half');
  if (kind === 'mostly gone') goMostly(story);
  const path = `${pick(random, Object.keys(all), '')}.yaml`;
  const whole = files.read(path);
  const spoil = KINDS.get(kind);
  if (whole === null || spoil === undefined || spoil === null) return;
  const soonestMs = (story.savedMs.get(path) ?? Number.NEGATIVE_INFINITY) + SAVED_AGAIN_MS;
  if (kind === 'saved' && clock.now().monotonicMs < soonestMs) return;
  faults.note(`disrepair: ${kind}`);
  world.trace(`disrepair: ${kind} ${path}`);
  const mend = spoil({ files, path, whole, random });
  clock.after(random() * (kind === 'saved' ? SAVED_MS : LONGEST_MS), () => {
    world.trace(`mended: ${kind} ${path}`);
    if (kind === 'saved') story.savedMs.set(path, clock.now().monotonicMs);
    mend()?.();
  });
}

const written =
  (spoilt: (whole: string, random: Random) => string) =>
  ({ files, path, whole, random }: Spoiling): Mend => {
    const text = spoilt(whole, random);
    files.write(path, text);
    return () => (files.read(path) === text ? () => files.write(path, whole) : null);
  };

const unread =
  (spoil: (spoiling: Spoiling) => void) =>
  (spoiling: Spoiling): Mend => {
    const { files, path, whole } = spoiling;
    spoil(spoiling);
    return () => (files.read(path) === null ? () => files.write(path, whole) : null);
  };

const KINDS: ReadonlyMap<string, ((spoiling: Spoiling) => Mend) | null> = new Map([
  // Nothing at all is what somebody may have meant; one character of it is not.
  ['half', written((whole, random) => whole.slice(0, 1 + Math.floor(random() * (whole.length - 1))))],
  ['garbage', written(() => '\u0000\u0001: [}{ &a *b %TAG ! !!binary |\n\t- ')],
  ['refused', written((whole) => whole.replace('"spec": {', '"spec": {\n    "prots": [],'))],
  ['saved', unread(({ files, path }) => files.write(path, null))],
  ['notUtf8', unread(({ files, path }) => files.spoil(path, { kind: 'notUtf8' }))],
  [
    'unreadable',
    unread(({ files, path }) => files.spoil(path, { kind: 'unreadable', reason: 'permission denied' })),
  ],
  [
    'copied',
    ({ files, path, whole }: Spoiling): Mend => {
      files.write(`copy-of-${path}`, whole);
      return () => () => files.write(`copy-of-${path}`, null);
    },
  ],
  [
    'directory',
    ({ files, random }: Spoiling): Mend => {
      files.setState(random() < 0.5 ? 'missing' : 'unreadable');
      return () => () => files.setState('ok');
    },
  ],
  ['mostly gone', null],
]);

/**
 * Most files go at once, as with a wrong checkout. Only where all is there, stays so and is shown: of what Docker
 * does not hold, or does not list yet, nobody can tell how much is going.
 */
function goMostly({ world, all, random, acts }: Story): void {
  const { engine, files, faults, clock } = world;
  const names = Object.keys(all);
  const held = new Set<string>(ownContainers(engine.truth, PROJECT).map(({ owned }) => owned.service));
  const manifests = manifestsOf(all);
  const areWhole = names.every(
    (name) =>
      files.read(`${name}.yaml`) === manifests.get(`${name}.yaml`) &&
      files.read(`copy-of-${name}.yaml`) === null,
  );
  const { listLags } = world.faults.rates();
  const isSteady =
    listLags === 0 && !acts.has('outsider') && !acts.has('edit') && names.every((name) => held.has(name));
  if (names.length < 2 || !isSteady || !areWhole) return;
  faults.note('disrepair: mostly gone');
  world.trace('disrepair: mostly gone');
  // What another one still requires stays anyway, and so counts for nothing: those that need others go first.
  const gone = names.slice(-(Math.floor(names.length / 2) + 1)).map((name) => `${name}.yaml`);
  const wholes = gone.map((path) => [path, files.read(path)] as const);
  for (const path of gone) files.write(path, null);
  clock.after(random() * LONGEST_MS, () => {
    for (const [path, whole] of wholes) if (files.read(path) === null) files.write(path, whole);
  });
}
