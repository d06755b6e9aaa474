// Owns: that a new container counts as failed to start only while Docker says so.
import { expect, test } from 'vitest';
import { afterSteps, failed, linesOf, pass } from '../support/decision.js';

test('4.8 a new one that could not be started twice must be no failure once Docker has forgotten why', () => {
  const manifests = 'web: {image: web:2, ports: ["80:80"]}';
  const first = pass({
    manifests,
    docker: 'web-1-old other exited\nweb-1 created id=n error=no_device age=5',
  });
  expect(first.lines).toEqual(['start container web-1  started once more before it is judged']);
  const memory = afterSteps(first, failed('portInUse'));
  // Somebody has started the old one in between.
  const revived = 'web-1 other running\nweb-1 created id=n age=5';
  expect(linesOf({ manifests, docker: revived, memory, at: 1010 })).toEqual([
    'stop container web-1 (other)  its spec changed',
  ]);
  const failing = revived.replace('age=5', 'age=5 error=no_device');
  expect(linesOf({ manifests, docker: failing, memory, at: 1010 })).toEqual([
    'rename container web-1 → failed  no device',
  ]);
});
