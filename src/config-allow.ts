/**
 * The part of the configuration about what services may ask of the host.
 * Owns: the grammar of `--allow`. Must not know: manifests, which field asks for what.
 */
import type { FlagReader } from './flags.js';
import { capabilityOf } from './model/isolation.js';
import {
  POLICY_KINDS,
  POLICY_VALUES,
  POLICY_WORDS,
  type PolicyWord,
  splitPolicyList,
} from './model/policy.js';

/** Reads `--allow`; nothing given: nothing is allowed. Every bad word is a problem of its own. */
export function allowOf(reader: FlagReader, onProblem: (message: string) => void): readonly PolicyWord[] {
  const given = reader.text('allow');
  if (given === null) return [];
  return splitPolicyList(given.text).flatMap((text) => {
    const word = wordOf(text);
    if (typeof word !== 'string') return [word];
    onProblem(`${given.source}: expected ${word}, got "${text}"`);
    return [];
  });
}

/** The word, or what was expected in its place. */
function wordOf(text: string): PolicyWord | string {
  const colon = text.indexOf(':');
  const name = colon === -1 ? text : text.slice(0, colon);
  const kind = ([...POLICY_KINDS, 'all'] as const).find((each) => each === name);
  if (kind === undefined) return `a comma list of ${POLICY_WORDS.join(', ')}`;
  if (colon === -1) return { kind, value: null };
  const form = POLICY_VALUES[kind];
  if (form === undefined) return `${kind} without anything after it`;
  const value = text.slice(colon + 1);
  if (form === '<path>')
    return value.startsWith('/') ? { kind, value } : `${kind}:<path> with an absolute path`;
  if (form === '<NAME>') {
    const capability = capabilityOf(value);
    return capability === null
      ? 'cap:<NAME> with a capability such as NET_ADMIN, or ALL'
      : { kind, value: capability };
  }
  return value === '' ? 'sysctl:<name> with a name such as net.core.somaxconn' : { kind, value };
}
