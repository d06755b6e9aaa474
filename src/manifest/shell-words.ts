/**
 * A command line given as one text, split into words as Compose does.
 * Owns: quotes and backslashes. Must not know: shells; nothing is expanded.
 */

/** The words; null when a quote is not closed. */
export function splitShellWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quoteMark: string | null = null;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? '';
    if (letter === '\\' && quoteMark !== "'") {
      index++;
      word = (word ?? '') + escaped(text[index] ?? '\\');
    } else if (quoteMark !== null) {
      if (letter === quoteMark) quoteMark = null;
      else word = (word ?? '') + letter;
    } else if (letter === '"' || letter === "'") {
      quoteMark = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + letter;
  }
  if (quoteMark !== null) return null;
  return word === null ? words : [...words, word];
}

const escaped = (letter: string): string => (letter === 'n' ? '\n' : letter === 't' ? '\t' : letter);
