/**
 * Mappings of texts: environment, labels, driver options.
 * Owns: their two forms. Must not know: what the texts mean.
 */
import { compareText } from '../model/problem.js';
import type { TextMap } from './generated/manifest-types.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

/** Name → text, or null where only the name was given. Of a name that stands twice in a list the last one counts. */
export function readTextMap(
  scope: Scope,
  path: Path,
  value: TextMap | undefined,
): ReadonlyMap<string, string | null> {
  const result = new Map<string, string | null>();
  if (value === undefined || value === null) return result;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const equals = item.indexOf('=');
      const name = equals === -1 ? item : item.slice(0, equals);
      if (name === '') scope.error([...path, index], 'BAD_VALUE', 'a name is missing — write name=text');
      result.set(name, equals === -1 ? null : item.slice(equals + 1));
    }
    return result;
  }
  for (const [name, text] of Object.entries(value)) {
    if (name === '' || name.includes('='))
      scope.error([...path, name], 'BAD_VALUE', 'not a name — it must not be empty or hold "="');
    result.set(name, text === null ? null : String(text));
  }
  return result;
}

/** Labels; those that begin with our prefix are refused. A label without a text is empty. */
export function readLabels(
  scope: Scope,
  path: Path,
  value: TextMap | undefined,
): ReadonlyMap<string, string> {
  const labels = readTextMap(scope, path, value);
  for (const name of labels.keys()) {
    if (!name.startsWith('io.alicia.')) continue;
    const place = Array.isArray(value) ? value.findIndex((item) => item.split('=')[0] === name) : name;
    scope.error(
      [...path, place],
      'BAD_VALUE',
      `labels that begin with io.alicia. are set by us — remove "${name}"`,
    );
  }
  return new Map([...labels].map(([name, text]) => [name, text ?? '']));
}

/** A plain object with sorted keys. */
export function recordOf<Value>(
  entries: Iterable<readonly [string, Value]>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}
