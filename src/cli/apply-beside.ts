/**
 * `alicia apply` beside a running controller: changes nothing, waits until that one has done it.
 * Owns: following it. Must not know: how a controller is reached.
 */
import { realpath } from 'node:fs/promises';
import type { Config } from '../config.js';
import type { ControllerReport } from '../controller/ports.js';
import { printable } from '../model/printable.js';
import type { Problem } from '../model/problem.js';
import type { ServiceStatus } from '../model/status.js';
import { type Neighbour, problemsBeside } from './beside.js';
import { CommandError } from './command-error.js';
import { createConvergence, type Verdict } from './convergence.js';
import { type Invocation, isOn } from './invocation.js';
import type { OpenEngine } from './open-engine.js';
import { createProgressView, type ProgressView } from './progress-view.js';
import { absoluteManifests, type ManifestReading, readManifests } from './read-manifests.js';
import { sourcesOf } from './render-problems.js';
import { listenToSignals } from './signals.js';
import { hasErrors, tellProblems } from './tell-problems.js';
import { type Ending, waitFor } from './wait-for.js';

/** What `apply` works with, whoever does the work. */
export interface ApplyParts {
  readonly invocation: Invocation;
  readonly config: Config;
  readonly open: OpenEngine;
  /** So long without progress ends it. */
  readonly timeoutMs: number;
}

/** How it ended, and what there is to say of it. */
export interface ApplyResult {
  readonly ending: Ending<Verdict>;
  readonly statuses: readonly ServiceStatus[];
  readonly problems: readonly Problem[];
}

/** How often the controller is asked. */
const ASK_MS = 250;

/** The result; an exit code with `--detach`; null when the controller has ended meanwhile. */
export async function followNeighbour(
  parts: ApplyParts,
  neighbour: Neighbour,
): Promise<ApplyResult | number | null> {
  const { invocation, config, open } = parts;
  const { terminal } = invocation;
  const read = (): Promise<ManifestReading> => readManifests(config, terminal, open.self.hostPaths);
  const ours = await read();
  const report = await neighbour.report();
  if (report === null) return null;
  if (report.digest !== ours.desired.digest) await refuseOtherManifests(absoluteManifests(config), report);
  const isTaken = report.digest === ours.desired.digest;
  const problems = isTaken ? problemsBeside(ours.desired.problems, report) : ours.desired.problems;
  tellProblems(problems, terminal, sourcesOf(ours.scan));
  terminal.stderr.write(
    `alicia: the running controller (${printable([neighbour.name, ...report.manifests].join(', '))}) does the work\n`,
  );
  if (isOn(invocation, 'detach')) return hasErrors(problems) ? 1 : 0;
  return follow(parts, { neighbour, read, ours, report });
}

async function follow(
  { invocation, timeoutMs }: ApplyParts,
  given: {
    readonly neighbour: Neighbour;
    readonly read: () => Promise<ManifestReading>;
    readonly ours: ManifestReading;
    readonly report: ControllerReport;
  },
): Promise<ApplyResult | null> {
  const { terminal } = invocation;
  const { clock } = terminal;
  const { neighbour, read } = given;
  const signals = listenToSignals(terminal);
  const convergence = createConvergence(clock.now());
  const view = createProgressView(terminal, true);
  let { desired } = given.ours;
  let { problems } = desired;
  let statuses: readonly ServiceStatus[] = [];
  let seen = given.report.recent.at(-1)?.number ?? 0;
  let verdictBefore: Verdict = 'waiting';

  const look = async (): Promise<Verdict | 'gone' | null> => {
    const report = await neighbour.report();
    const services = await neighbour.services();
    if (report === null || services === null) return 'gone';
    statuses = services;
    seen = showSteps(report, seen, { view, onStep: (each) => convergence.onStep(each, clock.now()) });
    view.draw(statuses);
    if (report.digest !== desired.digest) {
      // Files may have changed while we waited: what counts is what they are now.
      desired = (await read()).desired;
      verdictBefore = 'waiting';
      return null;
    }
    problems = problemsBeside(desired.problems, report);
    const isAtRest = report.orchestrator.phase === 'idle';
    const verdict = convergence.judge({ statuses, isAtRest, now: clock.now() });
    // Twice the same: the first may be of the moment between taking the manifests in and looking at them.
    const isSure = verdict === verdictBefore && verdict !== 'waiting';
    verdictBefore = verdict;
    return isSure ? verdict : null;
  };

  try {
    const ending = await waitFor({ clock, timeoutMs, convergence, signals, look, everyMs: ASK_MS });
    if (ending.kind !== 'done') return { ending, statuses, problems };
    const { result } = ending;
    return result === 'gone' ? null : { ending: { kind: 'done', result }, statuses, problems };
  } finally {
    view.end();
    signals.close();
  }
}

/** Shows what is new among the latest steps; returns the number of the last one. */
function showSteps(
  { recent }: ControllerReport,
  seen: number,
  { view, onStep }: { readonly view: ProgressView; readonly onStep: ProgressView['onStep'] },
): number {
  for (const progress of recent) {
    if (progress.number <= seen) continue;
    view.onStep(progress);
    onStep(progress);
  }
  return recent.at(-1)?.number ?? seen;
}

/**
 * A controller of other directories of this machine will never take ours in. One in a container names its directories as
 * they are there; then only waiting can tell.
 */
async function refuseOtherManifests(ours: readonly string[], { manifests }: ControllerReport): Promise<void> {
  const resolved = await Promise.all([...manifests, ...ours].map((path) => realpath(path).catch(() => null)));
  if (resolved.includes(null)) return;
  const theirs = new Set(resolved.slice(0, manifests.length));
  if (ours.length === manifests.length && resolved.slice(manifests.length).every((path) => theirs.has(path)))
    return;
  throw new CommandError(
    `the running controller of this project watches ${manifests.join(', ')}, not ${ours.join(', ')}: stop it, or give another --project`,
  );
}
