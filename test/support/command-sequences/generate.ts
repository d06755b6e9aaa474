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
  kill: 2,
  pause: 2,
  unpause: 2,
  remove: 3,
  rename: 3,
  update: 3,
  connect: 3,
  disconnect: 2,
  inspect: 1,
  list: 1,
};

/** Draws the sequence of a seed. */
export function drawSequence(seed: number): Sequence {
  const random = createRandom(seed);
  const clients = pick(random, [1, 1, 1, 2, 2, 3]) ?? 1;
  const count = MIN_COMMANDS + Math.floor(random() ** 1.5 * (MAX_COMMANDS - MIN_COMMANDS + 1));
  const rounds: (readonly Command[])[] = [];
  const kinds: KindName[] = [];
  for (let drawn = 0; drawn < count; ) {
    const size = Math.min(1 + Math.floor(random() * clients), count - drawn);
    const round: Command[] = [];
    const known = [...kinds];
    for (let client = 0; client < size; client += 1) {
      const command = drawCommand(random, { known, made: kinds.length });
      if (command.verb === 'create') kinds.push(command.kind);
      round.push(command);
    }
    rounds.push(round);
    drawn += size;
  }
  return { seed, clients, rounds };
}

interface Drawn {
  /** Kinds of what was made in earlier rounds. */
  readonly known: readonly KindName[];
  readonly made: number;
}

function drawCommand(random: Random, { known, made }: Drawn): Command {
  const verb = known.length === 0 ? 'create' : drawVerb(random);
  if (verb === 'create' && made < MAX_CONTAINERS) return drawCreation(random);
  if (verb === 'list') return { verb };
  const target = Math.floor(random() * known.length);
  const kind = known[target] ?? 'deaf';
  if (verb === 'create') return { verb: 'start', target };
  const command = drawAbout(random, verb, target);
  return LEFT_OUT.some(({ isSo }) => isSo(command, kind)) ? { verb: 'start', target } : command;
}

function drawCreation(random: Random): Command {
  const kind = pick(random, Object.keys(KINDS)) as KindName;
  return { verb: 'create', kind, name: Math.floor(random() * NAMES) };
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
