// Owns: what a test file must not do: leave itself out, sleep, replace modules, or compare with a snapshot.
import ts from 'typescript';
import { lineOf, nodesOf, type Source } from './sources.js';

const leavesOut =
  /^(describe|it|test|suite)\b.*\.(skip|only|todo|skipIf|runIf|fails)$|^(xit|xtest|xdescribe|fit|fdescribe)$/;
const replacesModules = /^vi\.(mock|doMock|hoisted)$/;
const comparesSnapshots =
  /\.(toMatchSnapshot|toMatchInlineSnapshot|toMatchFileSnapshot|toThrowErrorMatching\w*Snapshot)$/;

/** Whatever a test file must not do, as `path:line: why`. */
export function testFindings(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) =>
    [...nodesOf(source.tree)].flatMap((node) =>
      whyNot(node, source).map((why) => `${source.path}:${lineOf(source, node)}: ${why}`),
    ),
  );
}

function whyNot(node: ts.Node, source: Source): readonly string[] {
  if (ts.isPropertyAccessExpression(node) || ts.isIdentifier(node)) {
    const name = node.getText(source.tree).replaceAll(/\s/g, '');
    return leavesOut.test(name) ? ['a test must not be skipped or focused'] : [];
  }
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return /^(node:)?timers\/promises$/.test(node.moduleSpecifier.text)
      ? ['tests wait for conditions: use eventually']
      : [];
  }
  if (!ts.isCallExpression(node)) return [];
  const called = node.expression.getText(source.tree).replaceAll(/\s/g, '');
  if (replacesModules.test(called)) return ['modules are not replaced: pass what is needed as an argument'];
  if (comparesSnapshots.test(called)) return ['snapshots are not read by anybody: say what is expected'];
  return isSleep(node, called) ? ['tests wait for conditions: use eventually'] : [];
}

/** `setTimeout(resolve, …)` where `resolve` is what the enclosing `new Promise` was given. */
function isSleep(node: ts.CallExpression, called: string): boolean {
  if (!/^(globalThis\.)?setTimeout$/.test(called)) return false;
  const executor = node.parent;
  const inPromise = (at: ts.Node | undefined): ts.NewExpression | undefined =>
    at === undefined || ts.isSourceFile(at) ? undefined : ts.isNewExpression(at) ? at : inPromise(at.parent);
  const promise = inPromise(executor);
  const given = promise?.arguments?.[0];
  if (given === undefined || !ts.isArrowFunction(given)) return false;
  return given.parameters[0]?.name.getText() === node.arguments[0]?.getText();
}
