/**
 * Problems of manifests on the way to something else.
 * Owns: how they are told on stderr. Must not know: what the command does.
 */
import { renderProblem } from '../manifest/render-problem.js';
import type { Problem } from '../model/problem.js';
import { paintFor } from './paint.js';
import { type Terminal, writeLines } from './terminal.js';

/** Prints every problem on stderr. */
export function tellProblems(problems: readonly Problem[], { stderr, environment }: Terminal): void {
  const paint = paintFor(stderr, environment);
  writeLines(
    stderr,
    problems.map((problem) =>
      (problem.severity === 'error' ? paint.bad : paint.busy)(renderProblem(problem)),
    ),
  );
}

/** Whether any of them is an error. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');
