// Owns: which of the old and the new container goes first where the manifest does not say.
import { describe, expect, test } from 'vitest';
import { linesOf } from '../support/decision.js';

const OLD = 'web-1 other running healthy\nweb-2 other running healthy';
const web = (fields: string, replicas = 2): string =>
  `web: {image: web:2, healthcheck: {test: [CMD, ok]}, replicas: ${replicas}${fields === '' ? '' : `, ${fields}`}}`;
const BESIDE = 'create container web-1  its spec changed';
const STOPPED = 'stop container web-1 (other)  its spec changed';
const one = (fields: string): readonly string[] =>
  linesOf({ manifests: web(fields, 1), docker: 'web-1 other running healthy' });
const two = (fields: string): readonly string[] => linesOf({ manifests: web(fields), docker: OLD });

describe('4.2 start-first must be chosen where two can be side by side', () => {
  test('4.2 with nothing that only one can have', () => {
    expect(one('')).toEqual([BESIDE]);
    expect(two('')).toEqual([BESIDE]);
  });

  test('4.2 with host ports enough for those that come beside', () => {
    expect(two('ports: ["9001-9003:80"]')).toEqual([BESIDE]);
    expect(two('ports: ["80"]')).toEqual([BESIDE]);
  });

  test('4.2 with data that many replicas share, or that is only read', () => {
    const volumes =
      '{web: {image: web:2, healthcheck: {test: [CMD, ok]}, replicas: 2, volumes: ["data:/d"]}, volumes: {data: {}}}';
    expect(linesOf({ manifests: volumes, docker: OLD })).toEqual([BESIDE]);
    expect(one('volumes: ["/etc/localtime:/etc/localtime:ro"]')).toEqual([BESIDE]);
  });
});

describe('4.2 stop-first must be chosen where two cannot, or should not, be side by side', () => {
  test.each([
    ['a fixed host port', 'ports: ["8080:80"]'],
    ['a range without room', 'ports: ["9001-9001:80"]'],
    ['a literal container_name', 'container_name: door'],
    ['a fixed address', 'networks: {alicia_bus_network: {ipv4_address: 172.20.0.9}}'],
    ['a fixed address of the other kind', 'networks: {alicia_bus_network: {ipv6_address: "fd00::9"}}'],
    ["the host's network", 'network_mode: host'],
    ['a device', 'devices: [/dev/ttyUSB0]'],
    ['a writable bind with one replica', 'volumes: ["./data:/data"]'],
  ])('4.2 %s', (_, fields) => {
    const named = fields.includes('container_name')
      ? 'web-1 other running healthy named=door'
      : 'web-1 other running healthy';
    expect(linesOf({ manifests: web(fields, 1), docker: named })).toEqual([STOPPED]);
  });

  test('4.2 a range smaller than the replicas and those that come beside', () => {
    expect(two('ports: ["9001-9002:80"]')).toEqual([STOPPED]);
    expect(two('ports: ["9001-9003:80"], deploy: {update_config: {parallelism: 2}}')).toEqual([
      STOPPED,
      'stop container web-2 (other)  its spec changed',
    ]);
  });

  test('4.2 an anonymous volume that is carried over', () => {
    const docker = 'web-1 other running healthy anonymous=/data\nweb-2 other running healthy anonymous=/data';
    expect(linesOf({ manifests: web(''), docker })).toEqual([STOPPED]);
  });

  test('4.2 a fixed address in one of several networks', () => {
    const manifests = `{${web('networks: {alicia_bus_network: {}, front: {ipv4_address: 172.20.0.9}}', 1)}, networks: {front: {}}}`;
    expect(linesOf({ manifests, docker: 'web-1 other running healthy' })).toEqual([STOPPED]);
  });

  test("4.2 another service's network", () => {
    const manifests = `{vpn: {image: vpn:1}, ${web('network_mode: "service:vpn"', 1)}}`;
    const docker = 'vpn-1 running up=500\nweb-1 other running healthy';
    expect(linesOf({ manifests, docker })).toEqual([STOPPED]);
  });

  test('4.2 what is declared must be done', () => {
    expect(one('deploy: {update_config: {order: stop-first}}')).toEqual([STOPPED]);
    expect(one('volumes: ["./data:/data"], deploy: {update_config: {order: start-first}}')).toEqual([BESIDE]);
  });
});
