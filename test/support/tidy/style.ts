// Owns: the rules of style that neither the compiler nor the linter knows. Each is a row: a node, and what is wrong with it.
import ts from 'typescript';
import { lineOf, nodesOf, type Source } from './sources.js';

interface Rule {
  /** What a finding says. */
  readonly why: string;
  readonly breaks: (node: ts.Node, source: Source) => boolean;
}

const mayAssert = /^src\/(adapters\/|manifest\/|model\/ids\.ts$)/;
const vagueWord =
  /^(utils?|helpers?|managers?)(?=$|[A-Z0-9-])|^(handle|process)[A-Z-]|(Utils?|Helpers?|Manager)$/;

const rules: readonly Rule[] = [
  { why: '`any` turns the compiler off', breaks: (node) => node.kind === ts.SyntaxKind.AnyKeyword },
  { why: '`!` claims what the compiler cannot see', breaks: ts.isNonNullExpression },
  { why: 'enums are unions here', breaks: ts.isEnumDeclaration },
  { why: 'the only classes are errors', breaks: (node) => ts.isClassLike(node) && !extendsError(node) },
  {
    why: 'default exports have no name of their own',
    breaks: (node) => ts.isExportAssignment(node) || isDefaultExport(node),
  },
  {
    why: 'files do not pass on the exports of others',
    breaks: (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined,
  },
  {
    why: 'relative imports end with .js',
    breaks: (node) => ts.isStringLiteral(node) && isModuleName(node) && /^\.(?!.*\.js(on)?$)/.test(node.text),
  },
  {
    why: '`as` is for parsers and adapters',
    breaks: (node, source) =>
      ts.isAsExpression(node) && !isConst(node) && !mayAssert.test(source.path) && !inParser(node),
  },
  {
    why: 'the name says nothing of what it is for',
    breaks: (node) => isNamed(node) && vagueWord.test(nameOf(node)),
  },
  {
    why: 'what is exported carries a docstring',
    breaks: (node) => ts.isSourceFile(node.parent ?? node) && isExported(node) && docsOf(node).length === 0,
  },
  {
    why: 'the model is readonly',
    breaks: (node, source) =>
      source.path.startsWith('src/model/') &&
      ts.isPropertySignature(node) &&
      !hasModifier(node, ts.SyntaxKind.ReadonlyKeyword),
  },
];

/** Whatever breaks a rule, as `path:line: why`. */
export function styleFindings(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) => [
    ...fileFindings(source),
    ...[...nodesOf(source.tree)].flatMap((node) =>
      rules
        .filter((rule) => rule.breaks(node, source))
        .map((rule) => `${source.path}:${lineOf(source, node)}: ${rule.why}`),
    ),
  ]);
}

function fileFindings({ path, text }: Source): readonly string[] {
  const findings: string[] = [];
  if (!/^(#!.*\n)?\s*\/[/*]/.test(text))
    findings.push(`${path}:1: a file opens with what it owns and must not know`);
  const name = path.split('/').at(-1) ?? path;
  if (vagueWord.test(name.replace(/\.ts$/, '')))
    findings.push(`${path}:1: the name says nothing of what it is for`);
  return findings;
}

function extendsError(node: ts.ClassLikeDeclaration): boolean {
  return (node.heritageClauses ?? []).some((clause) =>
    clause.types.some((type) => /Error$/.test(type.expression.getText())),
  );
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)
  );
}

function isDefaultExport(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.DefaultKeyword);
}

function isModuleName(node: ts.StringLiteral): boolean {
  const { parent } = node;
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
}

function isConst(node: ts.AsExpression): boolean {
  return node.type.getText() === 'const';
}

/** Whether a node lies in a function whose name says that it turns the unknown into something typed. */
function inParser(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if (isNamed(at) && /^parse[A-Z]/.test(nameOf(at))) return true;
  }
  return false;
}

type Named = ts.Node & { readonly name: ts.Identifier };

function isNamed(node: ts.Node): node is Named {
  const declares =
    ts.isFunctionDeclaration(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node);
  return declares && node.name !== undefined && ts.isIdentifier(node.name);
}

function nameOf(node: Named): string {
  return node.name.text;
}

function isExported(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.ExportKeyword);
}

function docsOf(node: ts.Node): readonly ts.Node[] {
  return ts.getJSDocCommentsAndTags(node);
}
