/**
 * No prefix of a valid file may ever delete a service.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgePrune, type PruneVerdict } from '../../src/core/prune.js';
import { emptyIntake, type Intake, takeIn } from '../../src/manifest/intake.js';
import type { DesiredState } from '../../src/model/desired.js';
import { serviceName } from '../../src/model/ids.js';
import { contextOf } from '../support/decision.js';
import { parseContainers } from '../support/decision-observed.js';
import { exampleManifests, root } from '../support/paths.js';
import { createProcess } from './looks.js';
import { documents, OPTIONS, resolveTexts, scanOf, service } from './texts.js';

const A = service('a');
/** Every so many characters a cut; the inner loop takes fewer. */
const STRIDE = Number(globalThis.process.env.ALICIA_PREFIX_STRIDE ?? 1);

const THREE = documents(
  service('db', 'image: tb\nhealthcheck: {test: [CMD, "true"]}\nvolumes: ["data:/data"]'),
  'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: data}\n',
  service('cache', 'image: tb\nports: ["6379:6379"]\nprobes: [{tcp: {port: 6379}}]\nmem_limit: 64m'),
  service(
    'web',
    'image: tb\ndepends_on: {db: {condition: service_healthy}, cache: {}}\nenvironment: {A: "1", B: "2"}',
  ),
);
const NAMES = ['db', 'cache', 'web'].map(serviceName);
const missingFrom = (desired: DesiredState): readonly string[] =>
  NAMES.filter((name) => !desired.services.has(name) && !desired.rejected.has(name));

describe('7.6 every prefix of a file', { timeout: 120_000 }, () => {
  const json = JSON.stringify(
    { apiVersion: 'alicia/v1', kind: 'Service', metadata: { name: 'web' }, spec: { image: 'tb' } },
    null,
    2,
  );
  test('after the whole one never removes a service by itself', () => {
    const whole = scanOf({ 'all.yaml': THREE, 'z.yaml': A });
    const options = { ...OPTIONS, allowEmpty: false };
    let known = takeIn(emptyIntake, whole, { monotonicMs: 0 }, options).intake;
    known = takeIn(known, whole, { monotonicMs: 1000 }, options).intake;
    let readable = 0;
    for (let length = 0; length < THREE.trimEnd().length; length += STRIDE) {
      const cut = scanOf({ 'all.yaml': THREE.slice(0, length), 'z.yaml': A });
      const first = takeIn(known, cut, { monotonicMs: 2000 }, options);
      const again = takeIn(first.intake, cut, { monotonicMs: 60_000 }, options);
      expect(missingFrom(first.desired)).toEqual([]);
      expect(missingFrom(again.desired)).toEqual([]);
      if (again.desired.problems.every(({ code }) => code === 'CUT_OFF')) readable++;
    }
    // Many cuts are good YAML and good manifests: only what the file was before tells.
    expect(readable).toBeGreaterThan(0);
  });
  test('one growing after the other, however slowly, never removes a service while it is in error', () => {
    const options = { ...OPTIONS, allowEmpty: false };
    let intake = takeIn(
      emptyIntake,
      scanOf({ 'all.yaml': THREE, 'z.yaml': A }),
      { monotonicMs: 0 },
      options,
    ).intake;
    for (let length = 0; length <= THREE.length; length += STRIDE) {
      const taken = takeIn(
        intake,
        scanOf({ 'all.yaml': THREE.slice(0, length), 'z.yaml': A }),
        { monotonicMs: length * 100 },
        options,
      );
      intake = taken.intake;
      expect(taken.desired.absence.kind).not.toBe('confirmed');
      if (taken.desired.problems.some(({ code }) => code === 'SYNTAX'))
        expect(missingFrom(taken.desired)).toEqual([]);
    }
    expect(
      missingFrom(intake.look?.desired ?? takeIn(intake, scanOf({}), { monotonicMs: 0 }, options).desired),
    ).toEqual([]);
  });
  test('of JSON forbids removal in a fresh process as soon as it can be told that it is ours', () => {
    const start = json.indexOf('alicia/') + 'alicia/'.length;
    for (let length = start; length < json.length; length += STRIDE) {
      const { look } = createProcess();
      const cut = { 'a.json': json.slice(0, length), 'z.yaml': A };
      look(cut);
      expect(look(cut, 5000)).toBe('same: a | fileInError');
    }
  });
});

const EXAMPLES: readonly (readonly [string, string])[] = [
  ...readdirSync(exampleManifests)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(join(exampleManifests, name), 'utf8')] as const),
  ...[...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)]
    .map(([, text = '']) => ['the example of README.md', text] as const)
    .filter(([, text]) => text.includes('apiVersion: alicia/')),
];

/** What the examples need of each other, in short. */
const neighboursOf = (whole: string): string =>
  documents(
    A,
    ...['assistant', 'memory', 'stt', 'tts']
      .filter((name) => !whole.includes(`\n  name: ${name}\n`))
      .map((name) => service(name)),
    ...(whole.includes('kind: Network')
      ? []
      : ['apiVersion: alicia/v1\nkind: Network\nmetadata: {name: voice}\n']),
  );

/** What a process decides about removal that finds all of these running. */
function judgeWith(services: DesiredState['services']): (desired: DesiredState) => PruneVerdict {
  const { observed, settings, desired: nothing } = contextOf({});
  const lines = [...services.values()].map(
    ({ name, source }) => `${name}-1 running at=${source.file}#${source.number}`,
  );
  const running = { ...observed, services: parseContainers(lines.join('\n'), { ...nothing, services }, 0) };
  return (desired) => judgePrune(desired, running, settings);
}

describe.each(EXAMPLES)('7.6 every prefix of %s', { timeout: 120_000 }, (_name, whole) => {
  const options = { ...OPTIONS, allowEmpty: false };
  const others = { 'z.yaml': neighboursOf(whole) };
  const names = [...resolveTexts({ 'a.yaml': whole, ...others }).services.keys()];
  /** What is desired after a look at this beginning of the file, and one a minute later. */
  const desiredAfter = (known: Intake, prefix: string): DesiredState => {
    const cut = scanOf({ 'a.yaml': prefix, ...others });
    const first = takeIn(known, cut, { monotonicMs: 2000 }, options);
    return takeIn(first.intake, cut, { monotonicMs: 60_000 }, options).desired;
  };
  const goneIn = ({ absence, services, rejected }: DesiredState): readonly string[] =>
    absence.kind === 'confirmed' ? names.filter((name) => !services.has(name) && !rejected.has(name)) : [];
  const cuts = Math.ceil(whole.trimEnd().length / STRIDE);
  const prefixes = Array.from({ length: cuts }, (_, cut) => whole.slice(0, cut * STRIDE));

  test('7.6 as an edit of the whole stops nothing', () => {
    expect(names.length).toBeGreaterThan(0);
    const scan = scanOf({ 'a.yaml': whole, ...others });
    const first = takeIn(emptyIntake, scan, { monotonicMs: 0 }, options).intake;
    const known = takeIn(first, scan, { monotonicMs: 1000 }, options).intake;
    for (const prefix of prefixes) expect(goneIn(desiredAfter(known, prefix)), prefix.slice(-80)).toEqual([]);
  });

  test('7.6 as the only version that a process ever saw lets nothing go, were it a good file of its own', () => {
    const judge = judgeWith(resolveTexts({ 'a.yaml': whole, ...others }).services);
    let good = 0;
    for (const prefix of prefixes) {
      const desired = desiredAfter(emptyIntake, prefix);
      if (desired.problems.every(({ severity }) => severity !== 'error')) good++;
      expect([...judge(desired).allowed], prefix.slice(-80)).toEqual([]);
    }
    expect(good).toBeGreaterThan(0);
  });
});
