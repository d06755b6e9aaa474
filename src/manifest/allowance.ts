/**
 * Words of `--allow` against each other.
 * Owns: which word covers which, and the shortest list of what is missing. Must not know: which field asks.
 */
import { POLICY_KINDS, type PolicyWord, renderPolicyWord } from '../model/policy.js';
import { compareText } from '../model/problem.js';
import { isWithin, resolvePath } from './paths.js';

/** Whether something that is asked for is among what may be. */
export const isAllowed = (asked: PolicyWord, allow: readonly PolicyWord[]): boolean =>
  allow.some((word) => covers(word, asked));

/** The words in the order of the contract, each once, without those that another one covers; as `--allow` takes them. */
export function renderAllow(words: readonly PolicyWord[]): string {
  const unique = [...new Map(words.map((word) => [renderPolicyWord(word), word])).values()];
  return unique
    .filter((word) => !unique.some((other) => other !== word && covers(other, word)))
    .sort((a, b) => rankOf(a) - rankOf(b) || compareText(a.value ?? '', b.value ?? ''))
    .map(renderPolicyWord)
    .join(',');
}

/** A word without a value is the whole kind; a path is all that lies below it, by its parts and not by its letters. */
function covers(word: PolicyWord, asked: PolicyWord): boolean {
  if (word.kind === 'all') return true;
  if (word.kind !== asked.kind) return false;
  if (word.value === null) return true;
  if (asked.value === null) return false;
  if (word.kind === 'bind' || word.kind === 'device')
    return isWithin(resolvePath('/', asked.value), resolvePath('/', word.value));
  return word.value === asked.value || (word.kind === 'cap' && word.value === 'ALL');
}

const rankOf = ({ kind }: PolicyWord): number => (kind === 'all' ? -1 : POLICY_KINDS.indexOf(kind));
