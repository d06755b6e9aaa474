/**
 * An edit made again and again, at which one request after the other goes wrong.
 * Owns: the order of the rounds, and going on after one that failed. Must not know: what a round does.
 */
import type { Lane, Round } from './fault-proxy-lane.js';

/** How to go about it. */
export interface TourOptions {
  /** The first request that goes wrong, counted from 1, and how far apart they are. */
  readonly first: number;
  readonly stride: number;
  /** Lanes at a time: more than one where a round is mere waiting. */
  readonly width: number;
  readonly openLane: () => Promise<Lane>;
  readonly round: (lane: Lane, at: number) => Promise<Round>;
}

/** What came of it. */
export interface Tour {
  /** Requests that went wrong, one in each round. */
  readonly runs: number;
  /** Least and most requests that a round took that ended as it should. */
  readonly requests: readonly number[];
  /** The whole stories. */
  readonly failures: readonly string[];
}

/** More requests than any edit takes, were every one of them to be made again. */
const REQUESTS_MOST = 500;
/** So many stories are enough to begin with. */
const FAILURES_MOST = 4;

/** Goes on until an edit takes fewer requests than the next that is to go wrong, or too much has failed. */
export async function tour({ first, stride, width, openLane, round }: TourOptions): Promise<Tour> {
  const failures: string[] = [];
  const rounds: Round[] = [];
  let next = first;
  let isOver = false;
  const work = async (): Promise<void> => {
    let lane: Lane | null = null;
    try {
      while (!isOver && next <= REQUESTS_MOST && failures.length < FAILURES_MOST) {
        const at = next;
        next += stride;
        try {
          lane ??= await openLane();
          const made = await round(lane, at);
          rounds.push(made);
          // A turn that the last round ended before would not come in the next either.
          isOver ||= !made.isReached || next > made.requests;
        } catch (error) {
          const story = error instanceof Error ? error.message : String(error);
          console.error(story.split('\n')[0]);
          failures.push(story);
          // Where not even a lane can be opened, the next will not be either.
          isOver ||= lane === null;
          await lane?.close();
          lane = null;
        }
      }
    } finally {
      await lane?.close();
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  const requests = rounds.map((each) => each.requests);
  return {
    runs: rounds.filter(({ isReached }) => isReached).length + failures.length,
    requests: [Math.min(...requests), Math.max(...requests)],
    failures,
  };
}
