// Owns: anonymous volumes: carried over, and deleted with what goes for good.
import { describe, expect, test } from 'vitest';
import { afterSteps, linesOf, pass, type Scene } from '../support/decision.js';
import { ANONYMOUS, CARRIED } from '../support/decision-observed.js';

const web = (fields = ''): string => `web: {image: web:2${fields}}`;

describe('5.4 a replacement takes the anonymous volumes over', () => {
  test('5.4 by name, listed in its label', () => {
    const scene = { manifests: web(), docker: 'web-1-old other exited anonymous=/data' };
    expect(linesOf(scene)).toEqual(['create container web-1 with /data  its spec changed']);
    const [step] = pass(scene).steps;
    expect(step).toMatchObject({
      draft: { carried: [{ volume: ANONYMOUS, target: '/data' }], owned: { anonymous: [ANONYMOUS] } },
    });
  });

  test('5.4 those that were carried before, too', () => {
    const [step] = pass({ manifests: web(), docker: 'web-1-old other exited carried=/data' }).steps;
    expect(step).toMatchObject({ draft: { carried: [{ volume: CARRIED, target: '/data' }] } });
  });

  test('5.4 but not where the new spec mounts something itself', () => {
    const manifests = web(', volumes: ["./data:/data"]');
    expect(linesOf({ manifests, docker: 'web-1-old other exited anonymous=/data' })).toEqual([
      'create container web-1  its spec changed',
    ]);
  });

  test('5.4 a one-shot’s successor, too: it is made before the old one goes', () => {
    const manifests = web(', restart: "no"');
    expect(linesOf({ manifests, docker: 'web-1 other exited anonymous=/data' })).toEqual([
      'rename container web-1 (other) → old  its spec changed',
    ]);
    expect(linesOf({ manifests, docker: 'web-1-old other exited anonymous=/data' })).toEqual([
      'create container web-1 with /data  its spec changed',
    ]);
    expect(linesOf({ manifests, docker: 'web-1-old other exited anonymous=/data\nweb-1 created' })).toEqual([
      'remove container web-1 (other)  its spec changed',
    ]);
  });

  test('5.4 the old one must go without them', () => {
    const docker = 'web-1-old other exited anonymous=/data\nweb-1 running up=10 carried=/data';
    expect(linesOf({ manifests: web(), docker })).toEqual([
      'remove container web-1 (other)  its successor is ready',
    ]);
  });
});

describe('5.4 what goes for good takes them along', () => {
  test('5.4 a replica too many', () => {
    expect(linesOf({ manifests: web(), docker: 'web-1 running\nweb-2 exited anonymous=/data' })).toContain(
      'remove container web-2 with its volumes  more replicas than declared',
    );
  });

  test('5.4 evidence of a spec that is given up, which must leave alone what it was given by its predecessor', () => {
    const docker = 'web-1 running\nweb-1-failed other exited anonymous=/data';
    expect(linesOf({ manifests: web(), docker })).toEqual([
      'remove container web-1 (other) with its volumes  evidence of a spec that is no longer wanted',
    ]);
    const [step] = pass({ manifests: web(), docker: docker.replace('anonymous', 'carried') }).steps;
    expect(step).toMatchObject({ withVolumes: true, carried: [] });
  });

  test('5.4 the new one of an edit that was taken back, or of a slot that is rolled back although it did well', () => {
    const back = 'web-1-old exited\nweb-1 other exited age=5 anonymous=/data';
    expect(linesOf({ manifests: web(), docker: back })).toEqual([
      'remove container web-1 (other) with its volumes  the edit was taken back',
    ]);
    const held =
      'web-1-old other exited\nweb-1 exited anonymous=/data\nweb-2 other running\nweb-2-failed exited policy=no';
    expect(linesOf({ manifests: web(', replicas: 2'), docker: held })).toContain(
      'remove container web-1 with its volumes  rolling back',
    );
  });

  test('5.4 evidence in a slot that is given up, with what it was given, too', () => {
    const docker = 'web-1 running\nweb-2-failed other exited carried=/data';
    const [step] = pass({ manifests: web(), docker }).steps;
    expect(step).toMatchObject({ withVolumes: true, carried: [CARRIED] });
  });

  test('5.4 but not a double of the wanted one, which may have served for long', () => {
    const docker = 'web-1 running\nweb-1 exited id=b anonymous=/data';
    expect(linesOf({ manifests: web(), docker })).toEqual(['remove container web-1  left over in its slot']);
  });

  test('5.4 a service whose manifest is gone', () => {
    expect(
      linesOf({ manifests: 'a: {image: a:1}', docker: 'a-1 running\nweb-1 exited anonymous=/data' }),
    ).toEqual(['remove container web-1 with its volumes  its manifest is gone']);
  });

  test('5.4 but not with replicas: 0, which keeps the declaration', () => {
    expect(linesOf({ manifests: web(', replicas: 0'), docker: 'web-1 exited anonymous=/data' })).toEqual([
      'remove container web-1  more replicas than declared',
    ]);
  });

  test('5.4 a carried one must be deleted by name, once nothing mounts it', () => {
    const scene: Scene = {
      manifests: web(),
      docker: 'web-1 running\nweb-2 exited carried=/data',
      volumes: [CARRIED],
    };
    const memory = afterSteps(pass(scene));
    expect(linesOf({ ...scene, memory, at: 1001 })).not.toContain(
      `remove volume ${CARRIED}  its replica is gone for good`,
    );
    expect(linesOf({ ...scene, docker: 'web-1 running', memory, at: 1002 })).toEqual([
      `remove volume ${CARRIED}  its replica is gone for good`,
    ]);
  });
});

test('5.4 named volumes must stay, whatever goes', () => {
  const manifests = '{a: {image: a:1}, volumes: {}}';
  const docker = 'a-1 running\nweb-1 exited';
  expect(linesOf({ manifests, docker, volumes: ['alicia_data'] })).toEqual([
    'remove container web-1  its manifest is gone',
  ]);
  expect(linesOf({ manifests, docker: 'a-1 running', volumes: ['alicia_data'] })).toEqual([]);
});
