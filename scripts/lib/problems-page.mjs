// Owns: docs/problems.md as a text, made from the folders of test/golden/problems in the order of src/model/problem.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { Unable } from './say.mjs';

const examples = join(root, 'test', 'golden', 'problems');

const head = `<!-- Made by \`npm run docs\` from test/golden/problems: do not edit. -->

# Problems

What \`alicia validate\`, \`plan\`, \`apply\` and the controller's log say about manifests, by the code in brackets at the end of the line.
A problem that concerns a whole file rejects the file; any other rejects the service that has it. What is rejected keeps its last good
version; everything else goes on.
`;

/** The page. Fails with a sentence where a code has no example, or the example lacks a part. */
export function problemsPage() {
  const entries = codes().map(readEntry);
  const rows = entries.map(
    ({ code, says, mend }) => `| [\`${code}\`](#${code.toLowerCase()}) | ${says} | ${mend} |`,
  );
  const table = ['| code | what it says | what to do |', '|---|---|---|', ...rows].join('\n');
  // A folder that is no code is found by test/cli/problem-examples.test.ts.
  return `${head}\n${table}\n\n${entries.map(sectionOf).join('\n')}`;
}

/** The codes, in the order in which the program declares them. */
function codes() {
  const source = readFileSync(join(root, 'src', 'model', 'problem.ts'), 'utf8');
  const list = /PROBLEM_CODES = \[([^\]]*)\]/.exec(source)?.[1] ?? '';
  return [...list.matchAll(/'([A-Z0-9_]+)'/g)].map(([, code]) => code);
}

function readEntry(code) {
  const folder = join(examples, code);
  const part = (name) => {
    if (!existsSync(join(folder, name)))
      throw new Unable(
        `The code ${code} has no example: test/golden/problems/${code}/${name} does not exist.`,
      );
    return readFileSync(join(folder, name), 'utf8');
  };
  const [says, mend, ...rest] = part('text.md').trim().split('\n\n');
  if (mend === undefined || rest.length > 0)
    throw new Unable(
      `test/golden/problems/${code}/text.md must be two paragraphs: what it says, what to do.`,
    );
  const preparations = existsSync(join(folder, 'prepare.json')) ? JSON.parse(part('prepare.json')) : [];
  return { code, folder, says, mend, preparations, printed: part('expected.txt').trimEnd() };
}

function sectionOf({ code, folder, says, mend, preparations, printed }) {
  const hasBefore = existsSync(join(folder, 'before'));
  const who = hasBefore
    ? 'The controller then says, in `alicia status` and its log:'
    : '`alicia validate manifests` prints:';
  const parts = [
    `## ${code}`,
    `${says} ${mend}`,
    ...(hasBefore ? filesOf(folder, 'before').map((path) => shown(folder, path, [])) : []),
    ...(hasBefore ? ['Then:'] : []),
    ...filesOf(folder, 'manifests').map((path) => shown(folder, path, preparations)),
    ...preparations.flatMap(({ link, to }) =>
      link === undefined ? [] : [`\`${link}\` is a link to \`${to}\`.`],
    ),
    ...(existsSync(join(folder, 'manifests')) ? [] : ['There is no `manifests`.']),
    who,
    `\`\`\`text\n${printed}\n\`\`\``,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The files below a folder of the example; the folder itself where it is a file, none where it does not exist. */
function filesOf(folder, name) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path === name || path.startsWith(`${name}/`))
    .sort();
}

function shown(folder, path, preparations) {
  const preparation = preparations.find(({ file }) => file === path);
  const is =
    preparation === undefined
      ? ''
      : preparation.encoding === undefined
        ? `, filled up to ${preparation.bytes} bytes`
        : `, saved as ${preparation.encoding}`;
  return `\`${path}\`${is}:\n\n\`\`\`yaml\n${readFileSync(join(folder, path), 'utf8').trimEnd()}\n\`\`\``;
}
