/**
 * Why the manifest of a service does not count, as one of the contract's reasons.
 * Owns: which problem is which reason. Must not know: the sentence that goes with it.
 */
import type { Problem, ProblemCode } from '../model/problem.js';
import type { Reason } from '../model/status.js';

const REASON_OF: Partial<Readonly<Record<ProblemCode, Reason>>> = {
  UNKNOWN_DEPENDENCY: 'DependencyNotFound',
  DEPENDENCY_CYCLE: 'DependencyCycle',
  DUPLICATE_NAME: 'DuplicateName',
  UNSUPPORTED: 'UnsupportedField',
  POLICY_DENIED: 'PolicyDenied',
};

/** The reason of the first error that names the service; `InvalidManifest` where no word of the contract is closer. */
export function manifestReasonOf(name: string, problems: readonly Problem[]): Reason {
  const error = problems.find(({ service, severity }) => service === name && severity === 'error');
  return (error === undefined ? undefined : REASON_OF[error.code]) ?? 'InvalidManifest';
}
