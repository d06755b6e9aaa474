// Owns: the figures of the last long run in bench/README.md, a block for each part between two marks.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.mjs';

const file = join(root, 'bench', 'README.md');
const markOf = (name) => [`<!-- figures: ${name} -->`, `<!-- end: ${name} -->`];

/** Puts a part's figures in the place of its last ones, or at the end where it has none. */
export function writeFigures({ name, title, isGood, seconds, figures }) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '# Figures\n';
  const [begin, end] = markOf(name);
  const [{ model = 'unknown' } = {}] = cpus();
  const machine = `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  const day = new Date().toISOString().slice(0, 10);
  const block = [
    begin,
    `### ${title}`,
    '',
    `${isGood ? 'Good' : '**FAILED**'} on ${day}, in ${Math.round(seconds)} s, on ${machine}.`,
    '',
    '```',
    figures,
    '```',
    end,
  ].join('\n');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const after =
    from >= 0 && to > from
      ? `${before.slice(0, from)}${block}${before.slice(to + end.length)}`
      : `${before.trimEnd()}\n\n${block}\n`;
  writeFileSync(file, after);
}
