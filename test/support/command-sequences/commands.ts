/**
 * Sequences of commands that are given to an engine.
 * Owns: which commands there are, and how a sequence reads. Must not know: engines, chance.
 */
import type { ContainerChange } from '../../../src/model/step.js';
import { NO_LIMITS } from '../no-limits.js';
import type { KindName } from './kinds.js';

/** One command. A `target` is the number of the command of the sequence, counted among its creations, that made it. */
export type Command =
  | { readonly verb: 'create'; readonly kind: KindName; readonly name: number }
  | {
      readonly verb: 'start' | 'kill' | 'pause' | 'unpause' | 'inspect';
      readonly target: number;
    }
  | { readonly verb: 'stop' | 'restart'; readonly target: number; readonly graceMs: number }
  | { readonly verb: 'remove'; readonly target: number; readonly withVolumes: boolean }
  | { readonly verb: 'rename'; readonly target: number; readonly name: number }
  | { readonly verb: 'update'; readonly target: number; readonly change: ChangeName }
  | {
      readonly verb: 'connect';
      readonly target: number;
      readonly network: NetworkName;
      readonly isFixed: boolean;
    }
  | { readonly verb: 'disconnect'; readonly target: number; readonly network: NetworkName }
  | { readonly verb: 'list' };

/** The word that tells commands apart. */
export type Verb = Command['verb'];

/** The networks of a sequence; `none-such` is not there. */
export type NetworkName = 'front' | 'back' | 'bridge' | 'none-such';

/** Commands, some at the same time: every round waits for the one before. */
export interface Sequence {
  readonly seed: number;
  readonly clients: number;
  readonly rounds: readonly (readonly Command[])[];
}

const MIB = 1024 * 1024;

/** What is changed by `update`. */
export const CHANGES = {
  always: { restart: { name: 'always', maximumRetryCount: 0 }, resources: null },
  never: { restart: { name: 'no', maximumRetryCount: 0 }, resources: null },
  once: { restart: { name: 'on-failure', maximumRetryCount: 1 }, resources: null },
  memory: { restart: null, resources: { ...NO_LIMITS, memoryBytes: 64 * MIB } },
  'too-little-memory': { restart: null, resources: { ...NO_LIMITS, memoryBytes: MIB } },
  cpus: { restart: null, resources: { ...NO_LIMITS, nanoCpus: 500_000_000 } },
  quota: { restart: null, resources: { ...NO_LIMITS, cpuQuotaUs: 50_000, cpuPeriodUs: 100_000 } },
  'processes and policy': {
    restart: { name: 'unless-stopped', maximumRetryCount: 0 },
    resources: { ...NO_LIMITS, pidsLimit: 40 },
  },
} as const satisfies Readonly<Record<string, ContainerChange>>;

/** Name of one of {@link CHANGES}. */
export type ChangeName = keyof typeof CHANGES;

/** One round as people read it. */
export const renderRound = (round: readonly Command[], number: number): string =>
  `${number + 1}. ${round.map(renderCommand).join('  ‖  ')}`;

/** One command as people read it. */
export function renderCommand({ verb, ...words }: Command): string {
  const said = Object.entries(words).map(([word, value]) => {
    if (word === 'target') return `c${value}`;
    if (word === 'name') return `n${value}`;
    if (typeof value === 'boolean') return value ? word : '';
    return word === 'graceMs' ? `within ${value} ms` : String(value);
  });
  return [verb, ...said].filter((part) => part !== '').join(' ');
}

/** Creations before a round: the first command of the round that creates makes the target of this number. */
export const creationsBefore = ({ rounds }: Sequence, round: number): number =>
  rounds
    .slice(0, round)
    .flat()
    .filter(({ verb }) => verb === 'create').length;
