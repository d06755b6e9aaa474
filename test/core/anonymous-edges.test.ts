// Owns: which mounts of a container are anonymous volumes, and in which order they are passed on.
import { describe, expect, test } from 'vitest';
import { carriedTo } from '../../src/core/anonymous.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedMount } from '../../src/model/observed.js';
import { contextOf, linesOf, pass } from '../support/decision.js';
import { ANONYMOUS, CARRIED } from '../support/decision-observed.js';

const WEB = 'web: {image: web:2}';
const mount = (kind: ObservedMount['kind'], source: string): ObservedMount => ({
  kind,
  source,
  target: '/data',
  readOnly: false,
});

/** What is carried of an old container with one mount, where its label names these volumes. */
function carried(only: ObservedMount, anonymous: readonly string[] = []): readonly string[] {
  const web = serviceName('web');
  const { desired, observed } = contextOf({ manifests: WEB, docker: 'web-1-old other exited' });
  const [old] = observed.services.get(web) ?? [];
  const service = desired.services.get(web);
  if (service === undefined || old === undefined) throw new Error('no web');
  const changed = { ...old, mounts: [only], owned: { ...old.owned, anonymous } };
  return carriedTo(service.container, changed).map(({ volume }) => volume);
}

describe('5.4 what is carried over', () => {
  test('5.4 must be volumes that nobody named, and those that the label lists', () => {
    expect(carried(mount('volume', ANONYMOUS))).toEqual([ANONYMOUS]);
    expect(carried(mount('volume', 'data'), ['data'])).toEqual(['data']);
    expect(carried(mount('volume', 'alicia_data'))).toEqual([]);
    expect(carried(mount('volume', 'alicia_data'), ['other'])).toEqual([]);
  });

  test('5.4 must be no folder of the host, whatever it is called and whatever the label says', () => {
    expect(carried(mount('bind', ANONYMOUS))).toEqual([]);
    expect(carried(mount('bind', '/srv/data'), ['/srv/data'])).toEqual([]);
    expect(carried(mount('bind', '/srv/data'))).toEqual([]);
  });

  test('5.4 must fill the very place that the new spec declares an anonymous volume for', () => {
    const manifests = 'web: {image: web:2, volumes: ["/data"]}';
    expect(linesOf({ manifests, docker: 'web-1-old other exited anonymous=/data' })).toEqual([
      'create container web-1 with /data  its spec changed',
    ]);
  });

  test('5.4 must be in order of its places, and the label in that of its names', () => {
    const docker = 'web-1-old other exited anonymous=/z carried=/a';
    expect(linesOf({ manifests: WEB, docker })).toEqual([
      'create container web-1 with /a, /z  its spec changed',
    ]);
    const [step] = pass({ manifests: WEB, docker }).steps;
    expect(step).toMatchObject({ draft: { owned: { anonymous: [ANONYMOUS, CARRIED] } } });
  });
});
