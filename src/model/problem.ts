/**
 * Problems: what is wrong with the user's input, as values with a position.
 * Owns: the closed set of codes, their order. Must not know: how they are printed.
 */

/** Every code that a problem can have. Documented for users; never renamed. */
export const PROBLEM_CODES = [
  'SYNTAX',
  'CUT_OFF',
  'NOT_UTF8',
  'TOO_LARGE',
  'UNREADABLE',
  'YAML_FEATURE',
  'DUPLICATE_KEY',
  'UNKNOWN_API_VERSION',
  'UNKNOWN_KIND',
  'MISSING_FIELD',
  'UNKNOWN_FIELD',
  'UNSUPPORTED',
  'WRONG_TYPE',
  'BAD_VALUE',
  'BAD_NAME',
  'DUPLICATE_NAME',
  'UNKNOWN_DEPENDENCY',
  'DEPENDENCY_CYCLE',
  'UNKNOWN_NETWORK',
  'UNKNOWN_VOLUME',
  'UNKNOWN_SECRET',
  'UNKNOWN_CONFIG',
  'MISSING_VARIABLE',
  'MISSING_FILE',
  'PORT_CLASH',
  'BIND_OUTSIDE',
  'POLICY_DENIED',
  'NO_HEALTHCHECK',
  'DIRECTORY_MISSING',
  'DIRECTORY_UNREADABLE',
] as const;

/** One of {@link PROBLEM_CODES}. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Something wrong with the input: collected, never thrown. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  /** Path as the user would type it, e.g. `manifests/web.yaml`. */
  readonly file: string;
  /** From 1; 0 when the problem has no place inside the file. */
  readonly line: number;
  /** From 1; 0 when the problem has no place inside the file. */
  readonly column: number;
  /** What was expected, what came, and what to do. */
  readonly message: string;
  /** The service that the problem rejects; null when it rejects the whole file or nothing. */
  readonly service: string | null;
}

/** Order of problems: file, line, column, code, message. */
export function compareProblems(a: Problem, b: Problem): number {
  return (
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** Order of strings by code unit: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
