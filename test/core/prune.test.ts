// Owns: that whoever is kept without a manifest is named, with the mend, whatever the reason.
import { describe, expect, test } from 'vitest';
import { emptyIntake, takeIn } from '../../src/manifest/intake.js';
import type { Absence } from '../../src/model/desired.js';
import type { ScannedRoot } from '../../src/model/scan.js';
import { OPTIONS, scanOf, service, type Texts } from '../manifest/texts.js';
import { linesOf, pass, type Scene } from '../support/decision.js';

/** What a fresh process makes of the absence of others after two looks that are far apart. */
function absenceAfter(texts: Texts, root: Partial<ScannedRoot> = {}): Absence {
  const options = { ...OPTIONS, allowEmpty: false };
  const scan = scanOf(texts, root);
  const { intake } = takeIn(emptyIntake, scan, { monotonicMs: 0 }, options);
  return takeIn(intake, scan, { monotonicMs: 60_000 }, options).desired.absence;
}

/** Who is told as kept, and the sentence that says why and what to do. */
const toldOf = (scene: Scene): readonly (readonly [string, string])[] =>
  pass(scene).events.flatMap((event) =>
    event.type === 'prune_blocked' ? [[event.facts.services.join(' '), event.facts.message] as const] : [],
  );

const A = service('a');
const DOCKER = 'a-1 running\ndb-1 running\nweb-1 running';
const scene = (more: Partial<Scene>): Scene => ({ manifests: 'a: {image: a:1}', docker: DOCKER, ...more });

describe('7.6 what is kept without a manifest must be named, with the mend', () => {
  test.each<readonly [string, Absence, RegExp]>([
    [
      'the directory is missing',
      absenceAfter({}, { state: 'missing', reason: 'does not exist' }),
      /^m does not exist: nothing is removed until it is back$/,
    ],
    [
      'the directory is unreadable',
      absenceAfter({}, { state: 'unreadable', reason: 'permission denied' }),
      /^m cannot be read whole \(permission denied\): nothing is removed until it can$/,
    ],
    ['a folder in it is unreadable', absenceAfter({ 'a.yaml': A }, { reason: 'x: denied' }), /\(x: denied\)/],
    ['the directory is empty', absenceAfter({}), /nothing is removed unless --allow-empty is given$/],
    ['it holds nothing of ours', absenceAfter({ 'x.yaml': 'a: 1\n' }), /unless --allow-empty is given$/],
    [
      '7.5 a file is in error and a fresh process never saw it whole',
      absenceAfter({ 'a.yaml': A, 'web.yaml': 'apiVersion: alicia/v1\nkind: [' }),
      /^m\/web\.yaml is in error and has no last good version: nothing is removed until that is mended$/,
    ],
    [
      '7.5 a service is in error and a fresh process never saw it good',
      absenceAfter({ 'a.yaml': A, 'x.yaml': service('x', 'imagee: tb') }),
      /^service x is in error and has no last good version: nothing is removed until that is mended$/,
    ],
    [
      '7.5 a file may be the beginning of a manifest',
      absenceAfter({ 'a.yaml': A, 'web.yaml': '' }),
      /^m\/web\.yaml may be the beginning .* if it is none, delete it or name it in \.aliciaignore$/,
    ],
  ])('7.6 when %s', (_title, absence, mend) => {
    const blocked = scene({ absence });
    expect(linesOf(blocked)).toEqual([]);
    expect(toldOf(blocked)).toEqual([['db web', expect.stringMatching(mend)]]);
    expect(pass(blocked).status('web')).toContain('PruneBlocked: ');
  });

  test('7.6 when more than half would go', () => {
    expect(absenceAfter({ 'a.yaml': A })).toEqual({ kind: 'confirmed' });
    expect(linesOf(scene({}))).toEqual([]);
    expect(toldOf(scene({}))).toEqual([
      [
        'db web',
        expect.stringMatching(
          /\(db, web\); .* `\.alicia-prune` .* \(one a line, `\*` = all\) or give --allow-mass-prune$/,
        ),
      ],
    ]);
  });

  test('7.6 when another service still requires it', () => {
    const required = scene({
      manifests: 'db: {image: db:1}\nweb: {image: web:1, depends_on: [db]}\na: {image: a:1}',
      withdrawn: ['db'],
      stale: { web: 'm/web.yaml: db is gone' },
    });
    expect(linesOf(required)).not.toContainEqual(expect.stringContaining('container db-1'));
    expect(toldOf(required)).toEqual([
      [
        'db',
        'db has no manifest any more but web still requires it; bring its manifest back or drop the dependency',
      ],
    ]);
  });

  test('7.6 when it was declared with prune: false', () => {
    const kept = scene({ docker: 'a-1 running\nweb-1 running kept' });
    expect(linesOf(kept)).toEqual([]);
    expect(toldOf(kept)).toEqual([
      [
        'web',
        'web has no manifest any more but was declared with prune: false; remove its containers by hand if it should go',
      ],
    ]);
  });

  test('7.6 not after one look, which is no refusal: it looks again first', () => {
    const once = scene({ docker: 'a-1 running\nweb-1 running', absence: { kind: 'unconfirmed' } });
    expect(linesOf(once)).toEqual([]);
    expect(toldOf(once)).toEqual([]);
    expect(pass(once).decision.needsSecondScan).toBe(true);
  });

  test('7.6 .alicia-prune must free who it names from every refusal but those of the service itself', () => {
    const absence = absenceAfter({}, { state: 'unreadable', reason: 'permission denied' });
    const named = scene({ absence, settings: { mayBePruned: ['web'] } });
    expect(linesOf(named)).toEqual(['stop container web-1  its manifest is gone']);
    expect(toldOf(named)).toEqual([['db', expect.stringContaining('cannot be read whole')]]);
    const kept = scene({ docker: 'a-1 running\nweb-1 running kept', settings: { mayBePruned: ['*'] } });
    expect(linesOf(kept)).toEqual([]);
    expect(toldOf(kept)).toEqual([['web', expect.stringContaining('prune: false')]]);
  });
});
