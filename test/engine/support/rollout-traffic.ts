/**
 * A steady stream of requests to a service, from a container on its network.
 * Owns: the client, and counting what became of each request. Must not know: rollouts, the program.
 */
import { readFileSync } from 'node:fs';
import { eventually } from '../../support/eventually.js';
import { test as base, PATIENCE_MS, type TestProject } from './project.js';
import { WEB_ALIAS } from './rollout-web.js';

/** What became of the requests so far. */
export interface Tally {
  readonly served: number;
  /** Times that one address turned a request away and the next one was tried. */
  readonly refusedByOne: number;
  /** Requests that every address turned away, or that found none. */
  readonly refusedByAll: number;
  /** Requests that were let in and got a cut or a wrong answer: what came instead. */
  readonly broken: readonly string[];
  /** The version that answered, for each request that was served, oldest first. */
  readonly versions: readonly string[];
}

/** The client. */
export interface Traffic {
  /** Begins to ask; resolves once requests are served. */
  start(): Promise<void>;
  tally(): Tally;
  /** Waits until so many requests in a row, from now on, were served by this version. */
  untilServedBy(version: string, count: number): Promise<void>;
  /** Ends the client and removes it. */
  stop(): Promise<void>;
}

const script = readFileSync(new URL('rollout-client.sh', import.meta.url), 'utf8');

/** Requests at a time: enough for a request in mid-answer on every replica at almost any moment. */
const WORKERS = 4;

/** A client that does not ask yet. */
export function createTraffic({ engine: { docker }, name }: TestProject): Traffic {
  let container: Awaited<ReturnType<typeof docker.createContainer>> | null = null;
  let said = '';
  const lines = (): readonly string[] => said.split('\n').slice(0, -1);
  const tally = (): Tally => tallyOf(lines());
  return {
    tally,
    async start() {
      container = await docker.createContainer({
        name: `${name}-client`,
        Image: 'alicia-test:1',
        Cmd: ['sh', '-c', script],
        Env: [`ALIAS=${WEB_ALIAS}`, `WORKERS=${WORKERS}`],
        // One stream of plain text.
        Tty: true,
        HostConfig: { NetworkMode: `${name}-bus` },
      });
      const stream = await container.attach({ stream: true, stdout: true, stderr: true });
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString('utf8').replaceAll('\r', '');
      });
      await container.start();
      await eventually(() => tally().served >= 2 * WORKERS, {
        ...{ timeoutMs: PATIENCE_MS, describe: 'requests are served' },
      });
    },
    async untilServedBy(version, count) {
      const before = lines().length;
      await eventually(
        () => {
          const latest = tallyOf(lines().slice(before)).versions.slice(-count);
          return latest.length === count && latest.every((each) => each === version);
        },
        { timeoutMs: PATIENCE_MS, describe: `${count} requests in a row are served by version ${version}` },
      );
    },
    stop: async () => void (await container?.remove({ force: true })),
  };
}

function tallyOf(lines: readonly string[]): Tally {
  const requests = lines.map((line) => {
    const [outcome = '', turnedAway = '', ...rest] = line.split(' ');
    return { outcome, turnedAway: Number(turnedAway), rest: rest.join(' ').trim() };
  });
  const those = (outcome: string) => requests.filter((request) => request.outcome === outcome);
  const known = ['served', 'refused', 'broken'];
  const strange = lines.filter((line) => !known.includes(line.split(' ')[0] ?? ''));
  if (strange.length > 0) throw new Error(`the client says: ${strange.join('\n')}`);
  return {
    served: those('served').length,
    refusedByOne: requests
      .filter(({ outcome }) => outcome !== 'refused')
      .reduce((sum, { turnedAway }) => sum + turnedAway, 0),
    refusedByAll: those('refused').length,
    broken: those('broken').map(({ rest }) => rest),
    versions: those('served').map(({ rest }) => rest),
  };
}

/** The line that tells the figures. */
export const figuresOf = (what: string, { served, refusedByOne, refusedByAll, broken }: Tally): string =>
  `${what} under load: ${served} served, ${refusedByOne} refused by one address, ` +
  `${refusedByAll} refused by all, ${broken.length} broken`;

/** A test with a client of its own. */
export const test = base.extend<{ traffic: Traffic }>({
  traffic: async ({ project }, use) => {
    const traffic = createTraffic(project);
    await use(traffic);
    // It is on the project's network, which could not be removed before it.
    await traffic.stop();
  },
});
