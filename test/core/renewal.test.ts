// Owns: networks and volumes whose declaration has changed.
import { describe, expect, test } from 'vitest';
import { eventTypes, linesOf, pass, passes } from '../support/decision.js';

const MANIFESTS =
  '{web: {image: web:1, networks: {front: {ipv4_address: 172.20.0.9}}}, b: {image: b:1, networks: [front]}, networks: {front: {}}}';
const FRONT = 'alicia_front';

describe('5.5 a network whose spec changed', () => {
  const at = (docker: string): readonly string[] =>
    linesOf({ manifests: MANIFESTS, docker, changed: [FRONT] });

  test('5.5 all ends must be taken off first, those of stopped containers too', () => {
    expect(at('b-1 running\nweb-1 running')).toEqual([
      `disconnect container b-1 ← ${FRONT}  network ${FRONT} is made anew`,
      `disconnect container web-1 ← ${FRONT}  network ${FRONT} is made anew`,
    ]);
    expect(at(`b-1 running off=${FRONT}\nweb-1 running off=${FRONT}\nweb-1-old other exited`)).toEqual([
      `disconnect container web-1 (other) ← ${FRONT}  network ${FRONT} is made anew`,
    ]);
  });

  test('5.5 nothing may be attached or made on it meanwhile', () => {
    expect(at(`b-1 running off=${FRONT}\nweb-1 running`)).toEqual([
      `disconnect container web-1 ← ${FRONT}  network ${FRONT} is made anew`,
    ]);
    expect(at('web-1 running')).not.toContain('create container b-1  no container in its slot');
  });

  test('5.5 then it must be removed, made, and everybody attached with aliases and addresses', () => {
    const off = `b-1 running off=${FRONT}\nweb-1 running off=${FRONT}`;
    expect(at(off)).toEqual([`remove network ${FRONT}  its declaration changed`]);
    expect(linesOf({ manifests: MANIFESTS, docker: off, networks: [] })).toContain(
      `create network ${FRONT}  does not exist`,
    );
    const { steps } = pass({ manifests: MANIFESTS, docker: off });
    expect(steps).toMatchObject([
      { kind: 'connectNetwork', attachment: { network: FRONT, aliases: ['b'] } },
      { kind: 'connectNetwork', attachment: { network: FRONT, aliases: ['web'], ipv4Address: '172.20.0.9' } },
    ]);
  });

  test('5.5 while a container that is not ours is on it it must stay, and this be said', () => {
    const scene = {
      manifests: MANIFESTS,
      docker: 'b-1 running\nweb-1 running',
      changed: [FRONT],
      others: [{ name: 'guest', networks: [FRONT] }],
    };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('b')).toMatch(
      /^running OutOfSync Healthy NetworkFailed: network alicia_front is declared otherwise now, but container guest, which is not ours, is on it/,
    );
  });

  test('5.5 a service under maintenance must not be taken off', () => {
    const manifests = MANIFESTS.replace('b: {image', 'b: {maintenance: true, image');
    expect(linesOf({ manifests, docker: 'b-1 running\nweb-1 running', changed: [FRONT] })).toEqual([]);
  });

  test('5.5 it must be no drift', () => {
    const all = passes([
      { manifests: MANIFESTS, docker: 'b-1 running\nweb-1 running' },
      { manifests: MANIFESTS, docker: 'b-1 running\nweb-1 running', changed: [FRONT], at: 1001 },
      { manifests: MANIFESTS, docker: `b-1 running off=${FRONT}\nweb-1 running off=${FRONT}`, at: 1002 },
    ]);
    expect(all.flatMap(eventTypes)).not.toContain('drift_detected');
  });
});

describe('5.5 a volume whose spec changed', () => {
  const manifests = '{web: {image: web:1, volumes: ["data:/data"]}, volumes: {data: {}}}';
  const scene = { manifests, docker: 'web-1 running', changed: ['alicia_data'] };

  test('5.5 must never be touched', () => {
    expect(linesOf(scene)).toEqual([]);
  });

  test('5.5 must be said: out of sync, while what runs is well', () => {
    expect(pass(scene).status('web')).toMatch(
      /^running OutOfSync Healthy NameConflict: volume alicia_data is declared otherwise now, and its data is never touched/,
    );
  });
});
