import { describe, expect, test } from 'vitest';
import {
  afterResult,
  NO_HISTORY,
  type ProbeHistory,
  type ProbeRecord,
  probedOf,
  targetOf,
} from '../../src/core/probes.js';
import { containerId } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import type { Probe } from '../../src/model/probe.js';
import type { ProbeResult } from '../../src/model/probe-result.js';
import { containerOf, EXEC, endpointOf, HTTP, MQTT, probeOf, TCP } from '../support/probes.js';

const RESULTS: Readonly<Record<string, ProbeResult>> = {
  S: { kind: 'success' },
  F: { kind: 'failure', message: 'answered 503' },
  G: { kind: 'failure', message: 'refused the connection' },
  N: { kind: 'notRun', message: 'cannot be made: no way' },
};

/** The history after results one second apart: `SFFN`, the first at second `fromS` after the start. */
function historyOf(results: string, probe: Probe, fromS = 100): ProbeHistory {
  return [...results].reduce<ProbeHistory>((history, letter, index) => {
    const nowMs = (fromS + index) * 1_000;
    const result = RESULTS[letter] ?? { kind: 'success' };
    return afterResult({ probe, history }, result, { upForMs: nowMs });
  }, NO_HISTORY);
}
const recordOf = (results: string, probe = probeOf(HTTP)): ProbeRecord => ({
  probe,
  history: historyOf(results, probe),
});
const verdictAfter = (results: string, change: Partial<Omit<Probe, 'action'>> = {}, fromS = 100) =>
  historyOf(results, probeOf(HTTP, change), fromS).verdict;

describe('one probe', () => {
  test.each([
    ['', 'unknown'],
    ['S', 'healthy'],
    ['FF', 'unknown'],
    ['FFF', 'unhealthy'],
    ['SFF', 'healthy'],
    ['SFFF', 'unhealthy'],
    ['FFSFF', 'healthy'],
    ['FFFS', 'healthy'],
  ])('6.6 only consecutive results must count: after "%s" it is %s', (results, verdict) => {
    expect(verdictAfter(results)).toBe(verdict);
  });

  test('6.6 as many successes in a row as declared must be needed, after a failure again', () => {
    expect(verdictAfter('SS', { successes: 3 })).toBe('unknown');
    expect(verdictAfter('SSFSS', { successes: 3 })).toBe('unknown');
    expect(verdictAfter('SSS', { successes: 3 })).toBe('healthy');
    expect(verdictAfter('SSSFFFSS', { successes: 3 })).toBe('unhealthy');
    expect(verdictAfter('SSSFFFSSS', { successes: 3 })).toBe('healthy');
  });

  test('6.6 failures in the start period must not count, those after it must', () => {
    const change = { startPeriodMs: 5_000, retries: 2 };
    expect(verdictAfter('FFFFF', change, 0)).toBe('unknown');
    expect(verdictAfter('FFFFFF', change, 0)).toBe('unknown');
    expect(verdictAfter('FFFFFFF', change, 0)).toBe('unhealthy');
    expect(verdictAfter('S', change, 0)).toBe('healthy');
    expect(verdictAfter('SFSS', { ...change, successes: 3 }, 0)).toBe('unknown');
  });

  test('6.6 an attempt that could not be made must say nothing', () => {
    expect(verdictAfter('N')).toBe('unknown');
    expect(verdictAfter('SNN')).toBe('healthy');
    expect(verdictAfter('FFNF')).toBe('unhealthy');
    expect(verdictAfter('FFFNN')).toBe('unhealthy');
  });

  test('6.6 what nobody could try for so long must not be called healthy, nor ill, any more', () => {
    expect(verdictAfter('SNNN')).toBe('unknown');
    expect(verdictAfter('FFFNNN')).toBe('unknown');
    expect(verdictAfter('SNNNF')).toBe('unknown');
    expect(verdictAfter('SNNNS')).toBe('healthy');
  });
});

test('6.6 a failure must be forgotten once the probe holds, and not before', () => {
  const failureAfter = (results: string, successes = 1): string | null =>
    historyOf(results, probeOf(HTTP, { successes })).failure;
  expect(failureAfter('FG')).toBe('refused the connection');
  expect(failureAfter('FGS')).toBeNull();
  expect(failureAfter('FGS', 2)).toBe('refused the connection');
  expect(failureAfter('FGSS', 2)).toBeNull();
});

describe('all probes of a container', () => {
  test('6.6 before any result there must be nothing to say', () => {
    expect(probedOf([recordOf(''), recordOf('', probeOf(TCP))], null)).toBeNull();
    expect(probedOf([], null)).toBeNull();
  });

  test('6.5 all must hold: one that has no result yet leaves it open, one that fails decides', () => {
    const good = recordOf('S');
    const healthy = { status: 'healthy', message: '', unreachable: null };
    expect(probedOf([good, recordOf('S', probeOf(TCP))], null)).toEqual(healthy);
    expect(probedOf([good, recordOf('', probeOf(TCP))], null)).toEqual({
      ...{ status: 'starting', message: 'tcp :5432 has no result yet', unreachable: null },
    });
    expect(probedOf([good, recordOf('GGG', probeOf(TCP)), recordOf('')], null)).toEqual({
      ...{ status: 'unhealthy', unreachable: null },
      message: 'tcp :5432 refused the connection, 3 times in a row',
    });
  });

  test('6.6 what is said of a failure must be the same words for as long as the same is wrong', () => {
    expect(probedOf([recordOf('F')], null)?.message).toBe('http :9000/health answered 503');
    expect(probedOf([recordOf('FF')], null)).toEqual(probedOf([recordOf('F')], null));
    expect(probedOf([recordOf('FFF')], null)?.message).toBe(
      'http :9000/health answered 503, 3 times in a row',
    );
    expect(probedOf([recordOf('FFFFFF')], null)).toEqual(probedOf([recordOf('FFF')], null));
    const patient = probeOf(HTTP, { successes: 2 });
    expect(probedOf([recordOf('S', patient)], null)?.message).toBe(
      'http :9000/health has not held often enough yet',
    );
    expect(probedOf([recordOf('FFFS', patient)], null)?.status).toBe('unhealthy');
    expect(probedOf([recordOf('FFFS', patient)], null)?.message).toContain('answered 503');
  });

  test('6.6 a way that is missing must be told only while nothing is known because of it', () => {
    const unreachable = 'tcp :5432 cannot be made: no way';
    const tcp = (results: string) => recordOf(results, probeOf(TCP));
    expect(probedOf([recordOf('S'), tcp('N')], null)).toEqual({
      ...{ status: 'starting', message: unreachable, unreachable },
    });
    expect(probedOf([recordOf('S'), tcp('SN')], null)?.status).toBe('healthy');
    expect(probedOf([recordOf('S'), tcp('SNNN')], null)?.unreachable).toBe(unreachable);
    expect(probedOf([recordOf('FFF'), tcp('N')], null)).toMatchObject({
      ...{ status: 'unhealthy', unreachable: null },
    });
    expect(probedOf([tcp('NF')], null)?.unreachable).toBeNull();
  });

  test('6.7 an ill word must count like a probe that failed, with probes and without', () => {
    const ill = { status: 'unhealthy', message: 'discovery says "unhealthy"', unreachable: null };
    expect(probedOf([recordOf('S')], 'discovery says "unhealthy"')).toEqual(ill);
    expect(probedOf([], 'discovery says "unhealthy"')).toEqual(ill);
  });

  test('9.4 no argument of a program and no query of a path must be repeated', () => {
    const exec = probedOf([recordOf('FFF', probeOf(EXEC))], null)?.message ?? '';
    expect(exec).toBe('exec /bin/ready answered 503, 3 times in a row');
    const secret = probeOf({ kind: 'http', port: 80, path: '/x?token=hunter2' });
    expect(probedOf([recordOf('F', secret)], null)?.message).toBe('http :80/x answered 503');
    expect(probedOf([recordOf('F', probeOf(MQTT))], null)?.message).toContain(
      'mqtt alicia/system/health/web',
    );
  });
});

describe('where a probe goes', () => {
  const nobody = () => null;

  test('6.6 to the first address of the container itself', () => {
    const endpoints = [endpointOf('a', ''), endpointOf('b', '172.19.0.3'), endpointOf('c', '172.20.0.4')];
    expect(targetOf(containerOf('web', 'a', { endpoints }), nobody)).toEqual({
      ...{ kind: 'host', host: '172.19.0.3' },
    });
  });

  test('6.6 to 127.0.0.1 with the network of the host', () => {
    const container = containerOf('web', 'a', { networkMode: 'host', endpoints: [endpointOf('host', '')] });
    expect(targetOf(container, nobody)).toEqual({ kind: 'host', host: '127.0.0.1' });
  });

  test('6.6 to the container whose network it shares', () => {
    const other = containerOf('vpn', 'b', { endpoints: [endpointOf('bus', '172.18.0.9')] });
    const container = containerOf('web', 'a', { networkMode: `container:${other.id}`, endpoints: [] });
    const find = (id: string) => (id === other.id ? other : null);
    expect(targetOf(container, find)).toEqual({ kind: 'host', host: '172.18.0.9' });
    expect(targetOf(container, nobody).kind).toBe('nowhere');
    expect(containerId(other.id)).toBe(other.id);
  });

  test('6.6 to the last one where each shares the network of the next', () => {
    const last = containerOf('c', 'c', { endpoints: [endpointOf('bus', '172.18.0.9')] });
    const middle = containerOf('b', 'b', { networkMode: `container:${last.id}`, endpoints: [] });
    const first = containerOf('a', 'a', { networkMode: `container:${middle.id}`, endpoints: [] });
    const among =
      (...all: readonly ObservedContainer[]) =>
      (wanted: string) =>
        all.find(({ id }) => id === wanted) ?? null;
    expect(targetOf(first, among(middle, last))).toEqual({ kind: 'host', host: '172.18.0.9' });
    const ring = { ...last, networkMode: `container:${middle.id}` };
    expect(targetOf(first, among(middle, ring)).kind).toBe('nowhere');
  });

  test('6.6 without any address to nowhere, which is no failure', () => {
    expect(targetOf(containerOf('web', 'a', { endpoints: [] }), nobody).kind).toBe('nowhere');
    expect(targetOf(containerOf('web', 'a', { networkMode: 'none', endpoints: [] }), nobody).kind).toBe(
      'nowhere',
    );
  });
});
