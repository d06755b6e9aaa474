/**
 * Values as messages name them.
 * Owns: how much of one is shown, and what of it is not. Must not know: what is wrong with it.
 */
import { printable } from '../model/printable.js';
import { HIDDEN, isSecretName, withoutLogins } from '../model/secrets.js';

/** A value as it is told to people: short, in quotes, in one line, without what is secret by its name or form. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const open = withoutSecretText(text);
  return `"${printable(open.length > 60 ? `${open.slice(0, 57)}…` : open)}"`;
}

/** `PASSWORD=text`, `--token=text`. */
function withoutSecretText(text: string): string {
  const [start, name] = /^-*([A-Za-z_][\w.-]*)=/.exec(text) ?? [];
  return start !== undefined && name !== undefined && isSecretName(name)
    ? `${start}${HIDDEN}`
    : withoutLogins(text);
}
