// Owns: what a step carries beside its line: labels of what is made, whether a start is another try, whose fault a stop is.
import { describe, expect, test } from 'vitest';
import { pass } from '../support/decision.js';

describe('contract 3: what a new container is labelled with', () => {
  test('its image, its revision, and the services that it requires', () => {
    const manifests =
      '{bus: {image: bus:1}, db: {image: db:1}, web: {image: web:1, depends_on: {bus: {condition: service_started}, db: {condition: service_started, required: false}}}}';
    const [step] = pass({ manifests, docker: 'bus-1 running\ndb-1 running' }).steps;
    expect(step).toMatchObject({
      kind: 'createContainer',
      draft: { owned: { service: 'web', slot: 1, image: 'sha256:1', dependsOn: ['bus'], revision: 'r1' } },
    });
  });
});

describe('4.5 a start', () => {
  const startOf = (docker: string): unknown => pass({ manifests: 'web: {image: web:1}', docker }).steps[0];

  test('4.5 must count as another try where one has failed, or has been before', () => {
    expect(startOf('web-1 created')).toMatchObject({ kind: 'startContainer', again: false });
    expect(startOf('web-1 created error=no_such_device')).toMatchObject({ again: true });
    expect(startOf('web-1 created restarts=1')).toMatchObject({ again: true });
  });
});

describe('4.5 a stop', () => {
  test('4.5 must be a verdict in a rollout that failed alone', () => {
    const stopOf = (docker: string): unknown => pass({ manifests: 'web: {image: web:2}', docker }).steps[0];
    expect(stopOf('web-1 running\nweb-2 running')).toMatchObject({ kind: 'stopContainer', isVerdict: false });
    expect(stopOf('web-1-old other exited\nweb-1 restarting restarts=1')).toMatchObject({
      kind: 'stopContainer',
      isVerdict: true,
    });
  });
});
