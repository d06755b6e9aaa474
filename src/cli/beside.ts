/**
 * The running controller of the same project and engine, as other commands ask it.
 * Owns: finding it, over its socket or in its container, and reading its answers. Must not know: what commands do with them.
 */
import type { RunningController as ControllerContainer } from '../adapters/docker/controllers.js';
import { ControlError, getFromController } from '../adapters/http/control-socket.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { ControllerReport } from '../controller/ports.js';
import { parseAddress } from '../flags.js';
import type { Plan } from '../model/plan.js';
import { compareProblems, type Problem } from '../model/problem.js';
import type { ServiceStatus } from '../model/status.js';
import { CommandError } from './command-error.js';
import type { OpenEngine } from './open-engine.js';

/** A controller that can be asked. Each answer is null when it has ended since. */
export interface Neighbour {
  /** `pid 4711`, or `container alicia`. */
  readonly name: string;
  report(): Promise<ControllerReport | null>;
  services(): Promise<readonly ServiceStatus[] | null>;
  plan(): Promise<Plan | null>;
}

/** What is wrong with manifests that both have read: what is denied is what the controller denies, whatever is allowed here. */
export const problemsBeside = (
  ours: readonly Problem[],
  { problems }: Pick<ControllerReport, 'problems'>,
): readonly Problem[] => {
  const isDenied = ({ code }: Problem): boolean => code === 'POLICY_DENIED';
  return [...ours.filter((each) => !isDenied(each)), ...problems.filter(isDenied)].sort(compareProblems);
};

/** Where the port of the status is, unless its container says otherwise. */
const DEFAULT_PORT = 7070;

type Ask = (path: string) => Promise<{ readonly status: number; readonly body: unknown } | null>;

/** Finds the controller. Null: there is none. Throws when there is one that does not answer as it should. */
export async function findNeighbour(config: Config, open: OpenEngine): Promise<Neighbour | null> {
  const key = { engineId: open.info.id, project: config.project };
  const overSocket: Ask = async (path) => {
    try {
      return await getFromController(path, { ...key, limits: LIMITS.http });
    } catch (error) {
      throw error instanceof ControlError ? new CommandError(error.message) : error;
    }
  };
  const local = neighbourOf('', overSocket);
  const report = await local.report();
  if (report !== null) return neighbourOf(`pid ${report.pid}`, overSocket);
  const container = await findControllerContainer(config, open);
  return container === null ? null : containedNeighbour(config, container);
}

/** A controller of this project in a container of its own network, other than ourselves. */
export async function findControllerContainer(
  { project }: Config,
  { engine, self }: OpenEngine,
): Promise<ControllerContainer | null> {
  const { findRunningControllers } = await import('../adapters/docker/controllers.js');
  const call = { deadlineMs: LIMITS.deadlines.inspectMs };
  const found = await findRunningControllers(engine.connection, call);
  // One in the host's network is found by its socket, and if it holds none it is no controller but another command.
  const others = found.filter(
    ({ id, project: theirs, networkMode }) =>
      id !== self.containerId && theirs === project && networkMode !== 'host',
  );
  return others[0] ?? null;
}

async function containedNeighbour(config: Config, container: ControllerContainer): Promise<Neighbour> {
  const name = `container ${container.name}`;
  const port = parseAddress(container.http ?? '')?.port ?? DEFAULT_PORT;
  const [address] = container.addresses;
  const token = config.http.kind === 'tcp' ? config.http.token : null;
  const ask: Ask = async (path) => {
    try {
      const response = await fetch(`http://${address}:${port}${path}`, {
        headers: token === null ? {} : { Authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(LIMITS.http.askMs),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return null;
    }
  };
  const neighbour = neighbourOf(name, ask);
  if (address !== undefined && (await neighbour.report()) !== null) return neighbour;
  throw new CommandError(
    `a controller of project ${config.project} runs in ${name} and cannot be asked: give it --http 0.0.0.0:7070 and --http-token, and give this command the same --http-token; or run this command inside: docker exec ${container.name} alicia …`,
  );
}

function neighbourOf(name: string, ask: Ask): Neighbour {
  const get = async (path: string): Promise<unknown> => {
    const answer = await ask(path);
    if (answer === null) return null;
    if (answer.status === 200) return answer.body;
    throw new CommandError(
      `the running controller (${name}) answered ${path} with status ${answer.status}: ${errorIn(answer.body)}`,
    );
  };
  const read = async <Answer>(path: string, isAnswer: (body: unknown) => body is Answer) => {
    const body = await get(path);
    if (body === null || isAnswer(body)) return body;
    throw new CommandError(
      `the running controller (${name}) answered ${path} in a form that is not known here: is it of another version? Stop it and try again`,
    );
  };
  return {
    name,
    report: () => read('/api/v1/controller', isReport),
    services: () => read('/api/v1/services', isStatuses),
    plan: () => read('/api/v1/plan', isPlan),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

// Both ends are the same program: these tell it from another one, and from another version, not more.
const isReport = (body: unknown): body is ControllerReport =>
  isRecord(body) &&
  isRecord(body.orchestrator) &&
  typeof body.digest === 'string' &&
  typeof body.pid === 'number' &&
  [body.manifests, body.problems, body.recent].every(Array.isArray);

const isStatuses = (body: unknown): body is readonly ServiceStatus[] =>
  Array.isArray(body) &&
  body.every((each) => isRecord(each) && typeof each.service === 'string' && Array.isArray(each.instances));

const isPlan = (body: unknown): body is Plan =>
  isRecord(body) && Array.isArray(body.steps) && Array.isArray(body.waiting) && isRecord(body.summary);

function errorIn(body: unknown): string {
  return isRecord(body) && 'error' in body
    ? String(body.error)
    : 'is it of another version? Stop it and try again';
}
