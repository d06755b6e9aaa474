// Owns: which slots are filled and which are given up.
import { expect, test } from 'vitest';
import { afterSteps, eventTypes, failed, lastPass, linesOf, pass, passes } from '../support/decision.js';

const web = (replicas: number): string =>
  `web: {image: web:1, replicas: ${replicas}, healthcheck: {test: [CMD, ok]}}`;
const remove = (slot: number, which = ''): string =>
  `stop container web-${slot}${which}  more replicas than declared`;

test('5.1 the lowest free slots must be filled, all at once', () => {
  expect(linesOf({ manifests: web(4), docker: 'web-2 running healthy' })).toEqual([
    'create container web-1  no container in its slot',
    'create container web-3  no container in its slot',
    'create container web-4  no container in its slot',
  ]);
});

test('5.2 of two slots in mid-rollout the one without a new container must go, whatever the clocks say of their ages', () => {
  const docker = (age: number): string =>
    `web-1-old other exited age=100\nweb-1 running starting age=${age}\nweb-2-old other exited age=100`;
  const gone = 'remove container web-2 (other)  more replicas than declared';
  expect(linesOf({ manifests: web(1), docker: docker(10) })).toContain(gone);
  // Docker's clock was set back between: the new one seems to be an hour older.
  expect(linesOf({ manifests: web(1), docker: docker(3_600) })).toContain(gone);
});

test('5.2 what is not ready must go first', () => {
  const docker =
    'web-1 running healthy age=900\nweb-2 running starting age=10\nweb-3 running healthy age=500';
  expect(linesOf({ manifests: web(2), docker })).toEqual([remove(2)]);
});

test('5.2 then what is outdated', () => {
  const docker =
    'web-1 running healthy age=900\nweb-2 other running healthy age=10\nweb-3 running healthy age=500';
  expect(linesOf({ manifests: web(2), docker })).toEqual([remove(2, ' (other)')]);
});

test('5.2 then the oldest', () => {
  const docker =
    'web-1 running healthy age=100\nweb-2 running healthy age=900\nweb-3 running healthy age=500';
  expect(linesOf({ manifests: web(1), docker })).toEqual([remove(2), remove(3)]);
});

test('5.2 what is stopped must be removed', () => {
  const docker = 'web-1 running healthy\nweb-2 exited';
  expect(linesOf({ manifests: web(1), docker })).toEqual([
    'remove container web-2  more replicas than declared',
  ]);
});

test('8.13 what cannot be given up must be said, and tried again', () => {
  const scene = { manifests: web(1), docker: 'web-1 running healthy\nweb-2 running healthy' };
  const memory = afterSteps(pass(scene), failed('stuck', 'did not receive an exit event'));
  const next = pass({ ...scene, memory, at: 1001 });
  expect(next.lines).toEqual([]);
  expect(next.status('web')).toContain('Degraded StartFailed: did not receive an exit event');
  expect(next.recheckIn('web')).toBe(9);
});

test('contract 1: replicas 0 must remove the containers and keep the declaration', () => {
  const last = lastPass([
    { manifests: web(1), docker: 'web-1 running healthy' },
    { manifests: web(0), docker: 'web-1 running healthy', at: 1001 },
  ]);
  expect(last.lines).toEqual([remove(1)]);
  expect(lastPass([{ manifests: web(0) }]).status('web')).toBe('stopped Synced Suspended');
});

test('5.3 a stopped double of ours in a slot must be removed, a running one stopped', () => {
  expect(linesOf({ manifests: web(1), docker: 'web-1 running healthy id=a\nweb-1 exited id=b' })).toEqual([
    'remove container web-1  left over in its slot',
  ]);
  expect(
    linesOf({
      manifests: web(1),
      docker: 'web-1 other running healthy id=a\nweb-1 other2 running healthy id=b',
    }),
  ).toHaveLength(1);
});

test('5 the order of Docker’s list must not matter', () => {
  const docker = [
    'web-1 running healthy age=9 id=a',
    'web-1 running healthy age=5 id=b',
    'web-2 exited id=c',
  ];
  const shuffled = [...docker].reverse();
  expect(linesOf({ manifests: web(1), docker: shuffled.join('\n') })).toEqual(
    linesOf({ manifests: web(1), docker: docker.join('\n') }),
  );
});

test('5.2 a change of the number must be told once, when it is reached', () => {
  const [, growing, grown, again] = passes([
    { manifests: web(1), docker: 'web-1 running healthy' },
    { manifests: web(2), docker: 'web-1 running healthy', at: 1001 },
    { manifests: web(2), docker: 'web-1 running healthy\nweb-2 running healthy up=-1', at: 1002 },
    { manifests: web(2), docker: 'web-1 running healthy\nweb-2 running healthy up=-1', at: 1003 },
  ]);
  if (growing === undefined || grown === undefined || again === undefined) throw new Error('four moments');
  expect(eventTypes(growing)).not.toContain('service_scaled_up');
  expect(grown.events.find(({ type }) => type === 'service_scaled_up')?.facts).toMatchObject({
    added_instances: 1,
    new_total: 2,
  });
  expect(eventTypes(again)).not.toContain('service_scaled_up');
});
