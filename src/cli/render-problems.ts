/**
 * Problems of manifests as a terminal shows them.
 * Owns: the line of a problem, and below it the source that it is about. Must not know: what a command does.
 */
import { excerptOf } from '../manifest/excerpt.js';
import { renderProblem } from '../manifest/render-problem.js';
import type { Problem } from '../model/problem.js';
import type { Scan } from '../model/scan.js';
import { oneLine, type Paint } from './paint.js';

/** Texts of the files that were read, by path. */
export type Sources = ReadonlyMap<string, string>;

/** The texts of a scan, but for files of variables: those are secrets all over. */
export const sourcesOf = ({ files }: Scan): Sources =>
  new Map(
    files.flatMap(({ path, content }) =>
      content.kind === 'text' && !path.endsWith('.env') ? [[path, content.text] as const] : [],
    ),
  );

/** The problem in one line that editors can follow, then its place in the source, where there is one. */
export function linesOfProblem(problem: Problem, sources: Sources, paint: Paint): readonly string[] {
  const text = sources.get(problem.file);
  const excerpt = text === undefined ? [] : excerptOf(text, problem);
  const tint = problem.severity === 'error' ? paint.bad : paint.busy;
  return [tint(oneLine(renderProblem(problem))), ...excerpt.map(paint.faint)];
}
