/**
 * What is wrong at a place of one file, before it is known which file and service that is.
 * Owns: that value. Must not know: files.
 */
import { printable } from '../model/printable.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import type { Place } from './tree.js';

/** A problem without its file and service. */
export interface Finding {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly place: Place;
  readonly message: string;
}

/** An error at a place. */
export const errorAt = (place: Place, code: ProblemCode, message: string): Finding => ({
  code,
  severity: 'error',
  place,
  message,
});

/** Makes a problem of a finding. Its message is one line, whatever names it holds. */
export const problemOf = (finding: Finding, file: string, service: string | null): Problem => ({
  code: finding.code,
  severity: finding.severity,
  file,
  line: finding.place.line,
  column: finding.place.column,
  message: printable(finding.message),
  service,
});
