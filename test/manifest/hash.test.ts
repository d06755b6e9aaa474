/**
 * The hash: equal specs, equal hashes, however they are written.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { hashContainer } from '../../src/manifest/canonical.js';
import { serviceName } from '../../src/model/ids.js';
import { documents, OPTIONS, resolveSpec, resolveTexts, service } from './texts.js';

const OTHERS = documents(
  'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: data}\n',
  service('other'),
  service('data'),
);

function hashOf(spec: Readonly<Record<string, unknown>>): string {
  const document = { apiVersion: 'alicia/v1', kind: 'Service', metadata: { name: 'web' }, spec };
  const { services, problems } = resolveTexts({ 'web.yaml': stringify(document), 'others.yaml': OTHERS });
  const hash = services.get(serviceName('web'))?.hash;
  if (hash === undefined) throw new Error(JSON.stringify(problems));
  return hash;
}

/** A spec, and the same one in other words. */
const FULL: Readonly<Record<string, unknown>> = {
  image: 'redis:7.4',
  command: ['redis-server', '--save', ''],
  entrypoint: ['/init'],
  environment: { A: '1', B: 'two', C: '' },
  labels: { a: 'x', b: 'y' },
  ports: ['80', '127.0.0.1:8080:81/udp'],
  volumes: ['data:/data', './x:/x:ro'],
  networks: { alicia_bus_network: { aliases: ['b', 'a'] } },
  healthcheck: { test: ['CMD-SHELL', 'true'], interval: '90s' },
  stop_signal: 'SIGINT',
  stop_grace_period: '20s',
  cap_add: ['CHOWN', 'KILL'],
  devices: ['/dev/a', '/dev/b:r'],
  security_opt: ['no-new-privileges=true', 'label=disable'],
  sysctls: { 'net.a': 1 },
};

test('3.1 the order of keys does not matter', () => {
  const expected = hashOf(FULL);
  fc.assert(
    fc.property(fc.shuffledSubarray(Object.keys(FULL), { minLength: Object.keys(FULL).length }), (order) => {
      expect(hashOf(Object.fromEntries(order.map((key) => [key, FULL[key]])))).toBe(expected);
    }),
    { numRuns: 50 },
  );
});

const SAME: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['environment as a list', { environment: ['C=', 'B=two', 'A=1'] }],
  ['labels as a list', { labels: ['b=y', 'a=x'] }],
  ['environment in another order', { environment: { C: '', B: 'two', A: 1 } }],
  [
    'ports in the long form and another order',
    {
      ports: [
        { target: 81, published: 8080, host_ip: '127.0.0.1', protocol: 'udp' },
        { target: 80, protocol: 'tcp' },
      ],
    },
  ],
  [
    'volumes in the long form and another order',
    {
      volumes: [
        { type: 'bind', source: './x', target: '/x', read_only: true },
        { type: 'volume', source: 'data', target: '/data', read_only: false },
      ],
    },
  ],
  ['aliases in another order', { networks: { alicia_bus_network: { aliases: ['a', 'b', 'web'] } } }],
  ['a check as a line', { healthcheck: { test: 'true', interval: '1m30s', disable: false, retries: 0 } }],
  ['words as a line', { command: 'redis-server --save ""', entrypoint: '/init' }],
  ['a duration in other units', { stop_grace_period: '20000ms' }],
  [
    'capabilities with their prefix, twice and in another order',
    { cap_add: ['cap_kill', 'CHOWN', 'CAP_CHOWN'] },
  ],
  [
    'devices in the long form and another order',
    { devices: [{ source: '/dev/b', permissions: 'r' }, '/dev//a:/dev/a:rwm'] },
  ],
  ['options of protections in the older form', { security_opt: ['label:disable', 'no-new-privileges'] }],
  ['settings of the kernel as a list', { sysctls: ['net.a=1'] }],
];

describe('3.1 the same in other words has the same hash', () => {
  test.each(SAME)('%s', (_title, change) => {
    expect(hashOf({ ...FULL, ...change })).toBe(hashOf(FULL));
  });
  test('any mixture of them too', () => {
    fc.assert(
      fc.property(fc.subarray(SAME.map(([, change]) => change)), (changes) => {
        expect(hashOf(Object.assign({}, FULL, ...changes))).toBe(hashOf(FULL));
      }),
      { numRuns: 50 },
    );
  });
});

/** Fields at their defaults, in any mixture the same as none of them. */
const DEFAULTS: readonly Readonly<Record<string, unknown>>[] = [
  { image: 'tb:latest' },
  { command: null },
  { entrypoint: null },
  { environment: {} },
  { environment: [] },
  { labels: null },
  { ports: [] },
  { volumes: [] },
  { networks: null },
  { networks: ['alicia_bus_network'] },
  { networks: { alicia_bus_network: { priority: 3, aliases: ['web'] } } },
  { healthcheck: {} },
  { healthcheck: null },
  { stop_grace_period: '10s' },
  { privileged: false },
  { devices: [], cap_add: null, cap_drop: [], security_opt: [], sysctls: {} },
  // Not part of the hash at all:
  { restart: 'always' },
  { replicas: 3 },
  { priority: 7 },
  { category: 'x' },
  { description: 'x' },
  { version: '2' },
  { maintenance: true },
  { self_heal: false },
  { prune: false },
  { pull_policy: 'always' },
  { container_name: 'front' },
  { optional_deps: ['other'] },
  { deploy: { update_config: { parallelism: 3 } } },
  { deploy: { restart_policy: { max_attempts: 3 } } },
  { deploy: { resources: { limits: { memory: '2g', pids: 9 }, reservations: { memory: '1m' } } } },
  { cpus: 1 },
  { mem_limit: '2g', memswap_limit: '3g', mem_reservation: '1m' },
  { pids_limit: 9 },
  { probes: [{ tcp: { port: 80 } }, { exec: 'true' }] },
];

test('3.1 what equals its default, or does not make a container outdated, does not matter', () => {
  const bare = hashOf({ image: 'tb' });
  expect(hashOf({ image: 'tb', cpu_quota: 50_000, cpu_period: 100_000 })).toBe(bare);
  for (const change of DEFAULTS) expect([change, hashOf({ image: 'tb', ...change })]).toEqual([change, bare]);
  fc.assert(
    fc.property(fc.subarray([...DEFAULTS]), (changes) => {
      expect(hashOf(Object.assign({ image: 'tb' }, ...changes))).toBe(bare);
    }),
    { numRuns: 100 },
  );
});

test('3.1 every field that makes a container another one changes the hash, each in its own way', () => {
  const changes: readonly Readonly<Record<string, unknown>>[] = [
    { image: 'tb:2' },
    { command: [] },
    { command: ['a'] },
    { command: ['a b'] },
    { command: ['a', 'b'] },
    { entrypoint: [] },
    { environment: { A: '' } },
    { environment: { A: '1' } },
    { labels: { A: '1' } },
    { ports: ['80'] },
    { ports: ['80/udp'] },
    { ports: ['80:80'] },
    { ports: ['80-81:80'] },
    { ports: ['127.0.0.1:80:80'] },
    { volumes: ['data:/data'] },
    { volumes: ['data:/data:ro'] },
    { volumes: ['./data:/data'] },
    { volumes: ['/data'] },
    { volumes: ['/other'] },
    { volumes: [{ type: 'volume', target: '/data', read_only: true }] },
    { network_mode: 'bridge' },
    { network_mode: 'host' },
    { network_mode: 'none' },
    { network_mode: 'service:other' },
    { network_mode: 'service:data' },
    { networks: { alicia_bus_network: { aliases: ['x'] } } },
    { networks: { alicia_bus_network: { ipv4_address: '10.0.0.1' } } },
    { healthcheck: { disable: true } },
    { healthcheck: { test: ['CMD', 'true'] } },
    { healthcheck: { interval: '5s' } },
    { healthcheck: { timeout: '5s' } },
    { stop_signal: 'SIGINT' },
    { stop_grace_period: '11s' },
    { privileged: true },
    { pid: 'host' },
    { ipc: 'host' },
    { ipc: 'private' },
    { userns_mode: 'host' },
    { devices: ['/dev/a'] },
    { devices: ['/dev/a:/dev/b'] },
    { devices: ['/dev/a:r'] },
    { cap_add: ['ALL'] },
    { cap_drop: ['ALL'] },
    { cap_add: ['KILL'] },
    { security_opt: ['no-new-privileges'] },
    { security_opt: ['seccomp=builtin'] },
    { sysctls: { 'net.a': 1 } },
    { sysctls: { 'net.a': 2 } },
  ];
  const hashes = changes.map((change) => hashOf({ image: 'tb', ...change }));
  expect(new Set([...hashes, hashOf({ image: 'tb' })]).size).toBe(changes.length + 1);
});

test('3.2 the form of the hash is pinned: a release that changes it would replace every container', () => {
  const canonical: string[] = [];
  const hash = (text: string): string => {
    canonical.push(text);
    return OPTIONS.hash(text);
  };
  const { container } = resolveSpec('environment: {B: "2", A: "1"}\nports: ["80:80"]');
  expect(hashContainer(container, { hash }).hash).toMatch(/^v1:[0-9a-f]{64}$/);
  expect(canonical).toEqual([
    '{"environment":{"A":"1","B":"2"},"image":"tb:latest","networks":[{"aliases":["web"],"network":"alicia_bus_network"}],"ports":[{"containerPort":80,"first":80}]}',
  ]);
});

test('3.1 networks and volumes: a default given is a default left out, another form is another hash', () => {
  const hashesOf = (kind: string, spec: string): string => {
    const { networks, volumes } = resolveTexts({
      'a.yaml': `apiVersion: alicia/v1\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}\n`,
    });
    return [...networks.values(), ...volumes.values()].map((object) => object.hash).join();
  };
  const network = hashesOf('Network', '');
  expect(network).toMatch(/^v1:[0-9a-f]{64}$/);
  for (const spec of [
    '{driver: bridge, internal: false, labels: {}, driver_opts: {}, ipam: {config: []}}',
    '{name: other}',
  ])
    expect(hashesOf('Network', spec)).toBe(network);
  const others = [
    '{driver: x}',
    '{internal: true}',
    '{attachable: true}',
    '{enable_ipv6: true}',
    '{labels: {a: b}}',
    '{driver_opts: {a: b}}',
    '{ipam: {config: [{subnet: 10.0.0.0/8}]}}',
  ];
  expect(new Set([network, ...others.map((spec) => hashesOf('Network', spec))]).size).toBe(others.length + 1);
  const volume = hashesOf('Volume', '');
  expect(hashesOf('Volume', '{driver: local}')).toBe(volume);
  expect(
    new Set([
      volume,
      hashesOf('Volume', '{driver: x}'),
      hashesOf('Volume', '{labels: [a]}'),
      hashesOf('Volume', '{driver_opts: {a: b}}'),
    ]).size,
  ).toBe(4);
});
