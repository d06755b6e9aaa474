/**
 * The Docker Engine of this machine as the stage of command sequences.
 * Owns: places of their own for sequences that are played at the same time, and playing one. Must not know: what must come of it.
 */
import { EngineError } from '../../../src/controller/ports.js';
import type { ObservedContainer } from '../../../src/model/observed.js';
import { creationsBefore, type Sequence } from '../../support/command-sequences/commands.js';
import type { Place } from '../../support/command-sequences/kinds.js';
import { createPainter } from '../../support/command-sequences/portrait.js';
import type { RoundResult } from '../../support/command-sequences/simulated-stage.js';
import { type Cast, perform, type Stage, WITHIN } from '../../support/command-sequences/stage.js';
import { networkStep } from '../../support/engine-contract/world.js';
import { eventually } from '../../support/eventually.js';
import { type DockerWorld, makeDockerWorld, TEST_IMAGE } from './docker-world.js';

/** A part of the engine where one sequence after the other is played. */
export interface Theatre {
  /** Plays a sequence and clears away what it made. */
  play(sequence: Sequence): Promise<readonly RoundResult[]>;
  /** Removes all that was made. */
  close(): Promise<void>;
}

/** Makes a part of the engine with two networks; `number` tells those apart that are used at the same time. */
export async function openTheatre(number: number): Promise<Theatre> {
  const world = await makeDockerWorld(`sequences-${number}`);
  const { engine } = world;
  await engine.connect(WITHIN);
  const subnets = [`${subnetOf(2 * number)}.0/24`, `${subnetOf(2 * number + 1)}.0/24`] as const;
  await engine.createNetwork(networkStep(world, 'net-front', subnets[0]), WITHIN);
  await engine.createNetwork(networkStep(world, 'net-back', subnets[1]), WITHIN);
  return {
    play: (sequence) => playOn(world, placeOf(world, number, sequence.seed), sequence),
    close: () => world.close(),
  };
}

/** Two processes that test at the same time must not choose the same. */
const subnetOf = (number: number): string => `10.${64 + (process.pid % 160)}.${number}`;

const FIRST_PORT = 20_000;
const PORTS = 12_000;

function placeOf({ project }: DockerWorld, number: number, seed: number): Place {
  // Below the ports that the kernel hands out; Docker remembers of each range where it stopped.
  const port = FIRST_PORT + ((process.pid * 61 + seed * 3) % PORTS);
  return {
    prefix: `${project}-${seed}`,
    project,
    image: TEST_IMAGE,
    networks: { front: `${project}-net-front`, back: `${project}-net-back` },
    addresses: { front: `${subnetOf(2 * number)}.200`, back: `${subnetOf(2 * number + 1)}.200` },
    port,
    firstOfRange: port + 1,
  };
}

async function playOn(world: DockerWorld, place: Place, sequence: Sequence): Promise<readonly RoundResult[]> {
  const stage = stageOf(world, place);
  const painter = createPainter(stage);
  const cast: Cast = [];
  const results: RoundResult[] = [];
  try {
    for (const [number, round] of sequence.rounds.entries()) {
      let made = creationsBefore(sequence, number);
      const calls = round.map((command) => {
        const creation = made;
        if (command.verb === 'create') made += 1;
        return perform(stage, cast, command, creation);
      });
      const outcomes = await Promise.all(calls);
      const state = await eventually(() => painter.paint(cast), {
        timeoutMs: 180_000,
        intervalMs: 15,
        describe: `sequence ${sequence.seed} at rest after round ${number + 1}`,
      });
      results.push({ outcomes, state });
    }
  } finally {
    await clearAway(world, cast);
  }
  return results;
}

function stageOf({ engine, docker }: DockerWorld, place: Place): Stage {
  return {
    engine,
    place,
    kill: (id) => asEngineCall(docker.getContainer(id).kill()),
    pause: (id) => asEngineCall(docker.getContainer(id).pause()),
    async look(id): Promise<ObservedContainer | null> {
      const sighting = await engine.inspectContainer(id, WITHIN);
      if (sighting?.kind === 'other') throw new Error(`${id} is not of the sequence`);
      return sighting?.container ?? null;
    },
    async volumes(names) {
      const volumes = await Promise.all(names.map((name) => engine.inspectVolume(name, WITHIN)));
      return volumes.flatMap((volume) => (volume === null ? [] : [volume.name]));
    },
  };
}

/** A refusal as the port would tell it. */
async function asEngineCall(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    const { statusCode, message } = error as { readonly statusCode?: number; readonly message: string };
    if (statusCode === undefined) throw error;
    const code = statusCode === 404 ? 'noSuchContainer' : 'engine';
    throw new EngineError({ code, message, status: statusCode }, error);
  }
}

async function clearAway({ docker }: DockerWorld, cast: Cast): Promise<void> {
  const ids = cast.flatMap((made) => (made === null ? [] : [made.id]));
  await Promise.all(
    ids.map((id) => docker.getContainer(id).remove({ force: true, v: true }).catch(unlessGone)),
  );
}

function unlessGone(error: unknown): void {
  if ((error as { readonly statusCode?: number }).statusCode !== 404) throw error;
}
