/**
 * Scans over time: last good versions, and what absence is worth.
 */
import { describe, expect, test } from 'vitest';
import { renderProblem } from '../../src/manifest/render-problem.js';
import { serviceName } from '../../src/model/ids.js';
import type { ScannedRoot } from '../../src/model/scan.js';
import { createProcess } from './looks.js';
import { documents, scanOf, service, type Texts } from './texts.js';

const BAD = 'imagee: tb';
const A = service('a');
const B = service('b');
const C = service('c');
const BROKEN = 'apiVersion: alicia/v1\nkind: [\n';

describe('7.6 absence', () => {
  test('is confirmed by two equal looks at least a second apart, and by nothing less', () => {
    const { look } = createProcess();
    expect(look({ 'a.yaml': A })).toBe('a | unconfirmed');
    expect(look({ 'a.yaml': A }, 999)).toBe('same: a | unconfirmed');
    expect(look({ 'a.yaml': A }, 1)).toBe('a | confirmed');
    expect(look({ 'a.yaml': A }, 30_000)).toBe('same: a | confirmed');
    expect(look({ 'a.yaml': A, 'b.yaml': B }, 1)).toBe('a b | unconfirmed');
    expect(look({ 'a.yaml': A }, 1000)).toBe('a | unconfirmed');
    expect(look({ 'a.yaml': A }, 1000)).toBe('a | confirmed');
  });
  test('of a removed document, and of a removed file, is like any other', () => {
    const { look } = createProcess();
    look({ 'a.yaml': documents(B, A), 'c.yaml': C });
    expect(look({ 'a.yaml': A }, 1)).toBe('a | unconfirmed');
    expect(look({ 'a.yaml': A }, 1000)).toBe('a | confirmed');
  });
  test.each<readonly [string, Partial<ScannedRoot>, string]>([
    ['missing', { state: 'missing', reason: 'ENOENT' }, 'directoryMissing'],
    ['unreadable', { state: 'unreadable', reason: 'EACCES' }, 'directoryUnreadable'],
    ['partly unreadable', { reason: 'm/x: EACCES' }, 'directoryUnreadable'],
    ['empty', {}, 'directoryEmpty'],
  ])('is never confirmed by a directory that is %s: last good versions stay', (_title, root, reason) => {
    const { look } = createProcess();
    look({ 'a.yaml': A, 'b.yaml': B });
    look({ 'a.yaml': A, 'b.yaml': B }, 1000);
    expect(look({}, 1, root)).toBe(`a* b* | ${reason}`);
    expect(look({}, 5000, root)).toBe(`same: a* b* | ${reason}`);
    expect(look({ 'a.yaml': A }, 1)).toBe('a | unconfirmed');
    const fresh = createProcess();
    expect(fresh.look({}, 0, root)).toBe(` | ${reason}`);
    expect(fresh.look({}, 5000, root)).toBe(`same:  | ${reason}`);
  });
  test('of everything is confirmed when it is allowed', () => {
    const { look } = createProcess({ allowEmpty: true });
    look({ 'a.yaml': A });
    expect(look({ 'x.yaml': 'foreign: true\n' }, 1)).toBe(' | unconfirmed');
    expect(look({ 'x.yaml': 'foreign: true\n' }, 1000)).toBe(' | confirmed');
    expect(look({}, 1, { state: 'missing', reason: 'ENOENT' })).toBe(' | directoryMissing');
  });
});

describe('7.6 a file that is only the beginning of what it was', () => {
  const whole = documents(A, B, C);
  const prefixes = Array.from({ length: whole.trimEnd().length }, (_, length) => whole.slice(0, length));

  test('takes no service away, wherever it is cut, and however long it stays so', () => {
    for (const prefix of prefixes) {
      const { look, desired } = createProcess();
      look({ 'a.yaml': whole, 'other.yaml': service('other') });
      look({ 'a.yaml': whole, 'other.yaml': service('other') }, 1000);
      look({ 'a.yaml': prefix, 'other.yaml': service('other') }, 1);
      look({ 'a.yaml': prefix, 'other.yaml': service('other') }, 60_000);
      expect([...(desired()?.services.keys() ?? [])].map(String)).toEqual(['a', 'b', 'c', 'other']);
    }
  });
  test('says so, and is taken at its word once anything before its end is other', () => {
    const { look, desired } = createProcess();
    look({ 'a.yaml': documents(A, B) });
    look({ 'a.yaml': documents(A, B) }, 1000);
    expect(look({ 'a.yaml': A }, 1)).toBe('a b* | unconfirmed');
    const [problem = ''] = desired()?.problems.map(renderProblem) ?? [];
    expect(problem).toContain('m/a.yaml: error: the file is only the beginning of what it was');
    expect(problem).toContain('[CUT_OFF]');
    expect(look({ 'a.yaml': `# b is gone\n${A}` }, 1)).toBe('a | unconfirmed');
    expect(look({ 'a.yaml': `# b is gone\n${A}` }, 1000)).toBe('a | confirmed');
  });
  test('is whole when it lacks nothing that it declared', () => {
    const { look, desired } = createProcess();
    look({ 'a.yaml': `${A}# the end\n` });
    expect(look({ 'a.yaml': A }, 1)).toBe('a | unconfirmed');
    expect(desired()?.problems).toEqual([]);
  });
});

describe('7.4 a file in error', () => {
  test('keeps the last good version of all its services, says why, and blocks nothing else', () => {
    const { look, desired } = createProcess();
    look({ 'ab.yaml': documents(A, B), 'c.yaml': C });
    look({ 'ab.yaml': documents(A, B), 'c.yaml': C }, 1000);
    expect(look({ 'ab.yaml': BROKEN, 'c.yaml': C }, 1)).toBe('a* b* c | unconfirmed');
    expect(desired()?.services.get(serviceName('b'))?.staleBecause).toMatch(
      /^m\/ab\.yaml:\d+:\d+: error: not valid YAML: .*\[SYNTAX\]$/,
    );
    expect(look({ 'ab.yaml': BROKEN, 'c.yaml': C }, 1000)).toBe('a* b* c | confirmed');
    expect(look({ 'ab.yaml': BROKEN }, 1)).toBe('a* b* | unconfirmed');
    expect(look({ 'ab.yaml': BROKEN }, 1000)).toBe('a* b* | confirmed');
    expect(look({ 'ab.yaml': documents(A, B) }, 1)).toBe('a b | unconfirmed');
  });
  test.each<readonly [string, Texts[string]]>([
    ['is not UTF-8', { kind: 'notUtf8' }],
    ['has grown too large', { kind: 'tooLarge', bytes: 2e6 }],
    ['cannot be read', { kind: 'unreadable', reason: 'EIO' }],
    ['is broken beyond recognition', 'a: ['],
    ['is now a Compose file', 'services: {a: {image: tb}}'],
    ['has lost a name', A.replace('name: a', '')],
    ['has lost a kind', A.replace('Service', 'Servic')],
  ])('that %s keeps its services', (_title, content) => {
    const { look } = createProcess();
    look({ 'a.yaml': A, 'c.yaml': C });
    look({ 'a.yaml': A, 'c.yaml': C }, 1000);
    expect(look({ 'a.yaml': content, 'c.yaml': C }, 1)).toBe('a* c | unconfirmed');
    expect(look({ 'a.yaml': content, 'c.yaml': C }, 5000)).toBe('a* c | confirmed');
  });
  test('that goes takes its services with it', () => {
    const { look } = createProcess();
    look({ 'a.yaml': A, 'c.yaml': C });
    look({ 'a.yaml': BROKEN, 'c.yaml': C }, 1);
    expect(look({ 'c.yaml': C }, 1)).toBe('c | unconfirmed');
    expect(look({ 'c.yaml': C }, 1000)).toBe('c | confirmed');
  });
  test('7.5 without a last good version forbids every removal: in a fresh process, and when it is new', () => {
    const fresh = createProcess();
    expect(fresh.look({ 'a.yaml': BROKEN, 'c.yaml': C })).toBe('c | fileInError');
    expect(fresh.look({ 'a.yaml': BROKEN, 'c.yaml': C }, 5000)).toBe('same: c | fileInError');
    expect(fresh.look({ 'a.yaml': A, 'c.yaml': C }, 1)).toBe('a c | unconfirmed');
    expect(fresh.look({ 'a.yaml': A, 'c.yaml': C }, 1000)).toBe('a c | confirmed');
    expect(fresh.look({ 'a.yaml': A, 'c.yaml': C, 'new.yaml': BROKEN }, 1)).toBe('a c | fileInError');
    expect(fresh.look({ 'c.yaml': C, 'new.yaml': BROKEN }, 5000)).toBe('c | fileInError');
  });
  test('is one only as long as it was a manifest at the last confirmed look', () => {
    const { look, desired } = createProcess();
    look({ 'a.yaml': A, 'c.yaml': C });
    look({ 'a.yaml': 'foreign: true\n', 'c.yaml': C }, 1);
    expect(look({ 'a.yaml': 'a: [', 'c.yaml': C }, 1)).toBe('a* c | unconfirmed');
    look({ 'a.yaml': 'foreign: true\n', 'c.yaml': C }, 1);
    expect(look({ 'a.yaml': 'foreign: true\n', 'c.yaml': C }, 1000)).toBe('c | confirmed');
    expect(look({ 'a.yaml': 'a: [', 'c.yaml': C }, 1)).toBe('c | unconfirmed');
    expect(desired()?.problems).toEqual([]);
  });
  test('whose services have moved to another file stands in their way no more', () => {
    const { look } = createProcess();
    look({ 'ab.yaml': documents(A, B) });
    look({ 'ab.yaml': documents(A, B) }, 1000);
    expect(look({ 'ab.yaml': BROKEN, 'new.yaml': A }, 1)).toBe('a b* | unconfirmed');
  });
  test('remembers what it held until its absence is confirmed: a cut that is readable for a moment loses nothing', () => {
    const { look } = createProcess();
    const EDITED = `# a alone\n${A}`;
    look({ 'abc.yaml': documents(A, B, C) });
    look({ 'abc.yaml': documents(A, B, C) }, 1000);
    expect(look({ 'abc.yaml': EDITED }, 1)).toBe('a | unconfirmed');
    expect(look({ 'abc.yaml': `${EDITED}---\n${BROKEN}` }, 500)).toBe('a* b* c* | unconfirmed');
    expect(look({}, 1)).toBe('a* b* c* | directoryEmpty');
    expect(look({ 'abc.yaml': `${EDITED}---\n${BROKEN}` }, 5000)).toBe('a* b* c* | unconfirmed');
    expect(look({ 'abc.yaml': EDITED }, 1)).toBe('a | unconfirmed');
    expect(look({ 'abc.yaml': EDITED }, 1000)).toBe('a | confirmed');
    expect(look({ 'abc.yaml': BROKEN }, 1)).toBe('a* | unconfirmed');
  });
});

describe('7.4 a service in error', () => {
  test('keeps its last good version, and is left alone when it has none', () => {
    const { look, desired } = createProcess();
    look({ 'a.yaml': documents(A, B) });
    const good = desired()?.services.get(serviceName('a'));
    expect(look({ 'a.yaml': documents(service('a', BAD), B) }, 1)).toBe('a* b | unconfirmed');
    expect({ ...desired()?.services.get(serviceName('a')), staleBecause: null }).toEqual(good);
    expect(look({ 'a.yaml': documents(A, B, service('x', BAD)) }, 1)).toBe('a b x? | fileInError');
    const fresh = createProcess();
    expect(fresh.look({ 'a.yaml': documents(service('a', BAD), B) })).toBe('b a? | fileInError');
  });
  test('named twice: both are rejected, the last good version stays', () => {
    const { look } = createProcess();
    look({ 'a.yaml': A });
    expect(look({ 'a.yaml': A, 'b.yaml': service('a', 'image: other') }, 1)).toBe('a* | unconfirmed');
    expect(look({ 'a.yaml': A }, 1)).toBe('a | unconfirmed');
  });
  test('takes part in the graph by its last good version', () => {
    const { look, desired } = createProcess();
    const onB = service('a', 'image: tb\ndepends_on: [b]');
    look({ 'a.yaml': onB, 'b.yaml': B });
    // a is kept with its dependency on b, so that b may not begin to wait for a.
    expect(
      look({ 'a.yaml': service('a', BAD), 'b.yaml': service('b', 'image: tb\ndepends_on: [a]') }, 1),
    ).toBe('a* b* | unconfirmed');
    expect(desired()?.services.get(serviceName('b'))?.staleBecause).toContain('a → b → a');
    expect(desired()?.services.get(serviceName('b'))?.dependsOn).toEqual([]);
  });
  test('keeps its last good version when what it needs is gone, its network and volume too', () => {
    const { look, desired } = createProcess();
    const others = documents(
      B,
      'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: n}\n',
      'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: v}\n',
    );
    const a = service('a', 'image: tb\ndepends_on: [b]\nnetworks: [n]\nvolumes: ["v:/v"]');
    look({ 'a.yaml': a, 'others.yaml': others });
    expect(look({ 'a.yaml': a }, 1)).toBe('a* | unconfirmed');
    expect([...(desired()?.networks.keys() ?? []), ...(desired()?.volumes.keys() ?? [])]).toEqual([
      'alicia_n',
      'alicia_v',
    ]);
    expect(look({ 'a.yaml': a, 'others.yaml': BROKEN }, 1)).toBe('a b* | unconfirmed');
  });
  test('keeps its host port against newcomers', () => {
    const { look } = createProcess();
    const publishing = (name: string): string => service(name, 'image: tb\nports: ["80:80"]');
    look({ 'b.yaml': publishing('b') });
    expect(look({ 'b.yaml': service('b', BAD), 'a.yaml': publishing('a') }, 1)).toBe('b* a? | fileInError');
  });
});

describe('objects', () => {
  test('of services that did not change are the same as before', () => {
    const { look, desired } = createProcess();
    look({ 'a.yaml': A, 'b.yaml': B });
    const before = desired();
    look({ 'a.yaml': A, 'b.yaml': service('b', 'image: other') }, 1);
    const after = desired();
    expect(after?.services.get(serviceName('a'))).toBe(before?.services.get(serviceName('a')));
    expect(after?.services.get(serviceName('b'))).not.toBe(before?.services.get(serviceName('b')));
    expect(after?.networks).toBe(before?.networks);
    look({ 'a.yaml': A, 'b.yaml': `${service('b', 'image: other')}# a comment\n` }, 1);
    expect(desired()?.services).toBe(after?.services);
    expect(desired()?.digest).not.toBe(after?.digest);
  });
  test('carry project, digest and revision', () => {
    const { look, desired } = createProcess({ project: 'lab' });
    look({ 'a.yaml': A });
    const { digest } = scanOf({ 'a.yaml': A });
    expect(desired()).toMatchObject({ project: 'lab', digest, revision: digest });
  });
});
