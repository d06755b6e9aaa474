/**
 * Problems of manifests as a terminal shows them.
 * Owns: the line of a problem, and below it the source that it is about. Must not know: what a command does.
 */
import { excerptOf } from '../manifest/excerpt.js';
import { renderProblem } from '../manifest/render-problem.js';
import type { Problem } from '../model/problem.js';
import type { Scan, ScannedFile } from '../model/scan.js';
import { oneLine, type Paint } from './paint.js';

/** Texts of the files that were read, by path. */
export type Sources = ReadonlyMap<string, string>;

/** The texts of a scan, but for files of variables and whatever else manifests name: those may be secrets all over. */
export function sourcesOf({ files, references }: Scan): Sources {
  const named = new Set(references.map(({ path }) => path));
  const isNamed = ({ path, folder }: ScannedFile): boolean =>
    named.has(`${folder}/${path.slice(path.lastIndexOf('/') + 1)}`);
  return new Map(
    files.flatMap((file) =>
      file.content.kind === 'text' && !file.path.endsWith('.env') && !isNamed(file)
        ? [[file.path, file.content.text] as const]
        : [],
    ),
  );
}

/** The problem in one line that editors can follow, then its place in the source, where there is one. */
export function linesOfProblem(problem: Problem, sources: Sources, paint: Paint): readonly string[] {
  const text = sources.get(problem.file);
  const excerpt = text === undefined ? [] : excerptOf(text, problem);
  const tint = problem.severity === 'error' ? paint.bad : paint.busy;
  return [tint(oneLine(renderProblem(problem))), ...excerpt.map(paint.faint)];
}
