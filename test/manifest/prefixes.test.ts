/**
 * No prefix of a valid file may ever delete a service.
 */
import { describe, expect, test } from 'vitest';
import { emptyIntake, takeIn } from '../../src/manifest/intake.js';
import type { DesiredState } from '../../src/model/desired.js';
import { serviceName } from '../../src/model/ids.js';
import { createProcess } from './looks.js';
import { documents, OPTIONS, scanOf, service } from './texts.js';

const A = service('a');

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

describe('7.6 every prefix of a file', () => {
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
    for (let length = 0; length < THREE.trimEnd().length; length++) {
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
    for (let length = 0; length <= THREE.length; length++) {
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
    for (let length = start; length < json.length; length++) {
      const { look } = createProcess();
      const cut = { 'a.json': json.slice(0, length), 'z.yaml': A };
      look(cut);
      expect(look(cut, 5000)).toBe('same: a | fileInError');
    }
  });
});
