/**
 * YAML and JSON text to documents.
 * Owns: which documents look like ours. Must not know: the parser's settings, fields.
 */
import { isMap, isScalar, LineCounter, type Pair } from 'yaml';
import { composeYaml, MAX_COMPLAINTS, type YamlDocumentNode } from './compose-yaml.js';
import { findExcess } from './extent.js';
import { errorAt, type Finding } from './finding.js';
import { convertDocument } from './read-tree.js';
import { syntaxFindings } from './syntax.js';
import type { Place, Tree } from './tree.js';

/** What a document of ours is, told by its first level. */
export type DocumentClass = 'native' | 'compose';

/** One document of ours. */
export interface YamlDocument {
  readonly class: DocumentClass;
  readonly tree: Tree;
  readonly place: Place;
  /** YAML that manifests must not use. */
  readonly findings: readonly Finding[];
}

/** A file's text, read. */
export interface YamlFile {
  /** Those that look like ours. */
  readonly documents: readonly YamlDocument[];
  /** How many others there are: a file may have a hundred thousand of them. */
  readonly foreign: number;
  /** Not empty: the file does not parse, or is not tried. What `documents` then holds may be cut short. */
  readonly syntax: readonly Finding[];
}

/** Reads every document of a text. Never throws. */
export function readYaml(text: string): YamlFile {
  const excess = findExcess(text);
  if (excess !== null) return unread(errorAt(placeIn(text, excess.offset), excess.code, excess.message));
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const syntax = [...nulFindings(text)];
  const documents: YamlDocument[] = [];
  let foreign = 0;
  try {
    for (const document of composeYaml(text, lines)) {
      syntax.push(...syntaxFindings(document, { text, placeAt }));
      const read = readDocument(document, placeAt);
      if (read === null) foreign++;
      else documents.push(read);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unread(errorAt({ line: 1, column: 1 }, 'SYNTAX', `cannot be read as YAML: ${reason}`));
  }
  return { documents, foreign, syntax: syntax.slice(0, MAX_COMPLAINTS) };
}

/** A file of which nothing is known but why. */
const unread = (finding: Finding): YamlFile => ({ documents: [], foreign: 0, syntax: [finding] });

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

/** Null when it is not ours. */
function readDocument(document: YamlDocumentNode, placeAt: (offset: number) => Place): YamlDocument | null {
  const documentClass = classOf(document);
  if (documentClass === null) return null;
  const { tree, findings } = convertDocument(document, placeAt);
  const place = placeAt(document.contents?.range?.[0] ?? document.range[0]);
  return tree === null ? null : { class: documentClass, tree, place, findings };
}

/** `apiVersion: alicia/…` makes it native, else a mapping `services:` a Compose file, else it is not ours. */
function classOf(document: YamlDocumentNode): DocumentClass | null {
  const contents: unknown = document.contents;
  if (!isMap(contents)) return null;
  const fieldOf = (name: string): unknown => contents.items.find((pair) => keyIs(pair, name))?.value;
  const apiVersion = fieldOf('apiVersion');
  if (isScalar(apiVersion) && typeof apiVersion.value === 'string' && apiVersion.value.startsWith('alicia/'))
    return 'native';
  return isMap(fieldOf('services')) ? 'compose' : null;
}

const keyIs = (pair: Pair<unknown, unknown>, name: string): boolean =>
  isScalar(pair.key) && pair.key.value === name;
