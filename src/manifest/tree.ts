/**
 * A document as a tree of values that know where they stand.
 * Owns: its shape, finding a place in it, turning it into plain values. Must not know: YAML, what any field means.
 */

/** A place in a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Names and list positions from the root of a document to a value. */
export type Path = readonly (string | number)[];

/** A text, number, boolean or null. */
export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, without quotes: `1.10` of the number 1.1. */
  readonly source: string;
  /** True when a variable was put in: such a text may stand for a number or boolean. */
  readonly interpolated: boolean;
  readonly place: Place;
}

/** A list. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly place: Place;
}

/** One field of a mapping. */
export interface Entry {
  /** Where the key stands. */
  readonly place: Place;
  readonly value: Tree;
}

/** A mapping, in the order of the file. */
export interface Mapping {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
}

/** Any value of a document. */
export type Tree = Scalar | List | Mapping;

/** The value as JSON would give it. */
export function plainOf(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plainOf);
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, plainOf(entry.value)]));
}

/** The value at a path; null when there is none. */
export function findTree(tree: Tree, path: Path): Tree | null {
  let current: Tree | undefined = tree;
  for (const step of path) {
    if (current === undefined) return null;
    current = childOf(current, step);
  }
  return current ?? null;
}

/**
 * Where a path stands: the key of a field, the item of a list, else the nearest thing around it; of a text that begins
 * below its key, the text.
 */
export function placeOf(tree: Tree, path: Path): Place {
  let current = tree;
  let place = tree.place;
  for (const step of path) {
    const next = childOf(current, step);
    if (next === undefined) return place;
    place = keyPlaceOf(current, step) ?? next.place;
    current = next;
  }
  if (current.kind === 'scalar' && current.place.line > place.line) return current.place;
  return place;
}

/** The text of a scalar at a path; null when something else stands there. */
export function textAt(tree: Tree, path: Path): string | null {
  const found = findTree(tree, path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : null;
}

/** A copy in which every scalar was replaced by what `change` makes of it; a tree without a change is returned itself. */
export function mapScalars(tree: Tree, path: Path, change: (scalar: Scalar, path: Path) => Scalar): Tree {
  if (tree.kind === 'scalar') return change(tree, path);
  if (tree.kind === 'list')
    return { ...tree, items: tree.items.map((item, index) => mapScalars(item, [...path, index], change)) };
  const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
    key,
    { ...entry, value: mapScalars(entry.value, [...path, key], change) },
  ]);
  return { ...tree, entries: new Map(entries) };
}

/** How a path is told to people: `spec.ports[0].target`. */
export function renderPath(path: Path): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text;
}

function childOf(tree: Tree, step: string | number): Tree | undefined {
  if (tree.kind === 'list') return typeof step === 'number' ? tree.items[step] : undefined;
  return tree.kind === 'mapping' ? tree.entries.get(String(step))?.value : undefined;
}

function keyPlaceOf(tree: Tree, step: string | number): Place | undefined {
  return tree.kind === 'mapping' ? tree.entries.get(String(step))?.place : undefined;
}
