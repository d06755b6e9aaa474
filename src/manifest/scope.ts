/**
 * What the resolution of one document works with: where things stand, and where to say what is wrong.
 * Owns: turning paths of fields into problems. Must not know: fields.
 */
import type { PolicyWord } from '../model/policy.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import { problemOf } from './finding.js';
import type { ManifestDocument } from './parse.js';
import { serviceOfKey } from './parse.js';
import { type Path, placeOf, renderPath, type Tree } from './tree.js';

/** Says what is wrong with the value at a path; the message is put behind the path. */
export type Complain = (path: Path, code: ProblemCode, message: string) => void;

/** Something beyond what every service may: refused unless `--allow` has the word. */
export interface Ask {
  readonly path: Path;
  readonly word: PolicyWord;
  /** What is asked for, as the first half of a sentence. */
  readonly why: string;
  /** What else could be done, as the end of the sentence; may be empty. */
  readonly mend: string;
}

/** The scope of one document. */
export interface Scope {
  readonly file: string;
  /** Absolute folder of the file. */
  readonly folder: string;
  readonly tree: Tree;
  readonly error: Complain;
  /** Notes that the value at a path asks for something. */
  readonly ask: (ask: Ask) => void;
  /** All that was noted. */
  readonly asks: readonly Ask[];
  /** Makes the problem without collecting it: for what is found after the document was done. */
  readonly problemAt: (path: Path, code: ProblemCode, message: string) => Problem;
}

/** Creates the scope of a document; errors go to `sink`. */
export function createScope(document: ManifestDocument, tree: Tree, sink: (problem: Problem) => void): Scope {
  const service = serviceOfKey(document.key);
  const asks: Ask[] = [];
  const problemAt = (path: Path, code: ProblemCode, message: string): Problem => {
    const text = path.length === 0 ? message : `${renderPath(path)}: ${message}`;
    return problemOf(
      { code, severity: 'error', place: placeOf(tree, path), message: text },
      document.file,
      service,
    );
  };
  return {
    file: document.file,
    folder: document.folder,
    tree,
    error: (path, code, message) => sink(problemAt(path, code, message)),
    ask: (ask) => void asks.push(ask),
    asks,
    problemAt,
  };
}
