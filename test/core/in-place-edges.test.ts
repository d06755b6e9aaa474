// Owns: when two restart policies, or two sets of limits, are the same, and that a refusal holds for the very change.
import { describe, expect, test } from 'vitest';
import { samePolicy } from '../../src/core/container-facts.js';
import { afterSteps, failed, linesOf, pass } from '../support/decision.js';

const web = (fields: string): string => `web: {image: web:1, ${fields}}`;
const row = (fields: string, docker: string): readonly string[] =>
  linesOf({ manifests: web(fields), docker });
const LIMITS = ['update container web-1 → limits  its limits are others than declared'];

describe('3.3 restart policies', () => {
  test('3.3 the count of on-failure must be updated', () => {
    expect(row('restart: "on-failure:3"', 'web-1 running policy=on-failure:5')).toEqual([
      'update container web-1 → on-failure  restart policy is on-failure, declared is on-failure',
    ]);
    expect(row('restart: "on-failure:3"', 'web-1 running policy=on-failure:3')).toEqual([]);
  });

  test('3.3 the count must mean nothing under any other policy', () => {
    expect(row('restart: always', 'web-1 running policy=always:5')).toEqual([]);
    expect(samePolicy({ name: 'no', maximumRetryCount: 0 }, { name: 'always', maximumRetryCount: 0 })).toBe(
      false,
    );
  });

  test('3.3 a refusal must hold for the very policy that was refused', () => {
    const docker = 'web-1 running policy=unless-stopped id=x';
    /** The verb and the cause once the back-off is over, when one policy was refused and another one is declared now. */
    const after = (refused: string, now: string): string => {
      const memory = afterSteps(
        pass({ manifests: web(`restart: "${refused}"`), docker }),
        failed('rejected'),
      );
      const [line = ''] = linesOf({ manifests: web(`restart: "${now}"`), docker, memory, at: 1010 });
      return line.replace(/ container.*? {2}/, ': ');
    };
    expect(after('on-failure:3', 'on-failure:3')).toBe(
      'stop: its limits or its restart policy cannot be updated in place',
    );
    expect(after('on-failure:5', 'on-failure:3')).toMatch(/^update: restart policy is/);
    expect(after('always', 'always')).toBe(
      'rename: its limits or its restart policy cannot be updated in place',
    );
    expect(after('no', 'always')).toMatch(/^update: restart policy is/);
  });
});

describe('3.3 limits', () => {
  test('3.3 declared swap must be updated, undeclared swap follows memory and is not looked at', () => {
    const fields = 'mem_limit: 64m, memswap_limit: 128m';
    expect(row(fields, 'web-1 running swap=256m')).toEqual(LIMITS);
    expect(row(fields, 'web-1 running')).toEqual([]);
    expect(row('mem_limit: 64m', 'web-1 running swap=256m')).toEqual([]);
  });

  test('3.3 a period must be updated beside a quota, and means nothing without one', () => {
    const fields = 'cpu_quota: 50000, cpu_period: 200000';
    expect(row(fields, 'web-1 running period=100000')).toEqual(LIMITS);
    expect(row(fields, 'web-1 running')).toEqual([]);
    expect(row('cpu_period: 200000', 'web-1 running period=100000')).toEqual([]);
    expect(row('cpu_quota: 50000', 'web-1 running period=200000')).toEqual([]);
  });
});
