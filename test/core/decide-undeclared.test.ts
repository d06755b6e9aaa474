// Owns: what is told of a service on its way out.
import { expect, test } from 'vitest';
import { passes } from '../support/decision.js';

test('contract 5: a service whose manifest is gone must be told of as what it is: no drift, no update, no topology', () => {
  const declared = 'a: {image: a:1}\nweb: {image: web:1, depends_on: [a]}';
  const without = 'a: {image: a:1}';
  const all = passes([
    { manifests: declared, docker: 'a-1 running\nweb-1 running id=x' },
    { manifests: without, docker: 'a-1 running\nweb-1 running id=x', at: 1001 },
    { manifests: without, docker: 'a-1 running\nweb-1 exited id=x', at: 1002 },
    { manifests: without, docker: 'a-1 running', at: 1003 },
    { manifests: without, docker: 'a-1 running', at: 1004 },
  ]);
  expect(all.map(({ lines }) => lines)).toEqual([
    [],
    ['stop container web-1  its manifest is gone'],
    ['remove container web-1  its manifest is gone'],
    [],
    [],
  ]);
  expect(all.map(({ events }) => events.map(({ type, cause }) => `${type}: ${cause}`))).toEqual([
    [],
    [],
    ['service_stopped: its manifest is gone'],
    ['service_removed: its manifest is gone'],
    [],
  ]);
});

test('contract 5: a service whose manifest is in error must be told of as it comes up, with no dependencies that nobody knows', () => {
  const rejected = { web: 'spec.image is missing' };
  const all = passes([
    { manifests: '', rejected, docker: 'web-1 created id=x' },
    { manifests: '', rejected, docker: 'web-1 running id=x up=-1', at: 1001 },
  ]);
  const [started] = all[1]?.events ?? [];
  expect(started?.type).toBe('service_started');
  expect(started?.facts).toMatchObject({ service_name: 'web', dependencies: [] });
});
