/**
 * What the plain fields of a service come to.
 */

import { describe, expect, test } from 'vitest';
import { serviceName } from '../../src/model/ids.js';
import { USUAL_ISOLATION } from '../../src/model/isolation.js';
import { NO_LIMITS } from '../support/no-limits.js';
import { problemsOf, problemsOfSpec, resolveSpec, resolveTexts, service } from './texts.js';

const render = (value: unknown): string => JSON.stringify(value);

test('a service with an image alone gets every default', () => {
  const web = resolveSpec('');
  expect(web).toMatchObject({
    name: 'web',
    origin: { file: 'm/web.yaml', line: 1, column: 1 },
    stack: null,
    category: 'core',
    priority: 1,
    version: null,
    replicas: 1,
    maintenance: false,
    selfHeal: true,
    prune: true,
    dependsOn: [],
    updatePolicy: {
      parallelism: 1,
      delayMs: 0,
      monitorMs: 5000,
      maxFailureRatio: 0,
      failureAction: 'rollback',
      order: null,
    },
    pullPolicy: { kind: 'missing' },
    containerName: null,
    probes: [],
    maxAttempts: null,
    earlierHashes: [],
    staleBecause: null,
  });
  expect(web.container).toEqual({
    image: 'tb',
    command: null,
    entrypoint: null,
    environment: {},
    labels: {},
    ports: [],
    mounts: [],
    networkMode: { kind: 'networks' },
    networks: [{ network: 'alicia_bus_network', aliases: ['web'], ipv4Address: null, ipv6Address: null }],
    resources: NO_LIMITS,
    isolation: USUAL_ISOLATION,
    healthcheck: null,
    restart: { name: 'unless-stopped', maximumRetryCount: 0 },
    stopSignal: null,
    stopGraceMs: null,
  });
});

test('plain fields are taken over', () => {
  const web = resolveSpec(`description: the front
category: front
priority: -2
version: "1.10"
replicas: 3
maintenance: true
self_heal: false
prune: false
container_name: front
stop_signal: SIGINT
stop_grace_period: 1m30s`);
  expect(web).toMatchObject({
    description: 'the front',
    category: 'front',
    priority: -2,
    version: '1.10',
    replicas: 3,
    maintenance: true,
    selfHeal: false,
    prune: false,
    containerName: 'front',
    container: { stopSignal: 'SIGINT', stopGraceMs: 90_000 },
  });
});

describe('command and entrypoint', () => {
  const cases: readonly (readonly [string, readonly string[] | null])[] = [
    ['command: ["sleep", "10"]', ['sleep', '10']],
    [`command: sh -c 'echo "a b"' c\\ d "e\\"f"`, ['sh', '-c', 'echo "a b"', 'c d', 'e"f']],
    ['command: a=1&b=2;c', ['a=1&b=2;c']],
    ['command: []', []],
    ['command: ""', []],
    ['command:', null],
  ];
  test.each(cases)('%s', (spec, words) => {
    expect(resolveSpec(spec).container.command).toEqual(words);
    expect(resolveSpec(spec.replace('command', 'entrypoint')).container.entrypoint).toEqual(words);
  });
  test('a quote that is not closed is an error', () => {
    expect(problemsOfSpec('command: sh -c "echo')).toEqual([
      '6:3: error: spec.command: a quote is not closed — close it, or write a list of words [BAD_VALUE]',
    ]);
  });
  test('words that are not texts are errors', () => {
    expect(problemsOfSpec('command: [sleep, 10]')).toEqual([
      '6:20: error: spec.command[1]: expected a text, got the number 10 — put quotes around it: "10" [WRONG_TYPE]',
    ]);
  });
});

test('labels of metadata and spec are merged, those of spec win, ours are refused', () => {
  const text = `apiVersion: alicia/v1
kind: Service
metadata: {name: web, labels: {team: voice, tier: 1}}
spec: {image: tb, labels: [tier=2, empty]}
`;
  const web = resolveTexts({ 'web.yaml': text }).services.get(serviceName('web'));
  expect(render(web?.container.labels)).toBe('{"empty":"","team":"voice","tier":"2"}');
  expect(problemsOfSpec('labels: {io.alicia.slot: "1"}')).toEqual([
    '6:12: error: spec.labels.io.alicia.slot: labels that begin with io.alicia. are set by us — remove "io.alicia.slot" [BAD_VALUE]',
  ]);
});

test('container_name must be a name of Docker and bear no suffix of ours', () => {
  expect(
    ['x', '-ab', 'web-old', 'web-failed', 'web-stuck-0a1b'].flatMap((name) =>
      problemsOfSpec(`container_name: ${name}`),
    ),
  ).toEqual([
    '6:3: error: spec.container_name: not a valid value: "x" — write something such as "mosquitto" [BAD_VALUE]',
    '6:3: error: spec.container_name: not a valid value: "-ab" — write something such as "mosquitto" [BAD_VALUE]',
    ...['web-old', 'web-failed', 'web-stuck-0a1b'].map(
      (name) =>
        `6:3: error: spec.container_name: "${name}" ends in a suffix that marks replaced containers (-old, -failed, -stuck-…) — choose another name [BAD_VALUE]`,
    ),
  ]);
});

test('an image must be a name that Docker takes', () => {
  const images = [
    'redis',
    'redis:7.4',
    'ghcr.io/o/n:1',
    'localhost:5000/a/b',
    `a@sha256:${'0'.repeat(64)}`,
    'a__b/c-d',
  ];
  for (const image of images) expect(problemsOf({ 'w.yaml': service('w', `image: ${image}`) })).toEqual([]);
  expect(problemsOf({ 'w.yaml': service('w', 'image: Redis 7') })).toEqual([
    'm/w.yaml:5:3: error: spec.image: not the name of an image: "Redis 7" — expected name:tag in small letters, e.g. "redis:7.4" [BAD_VALUE]',
  ]);
});
