/**
 * Options of the kernel's protections.
 * Owns: the words of `security_opt`, and which of them take a protection away. Must not know: what is allowed.
 */
import { compareText } from '../model/problem.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';

/** What an option comes to: kept as it is, a protection less, or nothing that is known. */
type Verdict = 'kept' | 'loosened' | 'unsupported' | 'unknown';

/** A profile of somebody's own may allow anything: only Docker's own ones are known not to. */
const OPTIONS: Readonly<Record<string, (value: string) => Verdict>> = {
  'no-new-privileges': (value) => verdictOfSwitch(value, { true: 'kept', false: 'loosened' }),
  seccomp: (value) => (value === 'unconfined' ? 'loosened' : value === 'builtin' ? 'kept' : 'unsupported'),
  apparmor: (value) => (value === 'docker-default' ? 'kept' : 'loosened'),
  label: () => 'loosened',
  systempaths: (value) => (value === 'unconfined' ? 'loosened' : 'unknown'),
  'writable-cgroups': (value) => verdictOfSwitch(value, { true: 'loosened', false: 'kept' }),
};

/** The options as `name=value`, sorted, each once. */
export function resolveSecurityOptions(scope: Scope, options: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const [index, text] of options.entries()) {
    const path = ['spec', 'security_opt', index];
    const { name, value } = partsOf(text);
    const verdict =
      value === '' || !Object.hasOwn(OPTIONS, name) ? 'unknown' : (OPTIONS[name]?.(value) ?? 'unknown');
    if (verdict === 'unknown') {
      const form = `one of ${Object.keys(OPTIONS).join(', ')} with its value`;
      scope.error(path, 'BAD_VALUE', `expected ${form}, e.g. "no-new-privileges:true", got ${quote(text)}`);
    } else if (verdict === 'unsupported') {
      const mend = 'write builtin or unconfined';
      scope.error(
        path,
        'UNSUPPORTED',
        `a profile from a file is not supported by this version yet — ${mend}`,
      );
    } else found.add(`${name}=${value}`);
    if (verdict === 'loosened')
      scope.ask({
        ...{ path, word: { kind: 'security-opt', value: null }, mend: '' },
        why: `${quote(text)} takes a protection of the host away`,
      });
  }
  return [...found].sort(compareText);
}

/** Both `=` and the older `:` stand before a value; the switch alone means true. */
function partsOf(text: string): { readonly name: string; readonly value: string } {
  if (text === 'no-new-privileges') return { name: text, value: 'true' };
  const [, name = text, value = ''] = /^([^=:]*)[=:](.*)$/s.exec(text) ?? [];
  return { name, value };
}

const verdictOfSwitch = (value: string, of: Readonly<Record<'true' | 'false', Verdict>>): Verdict =>
  value === 'true' || value === 'false' ? of[value] : 'unknown';
