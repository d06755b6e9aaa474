// Owns: what a service at replicas 0 waits for before its containers stop.
import { describe, expect, test } from 'vitest';
import { waitsToGo } from '../../src/core/goes-after.js';
import { serviceName } from '../../src/model/ids.js';
import { contextOf, firstContainerOf, type Scene } from '../support/decision.js';

const KEPT = 'a: {image: a:1}\nb: {image: b:1}\nc: {image: c:1}';
const NONE = 'replicas: 0, image: "x:1"';
const BOTH = `bus: {${NONE}}\nweb: {${NONE}, depends_on: [bus]}`;
const WAITS = 'waits for web to stop first';

/** What `bus` waits for. */
function busWaits(manifests: string, docker: string, more: Partial<Scene> = {}): string | null {
  const running = 'a-1 running\nb-1 running\nc-1 running';
  const context = contextOf({ manifests: `${KEPT}\n${manifests}`, docker: `${running}\n${docker}`, ...more });
  const bus = context.desired.services.get(serviceName('bus'));
  if (bus === undefined) throw new Error('no bus');
  return waitsToGo(bus, context);
}

describe('2.7 stopping goes in reverse', () => {
  test('2.7 what is needed must wait for what needs it and goes as well, by manifest', () => {
    expect(busWaits(BOTH, 'bus-1 running\nweb-1 running')).toBe(WAITS);
    expect(busWaits(BOTH, 'bus-1 running\nweb-1 restarting\nweb-2 exited')).toBe(WAITS);
    expect(busWaits(BOTH, 'bus-1 running\nweb-1 exited')).toBeNull();
    expect(busWaits(BOTH, 'bus-1 running')).toBeNull();
  });

  test('2.7 a label must count as well as a manifest, and a manifest that is gone', () => {
    const docker = 'bus-1 running\nweb-1 running needs=bus';
    expect(busWaits(`bus: {${NONE}}\nweb: {${NONE}}`, docker)).toBe(WAITS);
    expect(busWaits(`bus: {${NONE}}`, docker)).toBe(WAITS);
    expect(busWaits(`bus: {${NONE}}`, docker, { absence: { kind: 'unconfirmed' } })).toBe(WAITS);
  });

  test('2.7 an optional need must keep nothing', () => {
    const optional = BOTH.replace('depends_on', 'optional_deps');
    expect(busWaits(optional, 'bus-1 running\nweb-1 running')).toBeNull();
  });

  test('2.4 what stays must keep nothing from going', () => {
    const docker = 'bus-1 running\nweb-1 running needs=bus';
    expect(busWaits(`bus: {${NONE}}\nweb: {image: "x:1", depends_on: [bus]}`, docker)).toBeNull();
    expect(busWaits(BOTH.replace('web: {', 'web: {maintenance: true, '), docker)).toBeNull();
    expect(busWaits(`bus: {${NONE}}`, `${docker} kept`)).toBeNull();
    expect(busWaits(`bus: {${NONE}}`, docker, { rejected: { web: 'line 3' } })).toBeNull();
    const ownContainerId = firstContainerOf({ manifests: BOTH, docker }, 'web');
    expect(busWaits(BOTH, docker, { settings: { ownContainerId } })).toBeNull();
  });

  test('8.13 what is stuck or gives no answer must keep nothing from going', () => {
    expect(busWaits(BOTH, 'bus-1 running\nweb-1-stuck-abcd restarting')).toBeNull();
    expect(busWaits(BOTH, 'bus-1 running\nweb-1 running silent')).toBeNull();
  });

  test('2.7 labels that have closed a circle must keep nothing for ever', () => {
    expect(busWaits(BOTH, 'bus-1 running needs=web\nweb-1 running')).toBeNull();
  });

  test('2.7 all of them must be named, and what is not scaled to 0 waits for nothing', () => {
    const three = `${BOTH}\nui: {${NONE}, depends_on: [bus]}`;
    expect(busWaits(three, 'bus-1 running\nweb-1 running\nui-1 running')).toBe(
      'waits for ui, web to stop first',
    );
    expect(
      busWaits(three.replace('bus: {replicas: 0', 'bus: {replicas: 1'), 'bus-1 running\nweb-1 running'),
    ).toBeNull();
  });
});
