// Owns: what follows a dependency that was started again, and what shares its network.
import { describe, expect, test } from 'vitest';
import { afterSteps, eventTypes, linesOf, pass, passes, settledMemory } from '../support/decision.js';

describe('2.4 depends_on with restart', () => {
  const manifests =
    '{db: {image: db:1}, web: {image: web:1, depends_on: {db: {condition: service_started, restart: true}}}}';

  test('2.4 a dependent must be restarted after its dependency was started again', () => {
    expect(linesOf({ manifests, docker: 'db-1 running up=10\nweb-1 running up=100' })).toEqual([
      'restart container web-1  db was started again',
    ]);
    expect(linesOf({ manifests, docker: 'db-1 running up=100\nweb-1 running up=10' })).toEqual([]);
  });

  test('2.4 without restart: true it must be left', () => {
    const without = manifests.replace(', restart: true', '');
    expect(linesOf({ manifests: without, docker: 'db-1 running up=10\nweb-1 running up=100' })).toEqual([]);
  });

  test('2.4 a restart by Docker after a crash must not be followed', () => {
    expect(linesOf({ manifests, docker: 'db-1 running up=10 restarts=1\nweb-1 running up=100' })).toEqual([]);
  });

  test('2.4 a dependency that is still being replaced must be waited for', () => {
    const two = manifests.replace(
      '{image: db:1}',
      '{image: db:2, replicas: 2, healthcheck: {test: [CMD, ok]}}',
    );
    const docker =
      'db-1-old other exited\ndb-1 running healthy up=10\ndb-2 other running healthy up=500\nweb-1 running up=100';
    expect(linesOf({ manifests: two, docker })).not.toContain(
      'restart container web-1  db was started again',
    );
    const done = 'db-1 running healthy up=10\ndb-2 running healthy up=5\nweb-1 running up=100';
    expect(linesOf({ manifests: two, docker: done })).toEqual([
      'restart container web-1  db was started again',
    ]);
  });

  test('2.4 a dependency whose old container is still kept must be waited for', () => {
    const docker = 'db-1-old other exited\ndb-1 running up=10\nweb-1 running up=100';
    const checked = manifests.replace('{image: db:1}', '{image: db:1, healthcheck: {test: [CMD, ok]}}');
    expect(
      linesOf({ manifests: checked, docker: docker.replace('running up=10', 'running healthy up=10') }),
    ).toEqual(['remove container db-1 (other)  its successor is ready']);
  });

  test('2.4 not all replicas may be restarted at once', () => {
    const three = manifests.replace(
      '{image: web:1',
      '{image: web:1, replicas: 3, healthcheck: {test: [CMD, ok]}',
    );
    const web = (slot: number): string => `web-${slot} running healthy up=100`;
    expect(
      linesOf({ manifests: three, docker: `db-1 running up=10\n${web(1)}\n${web(2)}\n${web(3)}` }),
    ).toEqual(['restart container web-1  db was started again']);
  });

  test('2.4 two dependencies must be followed once each where a clock was set back, and never in turns', () => {
    const both =
      '{db: {image: db:1}, bus: {image: bus:1}, web: {image: web:1, depends_on: ' +
      '{db: {condition: service_started, restart: true}, bus: {condition: service_started, restart: true}}}}';
    // Both look later for ever, whatever was restarted.
    const docker = 'db-1 running up=10\nbus-1 running up=20\nweb-1 running up=100';
    const restarts: (readonly string[])[] = [];
    let memory = settledMemory;
    for (let at = 1_000; at < 1_050; at += 10) {
      const found = pass({ manifests: both, docker, at, memory });
      restarts.push(found.lines);
      memory = afterSteps(found);
    }
    expect(restarts.flat()).toHaveLength(2);
    expect(restarts.slice(2)).toEqual([[], [], []]);
  });

  test('2.4 a clock that was set back must keep nobody waiting for what has followed already', () => {
    const chain = `{db: {image: db:1}, web: {image: web:1, depends_on: {db: {condition: service_started, restart: true}}}, door: {image: door:1, depends_on: {web: {condition: service_started, restart: true}}}}`;
    // Docker's time of the restart of web-1 is before that of db-1, although it came after it.
    const docker = 'db-1 running up=10\nweb-1 running up=100\ndoor-1 running up=200';
    const first = pass({ manifests: chain, docker });
    expect(first.lines).toEqual(['restart container web-1  db was started again']);
    expect(linesOf({ manifests: chain, docker, at: 1001, memory: afterSteps(first) })).toEqual([
      'restart container door-1  web was started again',
    ]);
  });

  test('2.4 it must be no drift', () => {
    const all = passes([
      { manifests, docker: 'db-1 running up=100\nweb-1 running up=50' },
      { manifests, docker: 'db-1 running up=10\nweb-1 running up=50', at: 1001 },
      { manifests, docker: 'db-1 running up=10\nweb-1 running up=5', at: 1002 },
    ]);
    expect(all.flatMap(eventTypes)).not.toContain('drift_detected');
    expect(all.flatMap(eventTypes)).toContain('service_restarted');
  });

  test('2.4 a dependency that goes bad later must stop nobody', () => {
    const healthy =
      '{db: {image: db:1, healthcheck: {test: [CMD, ok]}}, web: {image: web:1, depends_on: {db: {condition: service_healthy}}}}';
    expect(linesOf({ manifests: healthy, docker: 'db-1 running unhealthy\nweb-1 running' })).toEqual([]);
    expect(linesOf({ manifests: healthy, docker: 'db-1 exited ended=0\nweb-1 running' })).toEqual([]);
  });
});

describe("2.4 another service's network", () => {
  const manifests = '{vpn: {image: vpn:1}, web: {image: web:1, network_mode: "service:vpn"}}';
  const shared = 'vpn-1 running id=vpn up=200';

  test('2.4 it must be made in the network of the container that runs', () => {
    const { steps } = pass({ manifests, docker: shared });
    const [step] = steps;
    expect(step).toMatchObject({ kind: 'createContainer' });
    expect(step?.kind === 'createContainer' && step.draft.networkOf).toBe(
      pass({ manifests, docker: shared }).context.observed.services.values().next().value?.[0]?.id,
    );
  });

  test('2.4 it must be restarted after every later start of the other, a crash restart included', () => {
    expect(
      linesOf({ manifests, docker: 'vpn-1 running id=vpn up=10 restarts=1\nweb-1 running in=vpn up=100' }),
    ).toEqual(['restart container web-1  vpn, whose network it shares, was started again']);
    expect(linesOf({ manifests, docker: `${shared}\nweb-1 running in=vpn up=100` })).toEqual([]);
  });

  test('2.4 it must be replaced when the other is another container, for a restart would fail', () => {
    expect(linesOf({ manifests, docker: `${shared}\nweb-1 running in=gone up=300` })).toEqual([
      'stop container web-1  the container whose network it shares was replaced (' +
        pass({ manifests, docker: `${shared}\nweb-1 running in=gone up=300` }).lines[0]?.split('(')[1],
    ]);
    const rest = `${shared}\nweb-1-old exited in=gone\nweb-1 created in=vpn`;
    expect(linesOf({ manifests, docker: rest })).toEqual([
      'remove container web-1  it could not be started again',
    ]);
  });

  test('2.4 while the other does not run it must wait, and not be replaced', () => {
    expect(linesOf({ manifests, docker: 'vpn-1 created id=vpn\nweb-1 running in=vpn up=300' })).toEqual([
      'start container vpn-1  created, not yet started',
    ]);
    expect(linesOf({ manifests, docker: 'web-1 exited in=gone ended=100' })).toEqual([
      'create container vpn-1  no container in its slot',
    ]);
  });
});
