/**
 * Texts that are no manifest yet, and may be the beginning of one: half written, or empty after a power cut.
 * Owns: when that cannot be told. Must not know: what is done about it.
 */

/** The fields that a native manifest can begin with. */
const FIRST_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'] as const;
const NATIVE = 'alicia/';

/**
 * Whether a text without any document of ours may be a manifest that was cut off: it is empty or damaged, or its last document has
 * nothing yet by which it could be told to be something else. Comments alone are a file that somebody meant so.
 */
export function mayBeginManifest(text: string): boolean {
  // A machine that lost its power leaves files empty, or full of NULs.
  if (text.trim() === '' || text.includes('\0')) return true;
  const last = text.split(/^---.*$/m).at(-1) ?? '';
  const bare = last.replace(/^\s*#.*$/gm, '');
  const content = bare.replace(/^[\s{]+/, '');
  const [, field = '', rest = ''] = /^["']?([A-Za-z]*)(.*)$/s.exec(content) ?? [];
  if (field === '') return (content === '' && bare.includes('{')) || content === '"' || content === "'";
  const isWhole = FIRST_FIELDS.some((name) => name === field);
  if (!isWhole) return rest === '' && FIRST_FIELDS.some((name) => name.startsWith(field));
  const version = /^\s*["']?apiVersion["']?\s*:\s*["']?([^"'\s,}]*)/m.exec(last)?.[1];
  return version === undefined || NATIVE.startsWith(version);
}
