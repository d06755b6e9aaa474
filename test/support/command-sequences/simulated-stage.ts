/**
 * A simulated engine for sequences, and the way to play one round on it in a chosen order.
 * Owns: virtual time while commands are under way. Must not know: real engines.
 */
import type { ObservedContainer } from '../../../src/model/observed.js';
import { createSimulatedEngine } from '../simulated-docker/engine.js';
import { refreshHealth } from '../simulated-docker/monitoring.js';
import { sightingOf } from '../simulated-docker/truth.js';
import { createVirtualClock, type VirtualClock } from '../simulation/virtual-clock.js';
import type { Command } from './commands.js';
import { behaviourOfSpec, type Place } from './kinds.js';
import { createPainter } from './portrait.js';
import { type Cast, perform, type Stage, WITHIN } from './stage.js';

/**
 * When a command arrives: with the one before it, a little before what that one began ends by itself, when that one has
 * its answer, or when all is at rest again.
 */
export type Gap = 'together' | 'soon' | 'answered' | 'at rest';

/** One way in which the commands of a round may have come to pass. */
export interface Course {
  /** Places in the round. */
  readonly order: readonly number[];
  /** Before each but the first. */
  readonly gaps: readonly Gap[];
}

/** What came of a round: the outcome of each command, and the state when all is at rest. */
export interface RoundResult {
  readonly outcomes: readonly string[];
  readonly state: readonly string[];
}

/** What ends at once ends after 10 ms, and a signal takes 3 ms to kill. */
const SOON_MS = 9;
/** A simulated engine on which a sequence is under way. */
export interface SimulatedStage {
  /** Plays a round; `made` creations were commanded before it. */
  play(round: readonly Command[], made: number, course: Course): Promise<RoundResult>;
}

/** The place of every sequence on its simulated engine. */
export const SIMULATED_PLACE: Place = {
  prefix: 's',
  project: 's',
  image: 'sim-well:1',
  networks: { front: 's-net-front', back: 's-net-back' },
  addresses: { front: '10.0.0.200', back: '10.0.1.200' },
  port: 4_000,
  firstOfRange: 4_001,
};

/** An engine with the two networks and nothing else. */
export function createSimulatedStage(): SimulatedStage {
  const clock = createVirtualClock();
  const stage = stageOn(clock);
  const painter = createPainter(stage);
  const cast: Cast = [];
  const atRest = async (): Promise<readonly string[]> => {
    for (;;) {
      const state = await painter.paint(cast);
      if (state !== null) return state;
      if (!(await clock.step())) throw new Error('the simulated engine never comes to rest');
    }
  };
  return {
    async play(round, made, { order, gaps }) {
      const outcomes: string[] = [];
      let waiting = 0;
      for (const [turn, place] of order.entries()) {
        const gap = turn === 0 ? 'together' : gaps[turn - 1];
        if (gap === 'soon') await clock.advance(SOON_MS);
        while ((gap === 'answered' || gap === 'at rest') && waiting > 0) await clock.step();
        if (gap === 'at rest') await atRest();
        const command = round[place];
        if (command === undefined) continue;
        const number = made + round.slice(0, place).filter(({ verb }) => verb === 'create').length;
        waiting += 1;
        void perform(stage, cast, command, number).then((outcome) => {
          outcomes[place] = outcome;
          waiting -= 1;
        });
      }
      while (waiting > 0) await clock.step();
      return { outcomes, state: await atRest() };
    },
  };
}

function stageOn(clock: VirtualClock): Stage {
  const place = SIMULATED_PLACE;
  const simulated = createSimulatedEngine({
    clock,
    random: () => 0,
    project: place.project,
    behaviourOf: behaviourOfSpec,
  });
  const { truth, port, people } = simulated;
  truth.images.set(place.image, { id: 'sha256:1', version: null, hasHealthcheck: false, isHere: true });
  for (const name of Object.values(place.networks))
    truth.networks.set(name, {
      id: truth.createId(),
      name,
      driver: 'bridge',
      project: place.project,
      hash: null,
    });
  return {
    engine: port,
    place,
    kill: (id) => people.kill(id, WITHIN),
    pause: (id) => people.pause(id, WITHIN),
    async look(id): Promise<ObservedContainer | null> {
      const container = truth.containers.get(id);
      if (container === undefined) return null;
      refreshHealth(container, { clock });
      const sighting = sightingOf(container, place.project);
      return sighting.kind === 'ours' ? sighting.container : null;
    },
    volumes: async (names) => names.filter((name) => truth.volumes.has(name)),
  };
}
