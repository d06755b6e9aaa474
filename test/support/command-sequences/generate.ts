/**
 * Random sequences: one seed, one sequence.
 * Owns: what is drawn, and how often. Must not know: engines.
 */
import { createRandom, type Random } from '../simulation/random.js';
import {
  CHANGES,
  type ChangeName,
  type Command,
  type NetworkName,
  type Sequence,
  type Verb,
} from './commands.js';
import { LEFT_OUT } from './exceptions.js';
import { KINDS, type KindName } from './kinds.js';

const MIN_COMMANDS = 5;
const MAX_COMMANDS = 30;
const MAX_CONTAINERS = 4;
const NAMES = 3;

/** How often each command is drawn. */
const WEIGHTS: Readonly<Record<Verb, number>> = {
  create: 4,
  start: 6,
  stop: 3,
  restart: 1,
  kill: 1,
  pause: 2,
  unpause: 1,
  remove: 2,
  rename: 2,
  update: 3,
  connect: 3,
  disconnect: 2,
  inspect: 1,
  list: 1,
};

/** Kinds that get in each other's way: most sequences have those of one theme, so that they do. */
const THEMES: readonly (readonly KindName[])[] = [
  ['published', 'published everywhere', 'any port'],
  ['ranged'],
  ['addressed', 'networked'],
  ['addressed', 'published', 'listens'],
  ['voluminous', 'limited'],
  ['listens', 'deaf always', 'deaf'],
  ['ends well', 'ends badly', 'tries twice', 'loops'],
  ['healthy', 'sick'],
];
const ALL_KINDS = Object.keys(KINDS) as KindName[];

/** What often follows a command on the same container: without it most commands would find nothing to do. */
const FOLLOW_UPS: Readonly<Partial<Record<Verb, readonly Verb[]>>> = {
  create: ['start', 'start', 'start', 'start', 'connect', 'restart'],
  start: ['pause', 'stop', 'kill', 'connect', 'disconnect', 'update', 'restart', 'remove'],
  pause: ['unpause', 'unpause', 'stop', 'kill', 'restart', 'remove', 'start', 'rename', 'update'],
  connect: ['connect', 'disconnect', 'start', 'restart'],
  disconnect: ['connect', 'start', 'restart'],
  stop: ['start', 'remove', 'connect', 'rename'],
  kill: ['start', 'remove'],
  restart: ['kill', 'pause', 'disconnect'],
};

/** Draws the sequence of a seed. */
export function drawSequence(seed: number): Sequence {
  const random = createRandom(seed);
  const clients = pick(random, [1, 1, 1, 2, 2, 3]) ?? 1;
  const count = MIN_COMMANDS + Math.floor(random() ** 1.5 * (MAX_COMMANDS - MIN_COMMANDS + 1));
  const theme = random() < 0.8 ? (pick(random, THEMES) ?? ALL_KINDS) : ALL_KINDS;
  const rounds: (readonly Command[])[] = [];
  const kinds: KindName[] = [];
  let previous: readonly Command[] = [];
  for (let drawn = 0; drawn < count; ) {
    const size = Math.min(1 + Math.floor(random() * clients), count - drawn);
    const round: Command[] = [];
    const known = [...kinds];
    for (let client = 0; client < size; client += 1) {
      const drawing = { theme, known, made: kinds.length, round };
      const command = drawFollowUp(random, drawing, previous) ?? drawCommand(random, drawing);
      if (command.verb === 'create') kinds.push(command.kind);
      round.push(command);
    }
    rounds.push(round);
    previous = round;
    drawn += size;
  }
  return { seed, clients, rounds };
}

interface Drawn {
  readonly theme: readonly KindName[];
  /** Kinds of what was made in earlier rounds. */
  readonly known: readonly KindName[];
  readonly made: number;
  /** What others do at the same time. */
  readonly round: readonly Command[];
}

function drawCommand(random: Random, { theme, known, made, round }: Drawn): Command {
  const verb = known.length === 0 ? 'create' : drawVerb(random);
  if (verb === 'create' && made < MAX_CONTAINERS)
    return { verb, kind: pick(random, theme) ?? 'deaf', name: Math.floor(random() * NAMES) };
  if (verb === 'list') return { verb };
  const target = drawTarget(random, known, round);
  return allowed(drawAbout(random, verb === 'create' ? 'start' : verb, target), { known, round });
}

/** Null: nothing follows from the round before. */
function drawFollowUp(random: Random, { known, round }: Drawn, previous: readonly Command[]): Command | null {
  const before = pick(random, previous);
  if (before === undefined || random() < 0.5) return null;
  const verb = pick(random, FOLLOW_UPS[before.verb] ?? []);
  if (verb === undefined || verb === 'create' || verb === 'list') return null;
  const target = 'target' in before ? before.target : known.length - 1;
  return allowed(drawAbout(random, verb, target), { known, round });
}

/** Another command in place of one that is left out. */
function allowed(command: Command, { known, round }: Pick<Drawn, 'known' | 'round'>): Command {
  if (!('target' in command)) return command;
  const kind = known[command.target] ?? 'deaf';
  const isLeftOut = LEFT_OUT.some(({ isSo }) => isSo(command, kind, round));
  return isLeftOut ? { verb: 'inspect', target: command.target } : command;
}

/** Rather what was made last, and what somebody else is at: there is more to be seen. */
function drawTarget(random: Random, known: readonly KindName[], round: readonly Command[]): number {
  const others = round.flatMap((command) => ('target' in command ? [command.target] : []));
  if (others.length > 0 && random() < 0.6) return pick(random, others) ?? 0;
  if (random() < 0.4) return known.length - 1;
  return Math.floor(random() * known.length);
}

function drawAbout(random: Random, verb: Exclude<Verb, 'create' | 'list'>, target: number): Command {
  switch (verb) {
    case 'stop':
    case 'restart':
      return { verb, target, graceMs: random() < 0.4 ? 1_000 : 0 };
    case 'remove':
      return { verb, target, withVolumes: random() < 0.5 };
    case 'rename':
      return { verb, target, name: Math.floor(random() * NAMES) };
    case 'update':
      return { verb, target, change: pick(random, Object.keys(CHANGES) as ChangeName[]) ?? 'never' };
    case 'connect':
      return { verb, target, network: drawNetwork(random), isFixed: random() < 0.4 };
    case 'disconnect':
      return { verb, target, network: drawNetwork(random) };
    default:
      return { verb, target };
  }
}

function drawNetwork(random: Random): NetworkName {
  const networks: readonly NetworkName[] = ['front', 'front', 'front', 'back', 'back', 'bridge', 'none-such'];
  return pick(random, networks) ?? 'front';
}

function drawVerb(random: Random): Verb {
  const verbs = Object.entries(WEIGHTS) as [Verb, number][];
  let chance = random() * verbs.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [verb, weight] of verbs) {
    chance -= weight;
    if (chance < 0) return verb;
  }
  return 'list';
}

const pick = <T>(random: Random, list: readonly T[]): T | undefined =>
  list[Math.floor(random() * list.length)];
