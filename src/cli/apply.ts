/**
 * `alicia apply`: converge once.
 * Owns: doing it, or waiting for the running controller to do it, and the exit codes. Must not know: how it is done.
 */

import type { Scan } from '../model/scan.js';
import { type ApplyParts, type ApplyResult, followNeighbour } from './apply-beside.js';
import { findNeighbour } from './beside.js';
import { CommandError } from './command-error.js';
import type { Verdict } from './convergence.js';
import { configOf, durationOption, type Invocation, isOn } from './invocation.js';
import { openEngine } from './open-engine.js';
import { manifestFilesOf } from './read-manifests.js';
import { countOf } from './render-plan.js';
import { type Sources, sourcesOf } from './render-problems.js';
import { renderUnsettled } from './render-unsettled.js';
import { exitCodeOf } from './signals.js';
import { hasErrors, tellProblems } from './tell-problems.js';
import { writeLines } from './terminal.js';
import { workThrough } from './work-through.js';

/** Exit code 0: converged; 1: not, or a file in error; 130: Ctrl-C. */
export async function apply(invocation: Invocation): Promise<number> {
  const config = configOf(invocation, invocation.words);
  const timeoutMs = durationOption(invocation, 'timeout', '5m');
  const parts: ApplyParts = { invocation, config, open: await openEngine(config), timeoutMs };
  const begunMs = invocation.terminal.clock.now().monotonicMs;
  for (;;) {
    const neighbour = await findNeighbour(config, parts.open);
    if (neighbour === null && isOn(invocation, 'detach'))
      throw new CommandError(
        'no controller is running that could go on with it: leave --detach out, or start one with `alicia run`',
      );
    const result = neighbour === null ? await applyOurselves(parts) : await followNeighbour(parts, neighbour);
    if (typeof result === 'number') return result;
    // A controller came or went meanwhile: what is to be done is the same.
    if (result !== null) return tellResult(result, parts, begunMs);
  }
}

/** Null: another controller was faster. */
async function applyOurselves(parts: ApplyParts): Promise<ApplyResult | null> {
  const { invocation, config } = parts;
  const { terminal } = invocation;
  const files = manifestFilesOf(config, terminal);
  let sources: Sources = new Map();
  const scan = async (): Promise<Scan> => {
    const scanned = await files.scan();
    sources = sourcesOf(scanned);
    return scanned;
  };
  const worked = await workThrough<Verdict>({
    ...parts,
    files: { ...files, scan },
    takeDown: null,
    isForced: false,
    onReady: (controller) => tellProblems(controller.problems(), terminal, sources),
    judge: (controller, convergence) => {
      const verdict = convergence.judge({
        statuses: controller.services(),
        isAtRest: controller.isAtFixedPoint(),
        now: terminal.clock.now(),
      });
      return verdict === 'waiting' ? null : verdict;
    },
  });
  if (worked === null) return null;
  const { ending, controller } = worked;
  return { ending, statuses: controller.services(), problems: controller.problems() };
}

/** The last words, and the exit code. */
function tellResult(
  { ending, statuses, problems }: ApplyResult,
  { invocation, timeoutMs }: ApplyParts,
  begunMs: number,
): number {
  const { stdout, stderr, clock } = invocation.terminal;
  if (ending.kind === 'signal') {
    stderr.write('alicia: interrupted; what runs goes on running\n');
    return exitCodeOf(ending.signal);
  }
  if (ending.kind === 'done' && ending.result === 'converged') {
    const seconds = ((clock.now().monotonicMs - begunMs) / 1000).toFixed(1);
    stdout.write(`converged: ${countOf(statuses.length, 'service')} as declared, after ${seconds} s\n`);
    if (!hasErrors(problems)) return 0;
    stderr.write('alicia: manifests are in error (see above); everything else is as declared\n');
    return 1;
  }
  const why =
    ending.kind === 'timeout'
      ? `no progress for ${Math.round(timeoutMs / 1000)} s`
      : 'waiting would not help';
  writeLines(stderr, [`alicia: not converged (${why}):`, ...renderUnsettled(statuses)]);
  return 1;
}
