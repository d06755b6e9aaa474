/**
 * Text from outside, fit for one line.
 * Owns: which characters are not printed, and what stands in their place. Must not know: where the text is shown.
 */

/** What would break a line, move the cursor, be seen by nobody, or turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The text with escapes in place of what is not printed, as programmers write them: `a\nb`, `\u009b`. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => SHORT.get(character) ?? escapeOf(character));

/** The text with a dot in place of what is not printed, so that columns stay; tabs stay too. */
export const dotted = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => (character === '\t' ? character : '·'));

/** The text with a space in place of what is not printed. */
export const spaced = (text: string): string => text.replace(UNPRINTABLE, ' ');

/** A value as JSON in which everything that is not printed is an escape: the same value to whoever parses it. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    [...Array(character.length).keys()].map((at) => escapeOf(character.charAt(at))).join(''),
  );

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
