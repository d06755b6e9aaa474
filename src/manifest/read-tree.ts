/**
 * A parsed YAML document to a tree with places.
 * Owns: which YAML a manifest may use: plain JSON values, aliases and merge keys within bounds. Must not know: fields.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
  type Scalar as YamlScalar,
} from 'yaml';
import { errorAt, type Finding } from './finding.js';
import type { Entry, Place, Scalar, Tree } from './tree.js';

/** Deeper values are refused: everything that walks a tree may then recurse. */
const MAX_DEPTH = 64;
/** How often one anchored value may be repeated. */
const MAX_EXPANSIONS = 20;
/** How many values aliases may add to a document in all. */
const MAX_EXPANDED_NODES = 50_000;
/** More of what a document must not use is not told: far more than is ever shown. */
const MAX_FINDINGS = 100;
/** Tags of plain JSON values. */
const PLAIN_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'merge'].map((name) => `tag:yaml.org,2002:${name}`),
);

interface Reading {
  readonly placeAt: (offset: number) => Place;
  readonly findings: Finding[];
  readonly anchors: Map<string, Node>;
  /** What each alias meant where it stands in the file. */
  readonly targets: Map<Alias, Node>;
  readonly expansions: Map<Node, number>;
  /** How many aliases we are inside of. */
  aliasDepth: number;
  expandedNodes: number;
}

/** Turns a document into a tree and says what a manifest must not use. Never throws. */
export function convertDocument(
  document: Document.Parsed<ParsedNode>,
  placeAt: (offset: number) => Place,
): { readonly tree: Tree | null; readonly findings: readonly Finding[] } {
  const reading: Reading = {
    placeAt,
    findings: [],
    anchors: new Map(),
    targets: new Map(),
    expansions: new Map(),
    aliasDepth: 0,
    expandedNodes: 0,
  };
  const yaml = document.directives.yaml;
  if (yaml.explicit === true && yaml.version !== '1.2') {
    const message = `%YAML ${yaml.version} is not read — manifests are YAML 1.2; remove the line`;
    tell(reading, errorAt({ line: placeAt(document.range[0]).line, column: 1 }, 'YAML_FEATURE', message));
  }
  for (const warning of document.warnings) {
    if (warning.code !== 'TAG_RESOLVE_FAILED') continue;
    const message = 'unknown YAML tag — manifests hold plain values only; remove the tag';
    tell(reading, errorAt(placeAt(warning.pos[0]), 'YAML_FEATURE', message));
  }
  const contents: Node | null = document.contents;
  return { tree: contents === null ? null : convert(reading, contents, 0), findings: reading.findings };
}

function convert(reading: Reading, node: Node, depth: number): Tree {
  const place = placeOfNode(reading, node);
  if (depth > MAX_DEPTH) return refused(reading, place, `nested deeper than ${MAX_DEPTH} levels`);
  if (isAlias(node)) return expand(reading, node, place, depth);
  if (reading.aliasDepth > 0 && ++reading.expandedNodes > MAX_EXPANDED_NODES) {
    const once = reading.expandedNodes === MAX_EXPANDED_NODES + 1;
    return once ? refused(reading, place, 'aliases repeat too much — write it out') : nullAt(place);
  }
  const anchored = isScalar(node) || isMap(node) || isSeq(node) ? node : null;
  if (anchored?.anchor !== undefined && reading.aliasDepth === 0) reading.anchors.set(anchored.anchor, node);
  if (anchored?.tag !== undefined && !PLAIN_TAGS.has(anchored.tag) && anchored.tag.startsWith('tag:yaml.org'))
    return refused(reading, place, 'unknown YAML tag — manifests hold plain values only; remove the tag');
  if (isScalar(node)) return convertScalar(reading, node, place);
  if (isSeq(node)) return convertList(reading, node, place, depth);
  if (isMap(node)) return convertMapping(reading, node, place, depth);
  return refused(reading, place, 'a value that manifests cannot hold');
}

function expand(reading: Reading, alias: Alias, place: Place, depth: number): Tree {
  const target = reading.targets.get(alias) ?? reading.anchors.get(alias.source);
  if (target === undefined)
    return refused(reading, place, `alias *${alias.source} without an anchor &${alias.source} before it`);
  reading.targets.set(alias, target);
  const count = (reading.expansions.get(target) ?? 0) + 1;
  reading.expansions.set(target, count);
  if (count > MAX_EXPANSIONS) {
    const message = `&${alias.source} is repeated more than ${MAX_EXPANSIONS} times — write it out`;
    return count === MAX_EXPANSIONS + 1 ? refused(reading, place, message) : nullAt(place);
  }
  reading.aliasDepth++;
  const tree = convert(reading, target, depth + 1);
  reading.aliasDepth--;
  return tree;
}

function convertScalar(reading: Reading, node: YamlScalar, place: Place): Scalar {
  const value: unknown = node.value;
  const source = node.source ?? String(value);
  if (typeof value === 'string') {
    if (value.includes('\0')) return refused(reading, place, 'a text with a NUL character — remove it');
    return { kind: 'scalar', value, source, interpolated: false, place };
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null)
    return { kind: 'scalar', value, source, interpolated: false, place };
  return refused(reading, place, 'a value that manifests cannot hold — write a text, number or boolean');
}

function convertList(reading: Reading, node: YAMLSeq, place: Place, depth: number): Tree {
  const items = node.items.map((item) => {
    if (isNode(item)) return convert(reading, item, depth + 1);
    return refused(reading, place, 'a mapping without braces inside of a list — write it as {key: value}');
  });
  return { kind: 'list', items, place };
}

function convertMapping(reading: Reading, node: YAMLMap, place: Place, depth: number): Tree {
  const entries = new Map<string, Entry>();
  const merged: Tree[] = [];
  for (const pair of node.items) {
    const keyPlace = isNode(pair.key) ? placeOfNode(reading, pair.key) : place;
    const key = keyOf(reading, pair, keyPlace);
    const value = isNode(pair.value) ? convert(reading, pair.value, depth + 1) : nullAt(keyPlace);
    if (key === null) continue;
    if (isMergeKey(pair)) merged.push(value);
    else if (!entries.has(key)) entries.set(key, { place: keyPlace, value });
    else {
      const first = entries.get(key)?.place.line ?? 0;
      const message = `the key "${key}" stands twice in one mapping (first in line ${first}) — keep one`;
      tell(reading, errorAt(keyPlace, 'DUPLICATE_KEY', message));
    }
  }
  for (const source of merged) mergeInto(reading, entries, source);
  return { kind: 'mapping', entries, place };
}

/** The key as a text; null after saying why it is none. */
function keyOf(reading: Reading, pair: Pair<unknown, unknown>, place: Place): string | null {
  const { key } = pair;
  if (isScalar(key) && key.anchor !== undefined && reading.aliasDepth === 0)
    reading.anchors.set(key.anchor, key);
  const value: unknown = isScalar(key) ? key.value : undefined;
  if (typeof value === 'string' && value !== '__proto__' && !value.includes('\0')) return value;
  const message =
    value === '__proto__'
      ? 'the key __proto__ is not allowed — use another name'
      : isScalar(key) && value !== null
        ? messageOfKey(key, pair.value)
        : 'a key that is not a text — write a plain word';
  tell(reading, errorAt(place, 'YAML_FEATURE', message));
  return null;
}

function messageOfKey(key: YamlScalar, value: unknown): string {
  const text = String(key.source ?? key.value).slice(0, 40);
  if (typeof key.value !== 'number' || !isScalar(value) || typeof value.value !== 'number')
    return `the key ${text} is not a text — put quotes around it`;
  const port = `${text}:${String(value.source ?? value.value).slice(0, 40)}`;
  return `the key ${text} is not a text — for a port write "${port}" without a space, else put quotes around the key`;
}

const isMergeKey = (pair: Pair<unknown, unknown>): boolean =>
  isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';

/** Adds the fields that are not there yet: own fields win over merged ones, earlier sources over later ones. */
function mergeInto(reading: Reading, entries: Map<string, Entry>, source: Tree): void {
  const mappings = source.kind === 'list' ? source.items : [source];
  for (const mapping of mappings) {
    if (mapping.kind !== 'mapping') {
      refused(reading, mapping.place, '<< takes a mapping or a list of mappings');
      continue;
    }
    for (const [key, entry] of mapping.entries) if (!entries.has(key)) entries.set(key, entry);
  }
}

function tell(reading: Reading, finding: Finding): void {
  if (reading.findings.length < MAX_FINDINGS) reading.findings.push(finding);
}

function refused(reading: Reading, place: Place, message: string): Scalar {
  tell(reading, errorAt(place, 'YAML_FEATURE', message));
  return nullAt(place);
}

const nullAt = (place: Place): Scalar => ({
  kind: 'scalar',
  value: null,
  source: '',
  interpolated: false,
  place,
});

const placeOfNode = (reading: Reading, node: Node): Place => reading.placeAt(node.range?.[0] ?? 0);

const isNode = (value: unknown): value is Node =>
  isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
