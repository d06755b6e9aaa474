/**
 * Keeps secrets out of what is logged.
 * Owns: how deep one looks. Must not know: which names hold secrets, pino.
 */
import { HIDDEN, isSecretName, withoutLogins } from '../../model/secrets.js';

const DEEPEST = 8;

/** A copy of a value in which secrets are hidden by the name of their field, and logins inside addresses. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutLogins(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[deeper]';
  if (value instanceof Error) return errorFacts(value, depth);
  if (value instanceof Map) return withoutSecrets(Object.fromEntries(value), depth);
  if (value instanceof Set || Array.isArray(value))
    return [...value].map((each) => withoutSecrets(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      isSecretName(name) && each !== null && each !== undefined ? HIDDEN : withoutSecrets(each, depth + 1),
    ]),
  );
}

function errorFacts(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error;
  return {
    name,
    message: withoutLogins(message),
    stack: withoutLogins(stack ?? ''),
    ...(cause === undefined ? {} : { cause: withoutSecrets(cause, depth + 1) }),
  };
}
