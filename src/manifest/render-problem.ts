/**
 * Problems as people and editors read them.
 * Owns: the one-line form of the contract. Must not know: colours.
 */
import { printable } from '../model/printable.js';
import { compareProblems, type Problem } from '../model/problem.js';

/** Most problems told of one file; what a reader mends before looking again. */
export const MAX_PROBLEMS_PER_FILE = 20;

/** `manifests/web.yaml:12:3: error: spec: unknown field "prots" — did you mean "ports"? [UNKNOWN_FIELD]`, one line whatever the file is called. */
export function renderProblem(problem: Problem): string {
  const file = printable(problem.file);
  const place = problem.line === 0 ? file : `${file}:${problem.line}:${problem.column}`;
  return `${place}: ${problem.severity}: ${printable(problem.message)} [${problem.code}]`;
}

/** Sorts, drops repetitions, and keeps at most {@link MAX_PROBLEMS_PER_FILE} of each file: errors before warnings. */
export function tidyProblems(problems: readonly Problem[]): readonly Problem[] {
  const byFile = new Map<string, Map<string, Problem>>();
  for (const problem of problems) {
    const ofFile = byFile.get(problem.file) ?? new Map<string, Problem>();
    ofFile.set(renderProblem(problem), problem);
    byFile.set(problem.file, ofFile);
  }
  const kept = [...byFile.values()].flatMap((ofFile) => {
    const sorted = [...ofFile.values()].sort(
      (a, b) => severityRank(a) - severityRank(b) || compareProblems(a, b),
    );
    return sorted.slice(0, MAX_PROBLEMS_PER_FILE);
  });
  return kept.sort(compareProblems);
}

const severityRank = (problem: Problem): number => (problem.severity === 'error' ? 0 : 1);
