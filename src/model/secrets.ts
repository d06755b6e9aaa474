/**
 * What is secret by its name or its form.
 * Owns: which names hold secrets, and how a login is cut out of an address. Must not know: where texts are shown.
 */

/** What stands in the place of a secret. */
export const HIDDEN = '[hidden]';

/** Words that say so wherever they stand in a name: `PGPASSWORD`, `mqttPassword`, `auth_tokens`. */
const TELLING = /passw(or)?d|passphrase|secret|token(?!iz)|credential|authorization|cookie|api_?key/;
/** Names with the part `key` that name no secret: the key of a step is the object that it is about. */
const HARMLESS_KEYS: ReadonlySet<string> = new Set(['key', 'step key', 'keys']);

/** Whether a field or variable of this name holds a secret: `mqttPassword`, `API_KEY`, `http-token`. */
export function isSecretName(name: string): boolean {
  if (TELLING.test(name.toLowerCase())) return true;
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
  return parts.includes('key') && !HARMLESS_KEYS.has(parts.join(' '));
}

/** Hides the password of `scheme://user:password@host` wherever it stands in a text. */
export const withoutLogins = (text: string): string =>
  text.replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${HIDDEN}@`);
