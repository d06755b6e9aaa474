/**
 * Keeps secrets out of what is logged.
 * Owns: which names hold secrets, and how deep one looks. Must not know: pino.
 */

const HIDDEN = '[hidden]';
const SECRET_PARTS: ReadonlySet<string> = new Set([
  ...['password', 'passwd', 'passphrase', 'secret', 'secrets', 'token', 'tokens'],
  ...['credential', 'credentials', 'authorization', 'cookie'],
]);
/** Names with the part `key` that name no secret: the key of a step is the object that it is about. */
const HARMLESS_KEYS: ReadonlySet<string> = new Set(['key', 'step key', 'keys']);
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

/** Hides the password of `scheme://user:password@host` wherever it stands in a text. */
export const withoutLogins = (text: string): string =>
  text.replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${HIDDEN}@`);

/** Whether a field or variable of this name holds a secret: `mqttPassword`, `API_KEY`, `http-token`. */
export function isSecretName(name: string): boolean {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
  if (parts.some((part) => SECRET_PARTS.has(part))) return true;
  return parts.includes('key') && !HARMLESS_KEYS.has(parts.join(' '));
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
