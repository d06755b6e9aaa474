/**
 * Whether what was seen on one engine may have come to pass on the simulated one.
 * Owns: the search for an order of arrival that explains every round. Must not know: real engines.
 *
 * Commands of one round may arrive in any order, and overlap or not. What was seen must follow from some choice in every
 * round, the same history throughout: later rounds may show that an earlier choice was wrong.
 */
import { type Command, creationsBefore, renderCommand, renderRound, type Sequence } from './commands.js';
import { ALIKE } from './exceptions.js';
import {
  type Course,
  createSimulatedStage,
  type Gap,
  type RoundResult,
  type SimulatedStage,
} from './simulated-stage.js';

/** Why what was seen cannot be explained. */
export interface Difference {
  /** The sequence, and what differs in the first round that cannot be explained, as people read it. */
  readonly report: string;
}

/** Histories tried before a sequence is given up: far more than any that can be explained needs. */
const MAX_TRIES = 2_000;

/** Null: the simulated engine may do all that was seen. */
export async function explain(sequence: Sequence, seen: readonly RoundResult[]): Promise<Difference | null> {
  const search: Search = { sequence, seen, tries: 0, worst: null };
  if (await follow(search, createSimulatedStage(), [])) return null;
  return { report: reportOf(search) };
}

interface Search {
  readonly sequence: Sequence;
  readonly seen: readonly RoundResult[];
  tries: number;
  /** The round that was furthest on, and what differs least there. */
  worst: { readonly round: number; readonly lines: readonly string[] } | null;
}

/** Plays on from a stage that has come so far; the first choice is played on it, every other on one of its own. */
async function follow(search: Search, stage: SimulatedStage, history: readonly Course[]): Promise<boolean> {
  const number = history.length;
  const round = search.sequence.rounds[number];
  const seen = search.seen[number];
  if (round === undefined || seen === undefined) return true;
  const made = creationsBefore(search.sequence, number);
  for (const [choice, course] of coursesOf(round.length).entries()) {
    search.tries += 1;
    if (search.tries > MAX_TRIES) return false;
    const own = choice === 0 ? stage : await replayed(search.sequence, history);
    const differences = differencesOf(await own.play(round, made, course), seen, round);
    if (differences.length === 0) {
      if (await follow(search, own, [...history, course])) return true;
    } else note(search, number, differences);
  }
  return false;
}

async function replayed(sequence: Sequence, history: readonly Course[]): Promise<SimulatedStage> {
  const stage = createSimulatedStage();
  for (const [number, course] of history.entries())
    await stage.play(sequence.rounds[number] ?? [], creationsBefore(sequence, number), course);
  return stage;
}

const GAPS: readonly Gap[] = ['together', 'answered', 'at rest', 'soon'];

/** Every order and every overlap of so many commands. */
export function coursesOf(count: number): readonly Course[] {
  const gaps = Array.from({ length: Math.max(0, count - 1) }).reduce<readonly (readonly Gap[])[]>(
    (lists) => lists.flatMap((list) => GAPS.map((gap) => [...list, gap])),
    [[]],
  );
  const places = Array.from({ length: count }, (_, place) => place);
  return gaps.flatMap((chosen) => ordersOf(places).map((order) => ({ order, gaps: chosen })));
}

function ordersOf(places: readonly number[]): readonly (readonly number[])[] {
  if (places.length <= 1) return [places];
  return places.flatMap((first) =>
    ordersOf(places.filter((place) => place !== first)).map((others) => [first, ...others]),
  );
}

function differencesOf(
  simulated: RoundResult,
  seen: RoundResult,
  round: readonly Command[],
): readonly string[] {
  const outcomes = round.flatMap((command, place) => {
    const [told, heard] = [simulated.outcomes[place], seen.outcomes[place]];
    const others = round.filter((_, other) => other !== place);
    return areAlike(command, others, [told, heard]) ? [] : lineOf(renderCommand(command), told, heard);
  });
  const count = Math.max(simulated.state.length, seen.state.length);
  const states = Array.from({ length: count }, (_, line) =>
    lineOf('state', simulated.state[line], seen.state[line]),
  );
  return [...outcomes, ...states.flat()];
}

const lineOf = (what: string, simulated: string | undefined, seen: string | undefined): readonly string[] =>
  simulated === seen ? [] : [`${what}:\n  simulated: ${simulated}\n  seen:      ${seen}`];

function note(search: Search, round: number, lines: readonly string[]): void {
  const { worst } = search;
  const isFurther = worst === null || round > worst.round;
  if (isFurther || (round === worst.round && lines.length < worst.lines.length))
    search.worst = { round, lines };
}

function reportOf({ sequence, seen, tries, worst }: Search): string {
  const until = worst?.round ?? 0;
  return [
    `Sequence ${sequence.seed} cannot be explained (${tries} histories tried). Replay: ALICIA_SEQUENCES=1 ALICIA_SEQUENCES_FIRST_SEED=${sequence.seed}`,
    ...sequence.rounds
      .slice(0, until + 1)
      .map((round, number) => `${renderRound(round, number)}  →  ${seen[number]?.outcomes.join('  ‖  ')}`),
    `The first difference is in round ${until + 1}; of all histories this one is the closest:`,
    ...(worst?.lines ?? []),
  ].join('\n');
}

const areAlike = (
  command: Command,
  others: readonly Command[],
  heard: readonly (string | undefined)[],
): boolean =>
  ALIKE.some(
    ({ verbs, outcomes, isSo }) =>
      verbs.includes(command.verb) &&
      heard.every((outcome) => outcomes.includes(outcome ?? '')) &&
      (isSo === undefined || isSo(command, others)),
  );
