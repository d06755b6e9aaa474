// Owns: what tests import from vitest, as far as those of core/ and controller/ use it, in a form that only collects them.
// Must not know: when they are run, mutants.
import { format } from 'node:util';
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

/** Vitest's own matchers. */
export const expect = chai.expect;

/** Every test that was imported: `{ name, file, run }`. */
export const collected = [];
const groups = [];
let file = '';

/** Imports a file of tests. */
export async function collectFrom(url, name) {
  file = name;
  await import(url);
}

/** A test; options and time limits are left out. */
export function test(title, run) {
  const name = [file, ...groups, title].join(' > ');
  const twins = collected.filter((other) => other.name === name || other.name.startsWith(`${name} #`)).length;
  collected.push({ name: twins === 0 ? name : `${name} #${twins + 1}`, file, run });
}
test.each = (rows) => (title, run) => {
  for (const row of rows) test(titleOf(title, row), () => run(...argumentsOf(row)));
};
export const it = test;

/** A group of tests. */
export function describe(title, fill) {
  groups.push(title);
  fill();
  groups.pop();
}
describe.each = (rows) => (title, fill) => {
  for (const row of rows) describe(titleOf(title, row), () => fill(...argumentsOf(row)));
};

const argumentsOf = (row) => (Array.isArray(row) ? row : [row]);

function titleOf(title, row) {
  const count = (title.match(/%[sdifjo]/g) ?? []).length;
  return format(title, ...argumentsOf(row).slice(0, count));
}
