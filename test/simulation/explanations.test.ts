// Owns: that the comparison of the simulated engine with Docker takes what may have come to pass, and nothing else.
import { expect, test } from 'vitest';
import type { Command, Sequence } from '../support/command-sequences/commands.js';
import { explain } from '../support/command-sequences/explain.js';
import { createSimulatedStage, type RoundResult } from '../support/command-sequences/simulated-stage.js';

const CREATE: Command = { verb: 'create', kind: 'deaf always', name: 1 };
const START: Command = { verb: 'start', target: 0 };
const STOP: Command = { verb: 'stop', target: 0, graceMs: 0 };
const RESTART: Command = { verb: 'restart', target: 0, graceMs: 0 };

test('commands at the same time may have come in either order', async () => {
  const sequence = sequenceOf([CREATE], [START], [STOP, { verb: 'inspect', target: 0 }]);
  const course = { order: [1, 0], gaps: ['at rest'] } as const;
  expect(await explain(sequence, await playedOn(sequence, course))).toBeNull();
});

test('an answer that no order gives must be told, with its round', async () => {
  const sequence = sequenceOf([CREATE], [START], [STOP, { verb: 'inspect', target: 0 }]);
  const difference = await explain(sequence, refusedFirst(await playedOn(sequence)));
  expect(difference?.report).toContain('3. stop c0 within 0 ms  ‖  inspect c0  →  engine 500  ‖  there');
  expect(difference?.report).toContain('simulated: done\n  seen:      engine 500');
});

test('a state that no order leaves must be told', async () => {
  const sequence = sequenceOf([CREATE], [START]);
  const seen = await playedOn(sequence);
  const other = await playedOn(sequenceOf([CREATE], [STOP]));
  expect((await explain(sequence, [...seen.slice(0, 1), ...other.slice(1)]))?.report).toContain('state:');
});

test('a stop that a restart has overtaken may be refused', async () => {
  const sequence = sequenceOf([CREATE], [START], [STOP, RESTART]);
  expect(await explain(sequence, refusedFirst(await playedOn(sequence)))).toBeNull();
});

const sequenceOf = (...rounds: readonly (readonly Command[])[]): Sequence => ({
  seed: 0,
  clients: 2,
  rounds,
});

/** What the simulated engine does when the commands of every round arrive in this way; else in their order, at rest. */
async function playedOn(
  { rounds }: Sequence,
  course?: Parameters<ReturnType<typeof createSimulatedStage>['play']>[2],
): Promise<readonly RoundResult[]> {
  const stage = createSimulatedStage();
  const results: RoundResult[] = [];
  for (const [number, round] of rounds.entries()) {
    const order = round.map((_, place) => place);
    const inOrder = { order, gaps: order.slice(1).map(() => 'at rest' as const) };
    const isRace = course !== undefined && round.length === course.order.length;
    results.push(await stage.play(round, number === 0 ? 0 : 1, isRace ? course : inOrder));
  }
  return results;
}

/** The last round's first command was answered with Docker's 500. */
const refusedFirst = (seen: readonly RoundResult[]): readonly RoundResult[] =>
  seen.map((result, number) =>
    number === seen.length - 1
      ? { ...result, outcomes: ['engine 500', ...result.outcomes.slice(1)] }
      : result,
  );
