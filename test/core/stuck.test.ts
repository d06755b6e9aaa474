// Owns: containers that neither run nor end, and what is put aside.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, linesOf, pass } from '../support/decision.js';

const WEB = 'web: {image: web:1}';

describe('6.1 restarting for ever', () => {
  const docker = 'web-1 restarting restarts=3';
  const later = (at: number, text = docker, manifests = WEB) =>
    pass({ manifests, docker: text, at, memory: pass({ manifests, docker }).memory });

  test('6.1 one that moves on must be left to Docker', () => {
    expect(later(1121, 'web-1 restarting restarts=4').lines).toEqual([]);
    expect(later(1119).lines).toEqual([]);
    expect(pass({ manifests: WEB, docker }).recheckIn('web')).toBe(120);
  });

  test('6.1 one that has not moved for two minutes must be set aside, and a successor made', () => {
    expect(later(1121).lines).toEqual([
      'rename container web-1 → stuck  it restarts for ever: Docker lost it',
    ]);
    expect(linesOf({ manifests: WEB, docker: 'web-1-stuck-00ff restarting' })).toEqual([
      'create container web-1  no container in its slot',
    ]);
  });

  test('6.1 it must be said while the successor runs', () => {
    const { status } = pass({ manifests: WEB, docker: 'web-1-stuck-00ff restarting\nweb-1 running' });
    expect(status('web')).toMatch(/^running Synced Healthy: container alicia-web-1-\S+-stuck-00ff is stuck/);
  });
});

describe('8.13 a stuck container with a live process', () => {
  const stuck = 'web-1-stuck-00ff restarting pid=77';

  test('8.13 nothing that shares its port or its data may be started', () => {
    for (const fields of ['ports: ["8080:80"]', 'volumes: ["./data:/data"]']) {
      const scene = { manifests: `web: {image: web:1, ${fields}}`, docker: stuck };
      expect(linesOf(scene)).toEqual([]);
      expect(pass(scene).status('web')).toContain('Degraded StartFailed: container');
      expect(pass(scene).status('web')).toContain('end process 77');
    }
  });

  test('8.13 what shares nothing must be started', () => {
    expect(linesOf({ manifests: WEB, docker: stuck })).toEqual([
      'create container web-1  no container in its slot',
    ]);
  });
});

describe('8.12 what was put aside', () => {
  test('8.12 one that has come to rest must be removed, with a back-off', () => {
    const scene = { manifests: WEB, docker: 'web-1-stuck-00ff dead\nweb-1 running' };
    expect(linesOf(scene)).toEqual(['remove container web-1  it was stuck']);
    const refused = afterSteps(pass(scene), failed('inUse'));
    expect(linesOf({ ...scene, at: 1005, memory: refused })).toEqual([]);
    expect(linesOf({ ...scene, at: 1011, memory: refused })).toEqual([
      'remove container web-1  it was stuck',
    ]);
  });

  test('8.12 a removal that is under way must be waited for', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 removing' })).toEqual([]);
  });
});
