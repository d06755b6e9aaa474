// Owns: that the simulated engine answers as Docker does, whatever is asked of it in whatever order, by several at once.
// `ALICIA_SEQUENCES` says how many sequences are played, `ALICIA_SEQUENCES_FIRST_SEED` which is the first.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sequence } from '../support/command-sequences/commands.js';
import { explain } from '../support/command-sequences/explain.js';
import { drawSequence } from '../support/command-sequences/generate.js';
import type { RoundResult } from '../support/command-sequences/simulated-stage.js';
import { openTheatre, type Theatre } from './support/sequence-stage.js';

const COUNT = Number(process.env['ALICIA_SEQUENCES'] ?? 300);
const FIRST = Number(process.env['ALICIA_SEQUENCES_FIRST_SEED'] ?? 1);
/** Sequences played at the same time: more gain nothing on two cores. */
const AT_ONCE = 6;
/** So many belong to one test, so that something is told now and then. */
const BATCH = 25;
/** A sequence with a difference is played so often again. */
const PLAYS_AGAIN = 2;
/** A sequence takes about a second; much longer where much else is done on the machine. */
const SEQUENCE_MS = 30_000;
/** From so many sequences on each of these must have come up, or the check is worth less than it seems. */
const MANY = 250;
const TELLING: readonly string[] = [
  ...['create nameInUse 409', 'rename nameInUse 409', 'rename rejected 400', 'start portInUse 500'],
  ...['start attachmentGone 404', 'start engine 409', 'remove inUse 409', 'kill engine 409'],
  ...['pause engine 409', 'unpause engine 500', 'unpause done', 'update rejected 400'],
  ...['connect attachedAlready 403', 'connect rejected 400', 'connect noSuchNetwork 404'],
  ...['disconnect engine 500', 'stop noSuchContainer 404', 'inspect not there'],
];

const seeds = Array.from({ length: COUNT }, (_, index) => FIRST + index);
const batches = Array.from({ length: Math.ceil(COUNT / BATCH) }, (_, index) =>
  seeds.slice(index * BATCH, (index + 1) * BATCH),
);

describe('testing 4: the same commands must give the same answers and the same state', () => {
  let theatres: readonly Theatre[] = [];
  const told = new Set<string>();
  beforeAll(async () => {
    theatres = await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => openTheatre(number)));
  });
  afterAll(() => Promise.all(theatres.map((theatre) => theatre.close())));

  test.each(batches.map((batch) => ({ first: batch[0], last: batch.at(-1), batch })))(
    'sequences $first to $last',
    async ({ batch }) => {
      const waiting = [...batch];
      const reports: string[] = [];
      const playAll = async (theatre: Theatre): Promise<void> => {
        for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
          const report = await differenceIn(drawSequence(seed), theatre, told);
          if (report !== null) reports.push(report);
        }
      };
      await Promise.all(theatres.map(playAll));
      expect(reports.join('\n\n')).toBe('');
    },
    BATCH * SEQUENCE_MS,
  );

  test('every refusal that tells engines apart must have come up', () => {
    expect(COUNT >= MANY ? TELLING.filter((word) => !told.has(word)) : []).toEqual([]);
  });
});

/**
 * What differs; null: nothing. A rule that the simulated engine lacks shows each time. What shows once and not again when
 * the sequence is played twice more was chance among commands at the same time: it is printed, for whoever looks for more.
 */
async function differenceIn(sequence: Sequence, theatre: Theatre, told: Set<string>): Promise<string | null> {
  const reports: string[] = [];
  for (let play = 0; play <= PLAYS_AGAIN; play += 1) {
    const seen = await playAnswered(theatre, sequence);
    for (const word of wordsOf(sequence, seen)) told.add(word);
    const difference = await explain(sequence, seen);
    if (difference === null && play === 0) return null;
    if (difference !== null) reports.push(difference.report);
  }
  if (reports.length > 1) return reports[0] ?? null;
  process.stdout.write(`seen once in ${PLAYS_AGAIN + 1} plays: ${reports.join()}\n`);
  return null;
}

/** A call without an answer in time says that the machine is too busy, and nothing of any rule: it is played once more. */
async function playAnswered(theatre: Theatre, sequence: Sequence): Promise<readonly RoundResult[]> {
  const seen = await theatre.play(sequence);
  const isWhole = !seen.some(({ outcomes }) => outcomes.includes('unknownOutcome null'));
  return isWhole ? seen : theatre.play(sequence);
}

const wordsOf = ({ rounds }: Sequence, seen: readonly RoundResult[]): readonly string[] =>
  rounds.flatMap((round, number) =>
    round.map(({ verb }, place) => `${verb} ${seen[number]?.outcomes[place]}`),
  );
