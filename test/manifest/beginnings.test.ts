// Owns: that the beginning of a manifest is never taken for nothing by a process that has not seen it whole.
import { describe, expect, test } from 'vitest';
import { mayBeginManifest } from '../../src/manifest/beginnings.js';
import { emptyIntake, takeIn } from '../../src/manifest/intake.js';
import { serviceName } from '../../src/model/ids.js';
import { OPTIONS, scanOf, service } from './texts.js';

const FIELDS = {
  apiVersion: 'alicia/v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { image: 'tb' },
};
const IN_ANOTHER_ORDER = {
  kind: FIELDS.kind,
  metadata: FIELDS.metadata,
  spec: FIELDS.spec,
  apiVersion: FIELDS.apiVersion,
};
const WEB = serviceName('web');

/** What absence is worth to a fresh process that has looked twice. */
function absenceOf(text: string): string {
  const options = { ...OPTIONS, allowEmpty: false };
  const scan = scanOf({ 'web.yaml': text, 'z.yaml': service('a', 'image: tb') });
  const first = takeIn(emptyIntake, scan, { monotonicMs: 0 }, options);
  const { desired } = takeIn(first.intake, scan, { monotonicMs: 5_000 }, options);
  const isKnown = desired.services.has(WEB) || desired.rejected.has(WEB);
  return isKnown ? 'it is known' : desired.absence.kind;
}

describe('7.6 a file of one service of which only a beginning is left', () => {
  test.each([
    ['JSON', JSON.stringify(FIELDS, null, 2)],
    ['JSON in another order', JSON.stringify(IN_ANOTHER_ORDER, null, 2)],
    ['YAML', 'apiVersion: alicia/v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  image: tb\n'],
    [
      'YAML in another order',
      'kind: Service\nmetadata:\n  name: web\nspec:\n  image: tb\napiVersion: alicia/v1\n',
    ],
    [
      'YAML with quotes',
      '"apiVersion": "alicia/v1"\n"kind": Service\n"metadata": {name: web}\n"spec": {image: tb}\n',
    ],
  ])('%s: nothing may be removed by a fresh process', (_, text) => {
    for (let length = 0; length < text.length; length += 1) {
      const beginning = text.slice(0, length);
      expect([beginning, absenceOf(beginning)]).not.toEqual([beginning, 'confirmed']);
    }
  });
});

describe('what is no beginning of a manifest', () => {
  test.each([
    '# everything here was commented out\n# kind: Service\n',
    '# kind: Service\n# metadata: {name: web}\n',
    'apiVersion: apps/v1\nkind: Deployment\n',
    'apiVersion: apps/v1\nmetadata: {{ .Values.meta }\n',
    'image: tb\n',
    'a: 1\n',
    '- kind\n',
    '{{ template }}\n',
    'services',
    '12\n',
  ])('%j must keep nothing from being removed', (text) => {
    expect(mayBeginManifest(text)).toBe(false);
    expect(absenceOf(text)).toBe('confirmed');
  });
});

test.each(['', ' \n', '\0\0\0\0', 'image: tb\n\0\0'])(
  '7.6 a file that a loss of power has left as %j must keep all from being removed by a fresh process',
  (text) => {
    expect(absenceOf(text)).toBe('blocked');
  },
);

test('7.5 it must be said which file it is, and how to get rid of it', () => {
  const scan = scanOf({ 'web.yaml': 'kind: Serv', 'z.yaml': service('a', 'image: tb') });
  const { desired } = takeIn(emptyIntake, scan, { monotonicMs: 0 }, { ...OPTIONS, allowEmpty: false });
  expect(desired.absence).toMatchObject({ kind: 'blocked', reason: 'fileInError' });
  expect(desired.absence).toHaveProperty(
    'message',
    expect.stringMatching(/web\.yaml may be .*\.aliciaignore/),
  );
});
