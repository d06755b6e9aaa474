/**
 * What is not compared between the simulated engine and the real one, each with its reason.
 * Owns: the whole list of exceptions. Must not know: engines.
 */
import type { ObservedContainer } from '../../../src/model/observed.js';
import type { Command, Verb } from './commands.js';
import { endsAtOnce, type KindName } from './kinds.js';

/** A command that is not given to containers of a kind. */
export interface LeftOut {
  readonly why: string;
  /** `others`: what is commanded at the same time. */
  isSo(command: Command, kind: KindName, others: readonly Command[]): boolean;
}

const RACING: ReadonlySet<Verb> = new Set([
  'pause',
  'unpause',
  'rename',
  'update',
  'restart',
  'connect',
  'disconnect',
]);

const ENDING: ReadonlySet<Verb> = new Set(['stop', 'kill', 'restart']);
const MEETING_AN_END: ReadonlySet<Verb> = new Set(['update', 'pause']);
const NOT_ONE_STEP: ReadonlySet<Verb> = new Set(['restart', 'rename']);
const STARTING_OR_ENDING: ReadonlySet<Verb> = new Set(['start', 'stop', 'restart']);

const targetOf = (command: Command): number | null => ('target' in command ? command.target : null);

/** Commands whose outcome is chance on a real engine. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    why: 'What ends at once may or may not run at the very moment, and these are refused, or half done, when it does not: an update that fails over it leaves the new restart policy in force and shows the old one.',
    isSo: ({ verb }, kind) => endsAtOnce(kind) && RACING.has(verb),
  },
  {
    why: 'Within no time at all one that listens is sometimes quick enough to end well, and sometimes killed.',
    isSo: (command, kind) => kind === 'listens' && 'graceMs' in command && command.graceMs === 0,
  },
  {
    why: 'An update that meets a process about to end is refused by containerd and taken back, or is not; a pause is refused in one of two ways, or freezes the process before the signal reaches it, and then the stop never ends.',
    isSo: (command, _, others) =>
      others.some(
        (other) =>
          targetOf(other) === targetOf(command) &&
          ((MEETING_AN_END.has(command.verb) && ENDING.has(other.verb)) ||
            (MEETING_AN_END.has(other.verb) && ENDING.has(command.verb))),
      ),
  },
  {
    why: 'Docker learns of a pause and of its end from containerd a moment later, too, and believes the later word: what is paused again at once may be shown as running for good.',
    isSo: (command, _, others) =>
      (command.verb === 'pause' || command.verb === 'unpause') &&
      others.some(
        (other) =>
          (other.verb === 'pause' || other.verb === 'unpause') &&
          other.verb !== command.verb &&
          targetOf(other) === targetOf(command),
      ),
  },
  {
    why: 'A restart is a stop and a start, and not one step: a removal that comes between finds nothing that runs. A removal that meets a renaming may stop half way.',
    isSo: (command, _, others) =>
      others.some(
        (other) =>
          targetOf(other) === targetOf(command) &&
          ((command.verb === 'remove' && NOT_ONE_STEP.has(other.verb)) ||
            (NOT_ONE_STEP.has(command.verb) && other.verb === 'remove')),
      ),
  },
  {
    why: 'A shell takes a moment after its start until it listens, or ends by itself; with which code it ends when it is asked to before is its own affair.',
    isSo: (command, kind, others) =>
      (kind === 'listens' || endsAtOnce(kind)) &&
      STARTING_OR_ENDING.has(command.verb) &&
      others.some((other) => STARTING_OR_ENDING.has(other.verb) && targetOf(other) === targetOf(command)),
  },
];

/** A part of what is seen of a container that is not compared. */
export interface Hidden {
  readonly why: string;
  readonly part: 'ids of its networks';
  isSo(container: ObservedContainer): boolean;
}

/** What is chance on a real engine although the outcome is not. */
export const HIDDEN: readonly Hidden[] = [
  {
    why: 'Docker joins the networks of a container that starts in no order: where one of them fails, the others were joined before it, or were not, and that shows until the next start.',
    part: 'ids of its networks',
    isSo: ({ error }) => error !== '',
  },
];

/** Outcomes that count as one. */
export interface Alike {
  readonly why: string;
  readonly verbs: readonly Verb[];
  readonly outcomes: readonly string[];
  /** `others`: what was commanded at the same time; left out: it is always so. */
  isSo?(command: Command, others: readonly Command[]): boolean;
}

const NO_ORDER =
  'Docker joins the networks of a container that starts in no order: where one is gone, and in another the address or the port is taken, it tells of whichever it comes to first.';

/** Refusals that are told apart by chance on a real engine. */
export const ALIKE: readonly Alike[] = [
  { why: NO_ORDER, verbs: ['start'], outcomes: ['attachmentGone 404', 'inUse 403', 'portInUse 500'] },
  { why: NO_ORDER, verbs: ['restart'], outcomes: ['attachmentGone 500', 'inUse 500', 'portInUse 500'] },
  {
    why: 'Of two removals of what runs the later one may be told of the earlier, which is about to be refused.',
    verbs: ['remove'],
    outcomes: ['inUse 409', 'removalInProgress 409'],
    isSo: (command, others) =>
      others.some((other) => other.verb === 'remove' && targetOf(other) === targetOf(command)),
  },
  {
    why: 'A stop, also the first half of a restart, looks whether the container runs, and again when it sends the signal. Where a restart ends it in between, and starts it again at once, it is refused although the other has done all that it asked for.',
    verbs: ['stop', 'restart'],
    outcomes: ['done', 'engine 500'],
    isSo: (command, others) =>
      others.some((other) => other.verb === 'restart' && targetOf(other) === targetOf(command)),
  },
];
