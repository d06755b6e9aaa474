/**
 * YAML and JSON text to documents.
 * Owns: which documents look like ours. Must not know: the parser's settings, fields.
 */
import { isMap, isScalar, LineCounter, type Pair } from 'yaml';
import { composeYaml, MAX_COMPLAINTS, type YamlDocumentNode } from './compose-yaml.js';
import { errorAt, type Finding } from './finding.js';
import { findDeepNesting } from './nesting.js';
import { convertDocument } from './read-tree.js';
import { syntaxFindings } from './syntax.js';
import type { Place, Tree } from './tree.js';

/** What a document is, told by its first level. */
export type DocumentClass = 'native' | 'compose' | 'foreign';

/** One document of a file. */
export interface YamlDocument {
  readonly class: DocumentClass;
  /** Null in a foreign document. */
  readonly tree: Tree | null;
  readonly place: Place;
  /** YAML that manifests must not use. Empty in a foreign document. */
  readonly findings: readonly Finding[];
}

/** A file's text, read. */
export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  /** Not empty: the file does not parse. What `documents` then holds may be cut short. */
  readonly syntax: readonly Finding[];
}

/** Reads every document of a text. Never throws. */
export function readYaml(text: string): YamlFile {
  const deep = findDeepNesting(text);
  if (deep !== null) {
    const finding = errorAt(placeIn(text, deep), 'SYNTAX', 'nested too deeply — no manifest needs that');
    return { documents: [], syntax: [finding] };
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  let documents: readonly YamlDocumentNode[];
  try {
    documents = composeYaml(text, lines);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const finding = errorAt({ line: 1, column: 1 }, 'SYNTAX', `cannot be read as YAML: ${reason}`);
    return { documents: [], syntax: [finding] };
  }
  const syntax = [
    ...nulFindings(text),
    ...documents.flatMap((document) => syntaxFindings(document, { text, placeAt }, MAX_COMPLAINTS)),
  ];
  return {
    documents: documents.map((document) => readDocument(document, placeAt)),
    syntax: syntax.slice(0, MAX_COMPLAINTS),
  };
}

function nulFindings(text: string): readonly Finding[] {
  const offset = text.indexOf('\0');
  if (offset === -1) return [];
  const message = 'a NUL character — the file is damaged or not text; write it again';
  return [errorAt(placeIn(text, offset), 'SYNTAX', message)];
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function readDocument(document: YamlDocumentNode, placeAt: (offset: number) => Place): YamlDocument {
  const place = placeAt(document.contents?.range?.[0] ?? document.range[0]);
  const documentClass = classOf(document);
  if (documentClass === 'foreign') return { class: documentClass, tree: null, place, findings: [] };
  const { tree, findings } = convertDocument(document, placeAt);
  return { class: documentClass, tree, place, findings };
}

/** `apiVersion: alicia/…` makes it native, else a mapping `services:` a Compose file. */
function classOf(document: YamlDocumentNode): DocumentClass {
  const contents: unknown = document.contents;
  if (!isMap(contents)) return 'foreign';
  const fieldOf = (name: string): unknown => contents.items.find((pair) => keyIs(pair, name))?.value;
  const apiVersion = fieldOf('apiVersion');
  if (isScalar(apiVersion) && typeof apiVersion.value === 'string' && apiVersion.value.startsWith('alicia/'))
    return 'native';
  return isMap(fieldOf('services')) ? 'compose' : 'foreign';
}

const keyIs = (pair: Pair<unknown, unknown>, name: string): boolean =>
  isScalar(pair.key) && pair.key.value === name;
