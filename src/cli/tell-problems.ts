/**
 * Problems of manifests on the way to something else.
 * Owns: how they are told on stderr. Must not know: what the command does.
 */
import type { Problem } from '../model/problem.js';
import { paintFor } from './paint.js';
import { linesOfProblem, type Sources } from './render-problems.js';
import { type Terminal, writeLines } from './terminal.js';

/** Prints every problem on stderr, with its place in the source where the files are at hand. */
export function tellProblems(
  problems: readonly Problem[],
  { stderr, environment }: Terminal,
  sources: Sources = new Map(),
): void {
  const paint = paintFor(stderr, environment);
  writeLines(
    stderr,
    problems.flatMap((problem) => linesOfProblem(problem, sources, paint)),
  );
}

/** Whether any of them is an error. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');
