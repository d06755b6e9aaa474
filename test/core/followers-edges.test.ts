// Owns: which start of a dependency is followed, and how often.
import { describe, expect, test } from 'vitest';
import { afterSteps, linesOf, pass, type Scene } from '../support/decision.js';
import { CHECK } from '../support/web.js';

const EDGE = '{condition: service_started, restart: true}';
const RESTART = 'restart container web-1  db was started again';
const one = `db: {image: db:1}\nweb: {image: web:1, depends_on: {db: ${EDGE}}}`;
const checked = (replicas: number): string =>
  `db: {image: db:1, replicas: ${replicas}, ${CHECK}}\nweb: {image: web:1, depends_on: {db: ${EDGE}}}`;

describe('2.4 a start must be followed', () => {
  test('2.4 by what runs, and not by what Docker restarts', () => {
    expect(linesOf({ manifests: one, docker: 'db-1 running up=10\nweb-1 running up=100' })).toEqual([
      RESTART,
    ]);
    expect(
      linesOf({ manifests: one, docker: 'db-1 running up=10\nweb-1 restarting up=100 restarts=1' }),
    ).toEqual([]);
  });

  test('2.4 only where it is later', () => {
    expect(linesOf({ manifests: one, docker: 'db-1 running up=10\nweb-1 running up=10' })).toEqual([]);
  });

  test('2.4 by the edge that says so', () => {
    const manifests = `a: {image: a:1}\ndb: {image: db:1}\nweb: {image: web:1, depends_on: {a: {condition: service_started}, db: ${EDGE}}}`;
    expect(linesOf({ manifests, docker: 'a-1 running\ndb-1 running up=10\nweb-1 running up=100' })).toEqual([
      RESTART,
    ]);
    expect(
      linesOf({ manifests, docker: 'a-1 running up=10\ndb-1 running up=300\nweb-1 running up=100' }),
    ).toEqual([]);
  });

  test('2.4 when those that serve are others, whatever becomes of the rest, and not before one serves', () => {
    const docker = 'db-1 running healthy up=10\ndb-2 running starting up=900\nweb-1 running up=100';
    expect(linesOf({ manifests: checked(2), docker })).toEqual([RESTART]);
    expect(
      linesOf({ manifests: checked(1), docker: 'db-1 running starting up=10\nweb-1 running up=100' }),
    ).toEqual([]);
  });
});

describe('2.4 each run must be followed once', () => {
  /** A clock that was set back leaves the dependency later for ever. */
  const twice = (scene: Scene, then: string): readonly string[] => {
    const first = pass(scene);
    expect(first.lines).toHaveLength(1);
    return linesOf({ ...scene, docker: then, at: 1001, memory: afterSteps(first) });
  };

  test('2.4 in whatever order Docker lists its containers', () => {
    const manifests = one.replace('db:1}', 'db:1, replicas: 2}');
    const [a, b, web] = ['db-1 running up=10', 'db-2 running up=12', 'web-1 running up=100'];
    expect(twice({ manifests, docker: `${a}\n${b}\n${web}` }, `${b}\n${a}\n${web}`)).toEqual([]);
    expect(
      twice({ manifests, docker: `${a}\n${b}\n${web}` }, `${b}\n${a.replace('10', '5')}\n${web}`),
    ).toEqual([RESTART]);
  });

  test('2.4 also where the network is shared', () => {
    const manifests = 'vpn: {image: vpn:1}\nweb: {image: web:1, network_mode: "service:vpn"}';
    const docker = 'vpn-1 running id=a up=10\nweb-1 running in=a up=100';
    expect(twice({ manifests, docker }, docker)).toEqual([]);
    expect(twice({ manifests, docker }, docker.replace('10', '5'))).toHaveLength(1);
  });
});

test('2.4 of a shared network only the container that has it must be followed', () => {
  const manifests = 'vpn: {image: vpn:1, replicas: 2}\nweb: {image: web:1, network_mode: "service:vpn"}';
  expect(
    linesOf({
      manifests,
      docker: 'vpn-1 running id=a up=5\nvpn-2 running id=b up=100\nweb-1 running in=b up=50',
    }),
  ).toEqual([]);
});
