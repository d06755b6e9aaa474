/**
 * Checks that the controller makes itself.
 */
import { describe, expect, test } from 'vitest';
import type { Probe, ProbeAction } from '../../src/model/probe.js';
import { documents, problemsOf, problemsOfSpec, resolveSpec, service } from './texts.js';

const probesOf = (probes: string): readonly Probe[] => resolveSpec(`probes: ${probes}`).probes;

describe('6.6 a probe', () => {
  test.each([
    ['http: {port: 80, path: "/€"}', 'http.path'],
    ['http: {port: 80, path: "/a b"}', 'http.path'],
    ['mqtt: {topic: "$$SYS/foo"}', 'mqtt.topic'],
    ['mqtt: {topic: "a\\u0001b"}', 'mqtt.topic'],
    ['mqtt: {topic: a, request: "$$SYS/foo"}', 'mqtt.request'],
  ])('6.6 what no server takes must be refused before: %s', (probe, field) => {
    expect(problemsOfSpec(`probes: [{${probe}}]`)).toEqual([
      expect.stringContaining(`error: spec.probes[0].${field}: not a valid value`),
    ]);
  });

  test('without times has those of the defaults', () => {
    expect(probesOf('[{tcp: {port: 1883}}]')).toEqual([
      {
        action: { kind: 'tcp', port: 1883 },
        periodMs: 10_000,
        timeoutMs: 1000,
        retries: 3,
        successes: 1,
        startPeriodMs: 0,
      },
    ]);
  });
  test('takes its times over', () => {
    const times = 'period: 2s, timeout: 500ms, retries: 5, successes: 2, start_period: 1m';
    expect(probesOf(`[{tcp: {port: 1}, ${times}}]`)).toMatchObject([
      { periodMs: 2000, timeoutMs: 500, retries: 5, successes: 2, startPeriodMs: 60_000 },
    ]);
  });
  const mqtt = { kind: 'mqtt', topic: 'alicia/system/health/web', request: null, payload: null } as const;
  const cases: readonly (readonly [string, ProbeAction])[] = [
    ['http: {port: 80}', { kind: 'http', port: 80, path: '/' }],
    ['http: {port: 80, path: "/health?full=1"}', { kind: 'http', port: 80, path: '/health?full=1' }],
    ['tcp: {port: 65535}', { kind: 'tcp', port: 65_535 }],
    ['exec: [redis-cli, ping]', { kind: 'exec', command: ['redis-cli', 'ping'] }],
    [`exec: sh -c 'a b'`, { kind: 'exec', command: ['sh', '-c', 'a b'] }],
    ['exec: {command: [redis-cli, ping]}', { kind: 'exec', command: ['redis-cli', 'ping'] }],
    ['exec: {command: redis-cli ping}', { kind: 'exec', command: ['redis-cli', 'ping'] }],
    ['mqtt: {}', { ...mqtt, maxAgeMs: 30_000 }],
    ['mqtt: ', { ...mqtt, maxAgeMs: 30_000 }],
    ['mqtt: {}, period: 2s', { ...mqtt, maxAgeMs: 6000 }],
    [
      'mqtt: {topic: a/b, request: a/check, max_age: 1m, payload: ready}',
      { kind: 'mqtt', topic: 'a/b', request: 'a/check', maxAgeMs: 60_000, payload: 'ready' },
    ],
  ];
  test.each(cases)('%s', (probe, action) => {
    expect(probesOf(`[{${probe}}]`).map((one) => one.action)).toEqual([action]);
  });
  test('stands in a list, in the order of the manifest', () => {
    expect(probesOf('[{tcp: {port: 2}}, {exec: a}, {tcp: {port: 1}}]').map((one) => one.action)).toEqual([
      { kind: 'tcp', port: 2 },
      { kind: 'exec', command: ['a'] },
      { kind: 'tcp', port: 1 },
    ]);
    expect(probesOf('')).toEqual([]);
  });
  test('is exactly one of http, tcp, mqtt and exec', () => {
    expect(problemsOfSpec('probes: [{period: 2s}, {http: {port: 1}, mqtt: }]')).toEqual([
      '6:12: error: spec.probes[0]: missing one of http, tcp, mqtt, exec [MISSING_FIELD]',
      '6:26: error: spec.probes[1]: http and mqtt in one probe — write a probe for each; all of them must hold [BAD_VALUE]',
    ]);
  });
  test('with a time of no length, or a program of no words, is refused', () => {
    expect(problemsOfSpec('probes: [{tcp: {port: 1}, period: "0", timeout: 0ms, start_period: 0s}]')).toEqual(
      [
        '6:29: error: spec.probes[0].period: must be longer than 0 [BAD_VALUE]',
        '6:42: error: spec.probes[0].timeout: must be longer than 0 [BAD_VALUE]',
      ],
    );
    expect(
      problemsOfSpec('probes: [{mqtt: {max_age: 0s}}, {exec: []}, {exec: "sh -c \'a"}, {exec: ""}]'),
    ).toEqual([
      '6:20: error: spec.probes[0].mqtt.max_age: must be longer than 0 [BAD_VALUE]',
      '6:36: error: spec.probes[1].exec: names no program — write one such as [redis-cli, ping] [BAD_VALUE]',
      '6:48: error: spec.probes[2].exec: a quote is not closed — close it, or write a list of words [BAD_VALUE]',
      '6:68: error: spec.probes[3].exec: names no program — write one such as [redis-cli, ping] [BAD_VALUE]',
    ]);
  });
  test('with other fields than its own is refused', () => {
    expect(
      problemsOfSpec(
        'probes: [{htpp: {port: 1}}, {http: {path: a}}, {tcp: {port: 0}}, {mqtt: {topic: "a/#"}}, {tcp: {port: 1}, retries: 0}]',
      ),
    ).toEqual([
      '6:13: error: spec.probes[0]: unknown field "htpp" — did you mean "http"? [UNKNOWN_FIELD]',
      '6:32: error: spec.probes[1].http: missing field "port" [MISSING_FIELD]',
      '6:39: error: spec.probes[1].http.path: not a valid value: "a" — write something such as "/health" [BAD_VALUE]',
      '6:57: error: spec.probes[2].tcp.port: expected at least 1, got 0 [BAD_VALUE]',
      '6:76: error: spec.probes[3].mqtt.topic: not a valid value: "a/#" — write something such as "alicia/system/health/stt" [BAD_VALUE]',
      '6:109: error: spec.probes[4].retries: expected at least 1, got 0 [BAD_VALUE]',
    ]);
  });
  test('over the network of a container that has none is an error; exec and mqtt are fine', () => {
    expect(
      problemsOfSpec(
        'network_mode: none\nprobes: [{http: {port: 1}}, {tcp: {port: 1}}, {exec: a}, {mqtt: }]',
      ),
    ).toEqual([
      '7:13: error: spec.probes[0].http: cannot reach a container without a network (network_mode none) — use exec or mqtt [BAD_VALUE]',
      '7:32: error: spec.probes[1].tcp: cannot reach a container without a network (network_mode none) — use exec or mqtt [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('network_mode: host\nprobes: [{http: {port: 1}}, {tcp: {port: 1}}]')).toEqual([]);
  });
});

test('2.3 service_healthy on a service with probes needs no healthcheck', () => {
  const web = service('web', 'image: tb\ndepends_on: {db: {condition: service_healthy}}');
  const problems = (...lines: readonly string[]): readonly string[] =>
    problemsOf({ 'a.yaml': documents(web, service('db', ['image: tb', ...lines].join('\n'))) });
  expect(problems('probes: [{tcp: {port: 1}}]')).toEqual([]);
  expect(problems('probes: [{tcp: {port: 1}}]', 'healthcheck: {disable: true}')).toEqual([]);
  expect(problems('probes: []')).toEqual([
    'm/a.yaml:6:16: warning: spec.depends_on.db: service_healthy, but "db" declares no healthcheck — add one, or write healthcheck: {} if its image brings one [NO_HEALTHCHECK]',
  ]);
});
