// Owns: a test runner for StrykerJS that imports the tests once and then runs, for each mutant, those that reach it.
// vitest begins anew for each mutant, which takes a hundred times as long as the tests themselves.
// Must not know: which files are mutated.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { collected, collectFrom } from './collect.mjs';
import { isFor, testFiles } from './test-files.mjs';
import { transpile } from './transpile.mjs';

/** Longer than a test takes that has other things beside it: whatever is not over by then waits for what never comes. */
const limitOf = (usualMs) => 5_000 + 5 * usualMs;

/** What a test may usually take of which nothing is known yet. */
const FIRST_MS = 10_000;

/** What the tests that are run are made of. */
const NEEDED = ['src', 'test/core', 'test/controller', 'test/manifest', 'test/simulation', 'test/support'];

/** Where the instrumented code looks which mutant it is, and notes what was reached. */
const space = {};
globalThis.__stryker__ = space;

/** Failures outside of every test's own promise; they count against the test that was running. */
const stray = [];
process.on('unhandledRejection', (error) => stray.push(error));

function createRunner() {
  const durations = new Map();
  return {
    // What is imported stays, for what runs at import is not tried (`ignoreStatic`). To say so would have the process begun
    // anew for each mutant that runs at import and later; it takes ten times as long as the tests.
    capabilities: () => ({ reloadEnvironment: true }),
    async init() {
      const root = process.cwd();
      transpile(root, NEEDED, new URL('./collect.mjs', import.meta.url).href);
      for (const file of testFiles(root))
        await collectFrom(pathToFileURL(join(root, file.replace(/ts$/, 'js'))).href, file);
    },
    async dryRun({ files }) {
      const tests = [];
      for (const test of collected.filter(
        ({ file }) => files?.some((source) => isFor(file, source)) ?? true,
      )) {
        space.currentTestId = test.name;
        const begun = performance.now();
        const failureMessage = await failureOf(test, FIRST_MS);
        space.currentTestId = undefined;
        const timeSpentMs = performance.now() - begun;
        durations.set(test.name, timeSpentMs);
        const result = { id: test.name, name: test.name, timeSpentMs };
        tests.push(
          failureMessage === null ? { ...result, status: 0 } : { ...result, status: 1, failureMessage },
        );
      }
      return { status: 'complete', tests, mutantCoverage: space.mutantCoverage };
    },
    async mutantRun({ testFilter, activeMutant, hitLimit }) {
      const chosen = collected.filter(
        ({ name, file }) => (testFilter?.includes(name) ?? true) && isFor(file, activeMutant.fileName),
      );
      Object.assign(space, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
      let nrOfTests = 0;
      try {
        for (const test of inOrder(chosen, durations)) {
          nrOfTests += 1;
          const failureMessage = await failureOf(test, durations.get(test.name) ?? FIRST_MS);
          if (hitLimit !== undefined && space.hitCount > hitLimit)
            return { status: 'timeout', reason: `reached more than ${hitLimit} times` };
          if (failureMessage !== null)
            return { status: 'killed', killedBy: [test.name], failureMessage, nrOfTests };
        }
        return { status: 'survived', nrOfTests };
      } finally {
        Object.assign(space, { activeMutant: undefined, hitCount: undefined });
      }
    },
  };
}
createRunner.inject = [];

/** The quick ones first: the first that fails is enough. */
const inOrder = (tests, durations) =>
  [...tests].sort((a, b) => (durations.get(a.name) ?? 0) - (durations.get(b.name) ?? 0));

/** Why a test failed; null: it did not. */
async function failureOf({ run }, usualMs) {
  stray.length = 0;
  const limitMs = limitOf(usualMs);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([run(), late]);
  } catch (error) {
    stray.push(error);
  } finally {
    clearTimeout(timer);
  }
  // Rejections that nobody waits for are told of a turn later.
  await new Promise((resolve) => setImmediate(resolve));
  if (stray.length === 0) return null;
  return stray.map((error) => (error instanceof Error ? error.message : String(error))).join('\n');
}

/** What StrykerJS looks for in a plugin. */
export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'in-one-process', createRunner)];
