// Owns: what makes a container outdated, at its edges.
import { expect, test } from 'vitest';
import { lastPass, linesOf } from '../support/decision.js';

const SHARING = 'vpn: {image: vpn:1, replicas: 2}\nweb: {image: web:2, network_mode: "service:vpn"}';
const VPN = 'vpn-1 running id=a\nvpn-2 running id=b';

test('3.4 an image that the container has must replace nothing, whatever its label says', () => {
  const scene = { manifests: 'web: {image: web:1, pull_policy: always}', docker: 'web-1 overtaken running' };
  expect(lastPass([scene, { ...scene, at: 1001 }]).lines).toEqual([]);
});

test('4.5 evidence must hold while the image is not known', () => {
  for (const word of ['missing', 'unseen'] as const) {
    const docker = 'web-1 other running\nweb-1-failed exited exit=1';
    const lines = linesOf({ manifests: 'web: {image: web:2}', docker, images: { 'web:2': word } });
    expect(lines.filter((line) => line.includes('container'))).toEqual([]);
  }
});

test('2.4 a container whose network went with its parent must be replaced by one of a parent that lives', () => {
  const docker = 'vpn-1 running id=a\nvpn-1-old other exited id=b policy=no\nweb-1 running in=gone';
  const replaced = linesOf({ manifests: SHARING.replace(', replicas: 2', ''), docker }).filter((line) =>
    line.includes('web-1'),
  );
  expect(replaced).toHaveLength(1);
  expect(replaced[0]).toMatch(/the container whose network it shares was replaced \([0-9a-f]{12}\)$/);
});

test.each([
  ['that shared none', SHARING, 'web-1-old other exited policy=no'],
  ['whose parent is one of several', SHARING, 'web-1-old other exited policy=no in=a'],
  ['whose successor shares none', 'web: {image: web:2}', 'web-1-old other exited policy=no in=gone'],
])('4.3 an old one %s must be kept until its successor is ready', (_, manifests, old) => {
  const sharing = manifests === SHARING ? `${VPN}\n` : '';
  const docker = `${sharing}${old}\nweb-1 running up=1${manifests === SHARING ? ' in=a' : ''}`;
  expect(linesOf({ manifests, docker })).toEqual([]);
});
