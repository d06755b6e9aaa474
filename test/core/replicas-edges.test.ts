// Owns: which rules a slot belongs to, where two could claim it.
import { describe, expect, test } from 'vitest';
import { linesOf, pass, type Scene } from '../support/decision.js';
import { CHECK, web } from '../support/web.js';

const FRONT = 'alicia_front';
const TWO =
  'networks: {front: {}, back: {}}\nweb: {image: web:1, healthcheck: {test: [CMD, ok]}, networks: [front, back]}';

test('5 the steps of a service must be in the order of its slots', () => {
  const docker = 'web-1 running starting\nweb-2 running healthy policy=no\nweb-3 running starting';
  expect(linesOf({ manifests: web(), docker })).toEqual([
    'stop container web-1  more replicas than declared',
    'update container web-2 → unless-stopped  restart policy is no, declared is unless-stopped',
    'stop container web-3  more replicas than declared',
  ]);
});

describe('8.14 what gives no answer', () => {
  test.each([
    'web-1 other running silent\nweb-1 running healthy',
    'web-1 other running healthy\nweb-1 created silent',
  ])('8.14 must keep its whole slot waiting: %s', (docker) => {
    expect(linesOf({ manifests: web(), docker })).toEqual([]);
  });

  test('8.14 must be waited for where its slot is given up, too', () => {
    const one = 'web-1 running healthy age=1';
    expect(linesOf({ manifests: web(), docker: `${one}\nweb-2 running silent` })).toEqual([]);
    expect(linesOf({ manifests: web(), docker: `${one}\nweb-2 running silent\nweb-2 other exited` })).toEqual(
      [],
    );
  });
});

describe('8.12 what is being removed', () => {
  test.each([
    'web-1 running healthy id=a\nweb-1 removing id=b',
    'web-1 running healthy age=1\nweb-2 removing',
  ])('8.12 must not be removed once more: %s', (docker) => {
    expect(linesOf({ manifests: web(), docker })).toEqual([]);
  });

  test('8.12 must not be taken off a network', () => {
    expect(linesOf({ manifests: TWO, docker: 'web-1 removing', changed: [FRONT] })).toEqual([]);
  });
});

describe('3.3b in a rollout', () => {
  test('3.3b a new one must be put on all networks that are declared', () => {
    const docker = `web-1 other running healthy\nweb-1 running starting up=1 off=${FRONT}`;
    expect(linesOf({ manifests: TWO, docker })).toEqual([
      `connect container web-1 → ${FRONT}  not on ${FRONT}`,
    ]);
  });

  test('3.3b an old one, whose own declaration is not known any more, must be left where it is', () => {
    for (const word of [`off=${FRONT}`, `noalias=${FRONT}`]) {
      const docker = `web-1 other running healthy ${word}\nweb-1 running starting up=1`;
      expect(linesOf({ manifests: TWO, docker })).toEqual([]);
    }
  });
});

test('3.3 a name that another container has must be waited for', () => {
  const renamed = 'web-1 running healthy age=1 named=x';
  const [step] = pass({ manifests: web(), docker: renamed }).steps;
  if (step?.kind !== 'renameContainer') throw new Error('it is to be renamed');
  const docker = `${renamed}\nweb-2 exited named=${step.to}`;
  expect(linesOf({ manifests: web(), docker })).toEqual([
    'remove container web-2  more replicas than declared',
  ]);
});

test('2.7 of what is scaled to 0 only what runs must wait for those that need it', () => {
  const manifests = 'bus: {image: bus:1, replicas: 0}\nweb: {image: web:1, replicas: 0, depends_on: [bus]}';
  expect(linesOf({ manifests, docker: 'bus-1 running\nbus-2 exited\nweb-1 running' })).toEqual([
    'remove container bus-2  more replicas than declared',
    'stop container web-1  more replicas than declared',
  ]);
});

describe('2.2 a replica that is merely missing', () => {
  const needing = `bus: {image: bus:2, ${CHECK}}\nweb: {image: web:1, replicas: 3, depends_on: {bus: {condition: service_healthy}}}`;
  const told = (scene: Scene) =>
    pass({ ...scene, docker: 'bus-1 running healthy\nweb-1 running\nweb-2 running\nweb-3 running' }).memory;
  const updating = 'bus-1 other running healthy\nbus-1 running starting up=1';

  test('2.2 must be made while its dependency is updated, its spec being no news', () => {
    const scene: Scene = { manifests: needing };
    expect(
      linesOf({
        ...scene,
        at: 1001,
        memory: told(scene),
        docker: `${updating}\nweb-1 running\nweb-2 running`,
      }),
    ).toEqual(['create container web-3  no container in its slot']);
  });

  test('2.2 must not be made where another replica is still of another spec', () => {
    const scene: Scene = { manifests: needing };
    const docker = `${updating}\nweb-1 other running\nweb-2 running`;
    expect(linesOf({ ...scene, at: 1001, memory: told(scene), docker })).toEqual([]);
  });
});

test('4.5 no slot may be filled while the spec fails in another', () => {
  const manifests = web('replicas: 2, deploy: {update_config: {order: stop-first}}');
  const docker = 'web-1-old other exited policy=no\nweb-1 restarting restarts=2 exit=1';
  expect(linesOf({ manifests, docker })).toEqual(['stop container web-1  it keeps exiting (exited 1)']);
});

test.each([
  [`lost=${FRONT}`, `its network ${FRONT} was made anew`],
  [`noalias=${FRONT}`, `lacks its alias web on ${FRONT}`],
])('4.3 the ends of a new one must be put right in its rollout too: %s', (word, why) => {
  const manifests = TWO.replace(
    'networks: [front',
    'deploy: {update_config: {order: stop-first}}, networks: [front',
  );
  const docker = `web-1-old other exited policy=no\nweb-1 running starting ${word}`;
  expect(linesOf({ manifests, docker })).toEqual([`disconnect container web-1 ← ${FRONT}  ${why}`]);
});
