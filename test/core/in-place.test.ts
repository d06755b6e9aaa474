// Owns: what is changed in a container that goes on, and what replaces it.
import { describe, expect, test } from 'vitest';
import {
  afterSteps,
  eventTypes,
  failed,
  lastPass,
  linesOf,
  pass,
  passes,
  planLines,
} from '../support/decision.js';

const web = (fields: string): string => `web: {image: web:1${fields === '' ? '' : `, ${fields}`}}`;
const row = (fields: string, docker: string): readonly string[] =>
  linesOf({ manifests: web(fields), docker });
const UPDATED = ['update container web-1 → limits  its limits are others than declared'];
const REPLACED = ['rename container web-1 → old  a limit was removed'];

describe('3.3 limits', () => {
  test.each([
    ['a memory limit', 'mem_limit: 64m', 'mem=32m'],
    ['a new memory limit', 'mem_limit: 64m', 'mem=0'],
    ['cpus', 'cpus: 1.5', 'cpus=1'],
    ['a quota', 'cpu_quota: 50000', 'quota=20000'],
    ['pids', 'pids_limit: 100', 'pids=50'],
  ])('3.3 %s that has another value must be updated in place', (_, fields, shown) => {
    expect(row(fields, `web-1 running ${shown}`)).toEqual(UPDATED);
    expect(row(fields, 'web-1 running')).toEqual([]);
  });

  test.each([
    ['a memory limit', '', 'mem=32m'],
    ['cpus', '', 'cpus=1'],
    ['pids', '', 'pids=50'],
    ['a quota in favour of cpus', 'cpus: 1', 'cpus=0 quota=50000'],
    ['cpus in favour of a quota', 'cpu_quota: 50000', 'cpus=1 quota=0'],
  ])('3.3 %s that is taken away must replace', (_, fields, shown) => {
    expect(row(fields, `web-1 running ${shown}`)).toEqual(REPLACED);
  });

  test('3.3 an update that Docker refuses must replace', () => {
    const scene = { manifests: web('mem_limit: 64m'), docker: 'web-1 running mem=32m' };
    const refused = afterSteps(pass(scene), failed('rejected'));
    expect(linesOf({ ...scene, at: 1001, memory: refused })).toEqual([
      'rename container web-1 → old  its limits or its restart policy cannot be updated in place',
    ]);
  });

  test('3.3 an update that Docker takes and does not show must not be repeated for ever', () => {
    const scene = { manifests: web('mem_limit: 64m'), docker: 'web-1 running mem=32m' };
    const all = passes([scene, { ...scene, at: 1001 }, { ...scene, at: 1031 }]);
    expect(all.map(({ lines }) => lines.length)).toEqual([1, 0, 0]);
  });

  test('3.3 what somebody else changed must be told as drift, and mended; an edit is none', () => {
    const manifests = web('mem_limit: 64m');
    const drift = passes([
      { manifests, docker: 'web-1 running' },
      { manifests, docker: 'web-1 running mem=32m', at: 1001 },
      { manifests, docker: 'web-1 running', at: 1002 },
    ]);
    expect(drift.flatMap(eventTypes).filter((type) => type.startsWith('drift'))).toEqual([
      'drift_detected',
      'drift_corrected',
    ]);
    const edit = passes([
      { manifests: web('mem_limit: 32m'), docker: 'web-1 running' },
      { manifests, docker: 'web-1 running mem=32m', at: 1001 },
    ]);
    expect(edit.flatMap(eventTypes)).not.toContain('drift_detected');
  });

  test('3.3 the restart policy must be updated in place', () => {
    expect(row('restart: always', 'web-1 running policy=unless-stopped')).toEqual([
      'update container web-1 → always  restart policy is unless-stopped, declared is always',
    ]);
  });
});

describe('3.3b networks', () => {
  const manifests = `${web('networks: {front: {aliases: [www]}}').replace('web: ', '{web: ')}, networks: {front: {}}}`;
  const at = (docker: string): readonly string[] => linesOf({ manifests, docker });

  test('3.3b a running container that lacks an alias must be taken off, then attached again', () => {
    expect(at('web-1 running noalias=alicia_front')).toEqual([
      'disconnect container web-1 ← alicia_front  lacks its alias web on alicia_front',
    ]);
    expect(at('web-1 running off=alicia_front')).toEqual([
      'connect container web-1 → alicia_front  not on alicia_front',
    ]);
  });

  test('3.3b a running container on a network of the same name that is another must be taken off', () => {
    expect(at('web-1 running lost=alicia_front')).toEqual([
      'disconnect container web-1 ← alicia_front  its network alicia_front was made anew',
    ]);
  });

  test('3.3b an alias that somebody took must be told as drift once, and not that we put it back', () => {
    const all = passes([
      { manifests, docker: 'web-1 running' },
      { manifests, docker: 'web-1 running noalias=alicia_front', at: 1001 },
      { manifests, docker: 'web-1 running off=alicia_front', at: 1002 },
      { manifests, docker: 'web-1 running', at: 1003 },
    ]);
    expect(all.flatMap(eventTypes).filter((type) => type.startsWith('drift'))).toEqual([
      'drift_detected',
      'drift_corrected',
    ]);
  });
});

describe('3.4 image drift', () => {
  const policy = (word: string): string => web(`pull_policy: ${word}`);
  const after = (manifests: string, docker: string, at = 1001) =>
    lastPass([
      { manifests, docker },
      { manifests, docker, at },
    ]);

  test.each(['always', 'daily', 'weekly', 'every_12h'])(
    '3.4 under %s an image that moved must replace',
    (word) => {
      expect(after(policy(word), 'web-1 moved running').lines).toEqual([
        'rename container web-1 → old  image web:1 has changed',
      ]);
    },
  );

  test.each(['missing', 'never'])(
    '3.4 under %s an image that moved on this host must replace nothing',
    (word) => {
      expect(after(policy(word), 'web-1 moved running').lines).toEqual([]);
    },
  );

  test('3.4 a label that was a moment older than the image must replace nothing', () => {
    expect(after(policy('always'), 'web-1 mislabelled running').lines).toEqual([]);
  });

  test('3.4 the registry must be asked once by a fresh process, and again when the period is over', () => {
    const manifests = policy('every_12h');
    const docker = 'web-1 running';
    const first = pass({ manifests, docker });
    expect(first.lines).toEqual(['pull image web:1  pull_policy is every']);
    const second = pass({ manifests, docker, at: 1001, memory: afterSteps(first) });
    expect(second.lines).toEqual([]);
    expect(second.recheckIn('web')).toBeCloseTo(12 * 3600 - 1, 0);
    expect(linesOf({ manifests, docker, at: 1000 + 12 * 3600, memory: second.memory })).toEqual([
      'pull image web:1  pull_policy is every',
    ]);
  });

  test('3.4 always must ask once for each spec, and not for ever where two services share an image', () => {
    const two = '{a: {image: x:1, pull_policy: always}, b: {image: x:1, pull_policy: always, command: [b]}}';
    const docker = 'a-1 running\nb-1 running';
    const all = passes([1000, 1001, 1002, 1003].map((at) => ({ manifests: two, docker, at })));
    expect(all.map(({ lines }) => lines.length)).toEqual([1, 1, 0, 0]);
  });

  test('3.4 a registry that cannot be reached must stop nothing where an image is here', () => {
    const manifests = policy('always').replace('image: web:1', 'image: web:2');
    const docker = 'web-1 other running';
    const first = pass({ manifests, docker });
    expect(first.lines).toEqual(['pull image web:2  pull_policy is always']);
    const second = pass({ manifests, docker, at: 1001, memory: afterSteps(first, failed('pullFailed')) });
    expect(second.lines).toEqual(['create container web-1  its spec changed']);
    expect(second.status('web')).not.toContain('ImagePullFailed');
  });
});

describe('1.4 a plan and the registry', () => {
  test('1.4 what is due must be planned once, what is pulled lately not at all', () => {
    const manifests =
      '{a: {image: x:1, pull_policy: every_5m}, b: {image: x:1, pull_policy: every_5m, command: [b]}}';
    const docker = 'a-1 running\nb-1 running';
    const pull = 'pull image x:1  pull_policy is every';
    expect(planLines({ manifests, docker })).toEqual([pull]);
    const memory = afterSteps(pass({ manifests, docker }));
    expect(planLines({ manifests, docker, memory, at: 1010 })).toEqual([]);
    expect(planLines({ manifests, docker, memory, at: 1301 })).toEqual([pull]);
  });
});
