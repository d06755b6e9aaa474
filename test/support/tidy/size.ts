// Owns: how long files and functions may be.
import ts from 'typescript';
import { lineOf, linesOf, nodesOf, type Source } from './sources.js';

/** Files with more lines than the limit. */
export function longFiles(sources: readonly Source[], limit: number): readonly string[] {
  return sources
    .map((source) => ({ path: source.path, lines: source.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path}: ${lines} lines, at most ${limit}`);
}

/** Functions (methods and arrow functions too) with more lines than the limit. */
export function longFunctions(sources: readonly Source[], limit: number): readonly string[] {
  return sources.flatMap((source) =>
    [...nodesOf(source.tree)]
      .filter((node) => ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
      .map((node) => ({ line: lineOf(source, node), lines: linesOf(source, node) }))
      .filter(({ lines }) => lines > limit)
      .map(({ line, lines }) => `${source.path}:${line}: a function of ${lines} lines, at most ${limit}`),
  );
}
