// Owns: that the place of a manifest in its file is counted the same by whoever reads it.
import { describe, expect, test } from 'vitest';
import { emptyIntake, takeIn } from '../../src/manifest/intake.js';
import { pathBelow } from '../../src/manifest/positions.js';
import { documents, OPTIONS, resolveTexts, scanOf, service, type Texts } from './texts.js';

const ABC = documents(service('a'), service('b'), service('c'));
const aside = (text: string): string => text.replace(/^(?=.)/gm, '# ');

const sourcesOf = (texts: Texts): readonly string[] =>
  [...resolveTexts(texts).services.values()].map(
    ({ name, source }) => `${name} ${source.file}#${source.number}`,
  );

/** The counts after each of these looks. */
function countsAfter(...looks: readonly Texts[]): Readonly<Record<string, number>> {
  const intake = looks.reduce(
    (before, texts, index) =>
      takeIn(before, scanOf(texts), { monotonicMs: index * 5000 }, { ...OPTIONS, allowEmpty: false }).intake,
    emptyIntake,
  );
  return Object.fromEntries(intake.manifestCounts);
}

describe('7.6 the place of a manifest', () => {
  test('is counted from 1 in each file, by the path below the directory', () => {
    const texts = { 'all.yaml': ABC, 'voice/x.yaml': service('x') };
    expect(sourcesOf(texts)).toEqual(['a all.yaml#1', 'b all.yaml#2', 'c all.yaml#3', 'x voice/x.yaml#1']);
  });

  test('counts networks and volumes, not what is foreign, and what is commented out before it', () => {
    const volume = 'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: data}\n';
    const text = documents(
      'foreign: 1\n',
      volume,
      aside(service('off')),
      service('web'),
      aside(service('z')),
    );
    expect(sourcesOf({ 'all.yaml': text })).toEqual(['web all.yaml#3']);
    expect(countsAfter({ 'all.yaml': text })).toEqual({ 'all.yaml': 4 });
  });

  test('of JSON is the first', () => {
    const json = JSON.stringify({
      apiVersion: 'alicia/v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { image: 'tb' },
    });
    expect(sourcesOf({ 'web.json': json })).toEqual(['web web.json#1']);
  });

  test('must be the same however the directory is written', () => {
    const roots = [{ path: './m' }, { path: './m/in/' }, { path: '/' }];
    expect(pathBelow('./m/a/b.yaml', roots)).toBe('a/b.yaml');
    expect(pathBelow('./m/in/b.yaml', roots)).toBe('b.yaml');
    expect(pathBelow('/srv/b.yaml', roots)).toBe('srv/b.yaml');
    expect(pathBelow('elsewhere/b.yaml', roots)).toBe('elsewhere/b.yaml');
  });
});

describe('7.6 how many manifests a file held', () => {
  test('is the most that this process saw in it', () => {
    const ab = { 'all.yaml': documents(service('a'), service('b')) };
    expect(countsAfter(ab)).toEqual({ 'all.yaml': 2 });
    expect(countsAfter(ab, { 'all.yaml': ABC })).toEqual({ 'all.yaml': 3 });
    expect(countsAfter({ 'all.yaml': ABC }, ab)).toEqual({ 'all.yaml': 3 });
    expect(countsAfter({ 'all.yaml': ABC }, { 'all.yaml': '# nothing\n' })).toEqual({ 'all.yaml': 3 });
  });

  test('is forgotten with the file', () => {
    const others = { 'z.yaml': service('z') };
    expect(countsAfter({ 'all.yaml': ABC, ...others }, others)).toEqual({ 'z.yaml': 1 });
  });

  test('is the greater of two files of the same path in two directories', () => {
    const scan = scanOf({ 'all.yaml': ABC });
    const [root] = scan.roots;
    const [file] = scan.files;
    if (root === undefined || file === undefined) throw new Error('nothing was scanned');
    const other = { ...file, path: 'n/all.yaml', content: { kind: 'text', text: service('n') } as const };
    const both = { ...scan, roots: [root, { ...root, path: 'n' }], files: [file, other] };
    const options = { ...OPTIONS, allowEmpty: false };
    const { desired } = takeIn(emptyIntake, both, { monotonicMs: 0 }, options);
    expect(Object.fromEntries(desired.manifestCounts)).toEqual({ 'all.yaml': 3 });
  });
});
