/**
 * Bad inputs, tried by the dozen on a process that has good versions and on a fresh one.
 * Owns: what must hold whatever a file holds, and what the worst of it cost. Must not know: how inputs are drawn.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext, Script } from 'node:vm';
import { expect } from 'vitest';
import { emptyIntake, type IntakeOptions, takeIn } from '../../src/manifest/intake.js';
import { renderProblem } from '../../src/manifest/render-problem.js';
import type { DesiredState } from '../../src/model/desired.js';
import { serviceName } from '../../src/model/ids.js';
import { PROBLEM_CODES } from '../../src/model/problem.js';
import { EXAMPLE_FILES, type Input } from './bad-inputs.js';
import { OPTIONS, scanOf, service, type Texts } from './texts.js';

/** Inputs that lie side by side in one look. */
export const BATCH = 20;
/** No look comes near to this on any machine: what does would never end. For each character there is a little more. */
const DEADLINE_MS = 5000;
const DEADLINE_MS_PER_CHARACTER = 0.1;
/** What one look may need, and each manifest in it: that is kept. */
const MAX_HEAP_BYTES = 64 * 1024 * 1024;
const MAX_HEAP_BYTES_PER_MANIFEST = 16 * 1024;

const INTAKE: IntakeOptions = { ...OPTIONS, allowEmpty: false };
const OTHER = { 'other.yaml': service('other') };
const OTHER_NAME = serviceName('other');

const nameOf = (index: number): string => `kept${index}`;
const pathOf = (index: number): string => `${nameOf(index)}.yaml`;
/** Problems after which nobody can say what a file declares. */
const LOST = ['SYNTAX', 'NOT_UTF8', 'UNREADABLE', 'TOO_LARGE', 'CUT_OFF'];

/** A process that has seen a good service in each of the files twice, and another one beside them. */
function establish() {
  const texts: Texts = {
    ...OTHER,
    ...Object.fromEntries(
      Array.from({ length: BATCH }, (_, index) => [pathOf(index), service(nameOf(index))]),
    ),
  };
  const first = takeIn(emptyIntake, scanOf(texts), { monotonicMs: 0 }, INTAKE);
  const { intake, desired } = takeIn(first.intake, scanOf(texts), { monotonicMs: 1000 }, INTAKE);
  expect(desired.absence.kind).toBe('confirmed');
  return { intake, desired };
}

const established = establish();

/** What inputs came to cost. */
export interface Tally {
  inputs: number;
  slowestMs: number;
  /** The inputs of the slowest batch. */
  slowest: readonly Input[];
  heapBytes: number;
}

/** Nothing tried yet. */
export const emptyTally = (): Tally => ({ inputs: 0, slowestMs: 0, slowest: [], heapBytes: 0 });

let task = (): void => undefined;
Object.defineProperty(globalThis, 'tryBadInputs', { value: () => task() });
const script = new Script('tryBadInputs()');

/** Ends even what never ends by itself: the script's deadline interrupts whatever it calls. */
function withinDeadline(characters: number, action: () => void): void {
  task = action;
  script.runInThisContext({ timeout: Math.round(DEADLINE_MS + DEADLINE_MS_PER_CHARACTER * characters) });
}

/** Tries one batch, and fails when anything does not hold that must, or costs too much. */
export function tryInputs(inputs: readonly Input[], tally: Tally): void {
  const { tookMs, heapBytes } = measured(inputs, () => {
    checkRunning(inputs);
    checkFresh(inputs);
  });
  tally.inputs += inputs.length;
  tally.heapBytes = Math.max(tally.heapBytes, heapBytes);
  if (tookMs > tally.slowestMs) Object.assign(tally, { slowestMs: tookMs, slowest: inputs });
}

/** Tries one long input with so many manifests in it, for its cost above all. */
export function tryLongInput(input: Input, manifests: number): void {
  // What was garbage before would be room for garbage now.
  collectGarbage();
  measured([input], () => checkRunning([input]), manifests);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Does it within the deadline, and fails when the heap has grown beyond its bound. */
function measured(
  inputs: readonly Input[],
  action: () => void,
  manifests = inputs.length,
): { tookMs: number; heapBytes: number } {
  const characters = inputs.reduce((sum, input) => sum + lengthOf(input), 0);
  const before = getHeapStatistics();
  const beganMs = performance.now();
  withinDeadline(characters, action);
  const tookMs = performance.now() - beganMs;
  // The heap grows for what is needed at once and keeps its size for a while, though much of that was garbage by now.
  const heapBytes = getHeapStatistics().total_heap_size - before.total_heap_size;
  expect(heapBytes).toBeLessThan(MAX_HEAP_BYTES + MAX_HEAP_BYTES_PER_MANIFEST * manifests);
  return { tookMs, heapBytes };
}

const lengthOf = (input: Input): number => (typeof input === 'string' ? input.length : 0);

const filesOf = (inputs: readonly Input[]): Texts => ({
  ...OTHER,
  ...EXAMPLE_FILES,
  ...Object.fromEntries(inputs.map((input, index) => [pathOf(index), input])),
});

/** Its last good versions stay, and nobody else is touched. */
function checkRunning(inputs: readonly Input[]): void {
  const { desired } = takeIn(established.intake, scanOf(filesOf(inputs)), { monotonicMs: 2000 }, INTAKE);
  checkProblems(desired);
  expect(desired.absence.kind).not.toBe('confirmed');
  expectKept(desired, OTHER_NAME);
  const lost = new Set(desired.problems.filter(({ code }) => LOST.includes(code)).map(({ file }) => file));
  for (const [index] of inputs.entries())
    if (lost.has(`m/${pathOf(index)}`)) expectKept(desired, serviceName(nameOf(index)));
}

/** Without last good versions nothing may go as long as a file is in error. */
function checkFresh(inputs: readonly Input[]): void {
  const [input] = inputs;
  if (input === undefined) return;
  const texts = { ...OTHER, ...EXAMPLE_FILES, '.env': input, 'a.yaml': input, 'b.json': input };
  const { desired } = takeIn(emptyIntake, scanOf(texts), { monotonicMs: 0 }, INTAKE);
  checkProblems(desired);
  if (desired.problems.some(({ severity, file }) => severity === 'error' && !file.endsWith('.env')))
    expect(desired.absence.kind).toBe('blocked');
}

/** It is there, and as it was but for the reason why it is. */
function expectKept(desired: DesiredState, name: typeof OTHER_NAME): void {
  const good = established.desired.services.get(name);
  const now = desired.services.get(name);
  expect(good).toBeDefined();
  expect(now === undefined ? undefined : { ...now, staleBecause: null }).toEqual(good);
}

const RENDERED = /: (error|warning): [\s\S]+ \[[A-Z0-9_]+\]$/;
const KNOWN_CODES: ReadonlySet<string> = new Set(PROBLEM_CODES);

function checkProblems({ problems, services, rejected }: DesiredState): void {
  const perFile = new Map<string, number>();
  for (const problem of problems) {
    const line = renderProblem(problem);
    if (!RENDERED.test(line) || !KNOWN_CODES.has(problem.code)) expect(line).toBe('a problem with its code');
    perFile.set(problem.file, (perFile.get(problem.file) ?? 0) + 1);
  }
  expect(Math.max(0, ...perFile.values())).toBeLessThanOrEqual(20);
  for (const name of rejected.keys()) expect(services.has(name)).toBe(false);
}

/** How many inputs were tried, and what the worst of them cost. */
export function describeTally({ inputs, slowestMs, slowest, heapBytes }: Tally): string {
  const single = slowest.map((input) => {
    const beganMs = performance.now();
    takeIn(established.intake, scanOf({ 'a.yaml': input }), { monotonicMs: 2000 }, INTAKE);
    return { tookMs: performance.now() - beganMs, length: lengthOf(input) };
  });
  const [worst] = single.sort((a, b) => b.tookMs - a.tookMs);
  return (
    `${inputs} bad inputs tried, ${BATCH} a look; the slowest look took ${slowestMs.toFixed(1)} ms, the slowest input in it ` +
    `${worst?.tookMs.toFixed(1)} ms (${worst?.length} characters); a look made the heap ${toMib(heapBytes)} MiB bigger at most`
  );
}

const toMib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
