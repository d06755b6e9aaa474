/**
 * Text to documents of the YAML parser.
 * Owns: the parser's settings, and that what it complains of has an end. Must not know: what a manifest is.
 *
 * The parser makes an error with a stack for every character that it cannot place: a million of them take more memory
 * than many machines have.
 */
import { Composer, type Document, type LineCounter, type ParsedNode, Parser } from 'yaml';

/** One document as it was parsed, with its errors and warnings. */
export type YamlDocumentNode = Document.Parsed<ParsedNode>;

/** More errors than this of a text, and more warnings than this of a document, are not kept. */
export const MAX_COMPLAINTS = 20;

/** The one way in which the parser's composer says that something is wrong; it is private, and no setting bounds it. */
interface Complaining {
  onError: (source: unknown, code: string, message: string, isWarning?: boolean) => void;
}

/**
 * Parses every document of a text, one at a time: what is made of one is large, and need not stay while the next is made.
 * `lines` learns where its lines begin.
 */
export function* composeYaml(text: string, lines: LineCounter): Generator<YamlDocumentNode, void> {
  const composer = new Composer({
    // Duplicates are found while the tree is made; the parser's own search takes quadratic time.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
  });
  const complaining = composer as unknown as Complaining;
  const complain = complaining.onError;
  let errors = 0;
  let warnings = 0;
  complaining.onError = (source, code, message, isWarning = false) => {
    const count = isWarning ? ++warnings : ++errors;
    if (count <= MAX_COMPLAINTS) complain(source, code, message, isWarning);
  };
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    if (token.type === 'error' && ++errors > MAX_COMPLAINTS) continue;
    if (token.type === 'document') warnings = 0;
    yield* composer.next(token);
  }
  yield* composer.end();
}
