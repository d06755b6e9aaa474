/**
 * Limits of a service's containers.
 */
import { describe, expect, test } from 'vitest';
import { NO_LIMITS } from '../support/no-limits.js';
import { problemsOfSpec, resolveSpec } from './texts.js';

const MIB = 1024 ** 2;

describe('3.3 what docker update changes in place is read', () => {
  test.each([
    ['cpus: 0.5', { nanoCpus: 500_000_000 }],
    ['cpus: "1.25"', { nanoCpus: 1_250_000_000 }],
    ['cpus: 0', {}],
    ['cpu_quota: 50000\ncpu_period: "100000"', { cpuQuotaUs: 50_000, cpuPeriodUs: 100_000 }],
    ['cpu_quota: -1', {}],
    ['mem_limit: 512m', { memoryBytes: 512 * MIB }],
    ['mem_limit: 4096', { memoryBytes: 4096 }],
    ['mem_limit: 0', {}],
    ['mem_limit: 1g\nmemswap_limit: 2g', { memoryBytes: 1024 * MIB, memorySwapBytes: 2048 * MIB }],
    ['mem_limit: 1g\nmemswap_limit: 1g', { memoryBytes: 1024 * MIB, memorySwapBytes: 1024 * MIB }],
    ['mem_limit: 1g\nmemswap_limit: -1', { memoryBytes: 1024 * MIB, memorySwapBytes: -1 }],
    ['memswap_limit: "-1"', { memorySwapBytes: -1 }],
    ['mem_reservation: 64m', { memoryReservationBytes: 64 * MIB }],
    ['pids_limit: 200', { pidsLimit: 200 }],
    ['pids_limit: -1', {}],
    ['pids_limit: "0"', {}],
    ['deploy: {resources: {limits: {cpus: "0.5"}}}', { nanoCpus: 500_000_000 }],
    ['deploy: {resources: {limits: {memory: 1gb}}}', { memoryBytes: 1024 * MIB }],
    ['deploy: {resources: {limits: {pids: 7}}}', { pidsLimit: 7 }],
    ['deploy: {resources: {reservations: {memory: 1m}}}', { memoryReservationBytes: MIB }],
    ['deploy: {resources: {limits: , reservations: }}', {}],
    ['deploy: {resources: }', {}],
  ])('%s', (spec, limits) => {
    expect(resolveSpec(spec).container.resources).toEqual({ ...NO_LIMITS, ...limits });
  });
});

test('3.3 sizes are read as Compose writes them', () => {
  const bytesOf = (size: string): number | null =>
    resolveSpec(`mem_limit: "${size}"`).container.resources.memoryBytes;
  expect(['2b', '1024kb', '2048K', '300m', '1gb', '1.5G', '512 MiB', '1t', '9000'].map(bytesOf)).toEqual([
    2,
    MIB,
    2 * MIB,
    300 * MIB,
    1024 * MIB,
    1536 * MIB,
    512 * MIB,
    MIB * MIB,
    9000,
  ]);
});

test('3.3 a variable stands for a number', () => {
  const { resources } = resolveSpec('cpus: $C\nmem_limit: $M\npids_limit: $P', {
    environment: { C: '2', M: '64m', P: '9' },
  }).container;
  expect(resources).toEqual({ ...NO_LIMITS, nanoCpus: 2e9, memoryBytes: 64 * MIB, pidsLimit: 9 });
});

describe('3.3 two places of one limit', () => {
  const both = (field: string, deploy: string): readonly string[] =>
    problemsOfSpec(`${field}\ndeploy: {resources: ${deploy}}`);
  test('may say the same', () => {
    expect(both('cpus: 0.5', '{limits: {cpus: "0.50"}}')).toEqual([]);
    expect(both('mem_limit: 1024m', '{limits: {memory: 1g}}')).toEqual([]);
    expect(both('pids_limit: 0', '{limits: {pids: -1}}')).toEqual([]);
    expect(both('mem_reservation: 1k', '{reservations: {memory: 1024}}')).toEqual([]);
  });
  test('may not say different things', () => {
    expect(both('cpus: 0.5', '{limits: {cpus: 1}}')).toEqual([
      '7:33: error: spec.deploy.resources.limits.cpus: says another thing than spec.cpus — keep one of them [BAD_VALUE]',
    ]);
    expect(both('mem_limit: 0', '{limits: {memory: 1g}}')).toEqual([
      '7:33: error: spec.deploy.resources.limits.memory: says another thing than spec.mem_limit — keep one of them [BAD_VALUE]',
    ]);
    expect(both('pids_limit: 5', '{limits: {pids: 6}}')).toEqual([
      '7:33: error: spec.deploy.resources.limits.pids: says another thing than spec.pids_limit — keep one of them [BAD_VALUE]',
    ]);
    expect(both('mem_reservation: 1k', '{reservations: {memory: 1}}')).toEqual([
      '7:39: error: spec.deploy.resources.reservations.memory: says another thing than spec.mem_reservation — keep one of them [BAD_VALUE]',
    ]);
  });
});

test('3.3 what Docker would refuse is refused before', () => {
  expect(problemsOfSpec('cpus: 1\ncpu_quota: 50000\ncpu_period: 100000')).toEqual([
    '7:3: error: spec.cpu_quota: cannot be given with cpus — keep one of them [BAD_VALUE]',
    '8:3: error: spec.cpu_period: cannot be given with cpus — keep one of them [BAD_VALUE]',
  ]);
  expect(problemsOfSpec('cpu_quota: 50000\ndeploy: {resources: {limits: {cpus: 1}}}')).toEqual([
    '6:3: error: spec.cpu_quota: cannot be given with cpus — keep one of them [BAD_VALUE]',
  ]);
  expect(problemsOfSpec('cpu_quota: 999\ncpu_period: 1000001')).toEqual([
    '6:3: error: spec.cpu_quota: 999 microseconds are too few — Docker wants at least 1000 [BAD_VALUE]',
    '7:3: error: spec.cpu_period: 1000001 microseconds — Docker wants 1000 to 1000000 [BAD_VALUE]',
  ]);
  expect(problemsOfSpec('mem_limit: 1g\nmemswap_limit: 512m\nmem_reservation: 2g')).toEqual([
    '7:3: error: spec.memswap_limit: is memory and swap together, and less than mem_limit — raise it, or write -1 [BAD_VALUE]',
    '8:3: error: spec.mem_reservation: the memory that is reserved is more than the limit — lower it, or raise the limit [BAD_VALUE]',
  ]);
  expect(problemsOfSpec('memswap_limit: 512m')).toEqual([
    '6:3: error: spec.memswap_limit: needs a limit of the memory too — add mem_limit, or write -1 [BAD_VALUE]',
  ]);
  expect(problemsOfSpec('deploy: {resources: {limits: {memory: 1}, reservations: {memory: 2}}}')).toEqual([
    '6:60: error: spec.deploy.resources.reservations.memory: the memory that is reserved is more than the limit — lower it, or raise the limit [BAD_VALUE]',
  ]);
});

test('3.3 less of a core than a container can start with is refused before', () => {
  expect(problemsOfSpec('cpus: 0.009')).toEqual([
    '6:3: error: spec.cpus: "0.009" is too little — a container can start with 0.01 or more [BAD_VALUE]',
  ]);
  expect(problemsOfSpec('cpus: 0.01')).toEqual([]);
  expect(problemsOfSpec('cpus: 0')).toEqual([]);
});

test('3.3 what is no amount is refused with an example', () => {
  expect(
    problemsOfSpec('mem_limit: 1x\ncpus: half\npids_limit: -2\nmem_reservation: -1\ncpu_quota: 1.5'),
  ).toEqual([
    '6:3: error: spec.mem_limit: not a valid value: "1x" — write something such as "512m" or "1gb" [BAD_VALUE]',
    '7:3: error: spec.cpus: not a valid value: "half" — write something such as "0.5" or "2" [BAD_VALUE]',
    '8:3: error: spec.pids_limit: expected at least -1, got -2 [BAD_VALUE]',
    '9:3: error: spec.mem_reservation: expected at least 0, got -1 [BAD_VALUE]',
    '10:3: error: spec.cpu_quota: expected a whole number or a text, got the number 1.5 — write a text such as "50000" [WRONG_TYPE]',
  ]);
  expect(problemsOfSpec('mem_limit: 9999999t')).toEqual([
    '6:3: error: spec.mem_limit: not a size: "9999999t" — such as "512m" or "1gb" [BAD_VALUE]',
  ]);
  expect(problemsOfSpec('deploy: {resources: {reservations: {cpus: 1, devices: []}}}')).toEqual([
    '6:39: error: spec.deploy.resources.reservations: field "cpus" is not supported by this version yet — remove it [UNSUPPORTED]',
    '6:48: error: spec.deploy.resources.reservations: field "devices" is not supported by this version yet — remove it [UNSUPPORTED]',
  ]);
});
