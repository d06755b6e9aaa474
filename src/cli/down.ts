/**
 * `alicia down`: stops and removes everything of the project, dependants first.
 * Owns: asking first, and saying what is left. Must not know: the order, how anything is removed.
 */
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { ManifestFiles } from '../controller/ports.js';
import { printable } from '../model/printable.js';
import { isSettled } from '../model/status.js';
import { findNeighbour } from './beside.js';
import { CommandError } from './command-error.js';
import { stuckServices } from './convergence.js';
import { configOf, type Invocation, isOn } from './invocation.js';
import { type OpenEngine, openEngine } from './open-engine.js';
import { countOf } from './render-plan.js';
import { renderUnsettled } from './render-unsettled.js';
import { exitCodeOf } from './signals.js';
import { writeLines } from './terminal.js';
import { workThrough } from './work-through.js';

/** So long without progress ends it. */
const TIMEOUT_MS = 300_000;

/** What of the project is on the engine, as people read it. */
export interface Belongings {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** Exit code 1: beside a running controller without `--force`, not confirmed, or something is left. */
export async function down(invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const config = configOf(invocation);
  const open = await openEngine(config);
  const withVolumes = isOn(invocation, 'volumes');
  await refuseBesideController(invocation, config, open);
  const before = await belongingsOf(config, open, withVolumes);
  if (isNothing(before)) {
    terminal.stdout.write(`nothing of project ${config.project} is there\n`);
    return 0;
  }
  if (!(await isConfirmed(invocation, config, before))) return 1;
  const worked = await workThrough<'rest'>({
    ...{ invocation, config, open, timeoutMs: TIMEOUT_MS },
    files: noManifests,
    takeDown: { volumes: withVolumes },
    isForced: isOn(invocation, 'force'),
    onReady: () => {},
    judge: (controller) => {
      const statuses = controller.services();
      const isInVain = stuckServices(statuses).size === statuses.length;
      return controller.isAtFixedPoint() && isInVain ? 'rest' : null;
    },
  });
  if (worked === null) throw new CommandError('a controller of this project has just started: stop it first');
  const { ending, controller } = worked;
  if (ending.kind === 'signal') {
    terminal.stderr.write('alicia: interrupted; what is left goes on running\n');
    return exitCodeOf(ending.signal);
  }
  const left = await belongingsOf(config, open, withVolumes);
  if (isNothing(left)) {
    const kept = withVolumes ? '' : '; volumes stay (--volumes removes them too)';
    terminal.stdout.write(`project ${config.project} is down${kept}\n`);
    return 0;
  }
  const unsettled = controller.services().filter((each) => !isSettled(each));
  writeLines(terminal.stderr, [
    `alicia: not everything could be removed: ${[...left.containers, ...left.networks, ...left.volumes].map(printable).join(', ')}`,
    ...renderUnsettled(unsettled),
    ...(left.networks.length === 0 ? [] : ['  a network stays while a container of somebody else is on it']),
  ]);
  return 1;
}

/** An empty look: nothing is declared. The directories are not even looked for. */
const noManifests: ManifestFiles = {
  scan: async () => ({
    roots: [{ path: '', resolved: '/', state: 'ok', reason: '', mayBePruned: [] }],
    files: [],
    references: [],
    links: [],
    digest: 'sha256:down',
    revision: 'down',
  }),
  watch: async () => {},
  stop: async () => {},
};

async function refuseBesideController(
  invocation: Invocation,
  config: Config,
  open: OpenEngine,
): Promise<void> {
  if (isOn(invocation, 'force')) return;
  const neighbour = await findNeighbour(config, open);
  if (neighbour === null) return;
  throw new CommandError(
    `a controller of project ${config.project} is running (${neighbour.name}) and would bring everything back: stop it first, or give --force`,
  );
}

async function belongingsOf(
  { project }: Config,
  { engine }: OpenEngine,
  withVolumes: boolean,
): Promise<Belongings> {
  const { containers, networks, volumes } = await engine.list({ deadlineMs: LIMITS.deadlines.listMs });
  return {
    containers: containers.flatMap((each) => (each.kind === 'ours' ? [each.container.name] : [])).sort(),
    networks: networks.flatMap((each) => (each.project === project ? [each.name] : [])).sort(),
    volumes: withVolumes
      ? volumes.flatMap((each) => (each.project === project ? [each.name] : [])).sort()
      : [],
  };
}

const isNothing = ({ containers, networks, volumes }: Belongings): boolean =>
  containers.length + networks.length + volumes.length === 0;

async function isConfirmed(
  invocation: Invocation,
  { project }: Config,
  belongings: Belongings,
): Promise<boolean> {
  if (isOn(invocation, 'yes')) return true;
  const what = renderBelongings(belongings);
  const answer = await invocation.terminal.ask(`Remove ${what} of project ${project}? [y/N] `);
  if (answer === null)
    throw new CommandError(`down would remove ${what} of project ${project}: give --yes to let it`);
  return /^y(es)?$/i.test(answer.trim());
}

/** `2 containers (a, b), 1 network (n)`. */
export function renderBelongings({ containers, networks, volumes }: Belongings): string {
  const part = (names: readonly string[], noun: string): readonly string[] =>
    names.length === 0 ? [] : [`${countOf(names.length, noun)} (${names.map(printable).join(', ')})`];
  return [...part(containers, 'container'), ...part(networks, 'network'), ...part(volumes, 'volume')].join(
    ', ',
  );
}
