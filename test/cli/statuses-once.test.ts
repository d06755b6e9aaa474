// Owns: what a command that looks once makes of what it sees.
import { expect, test } from 'vitest';
import { statusesIn } from '../../src/cli/statuses-once.js';
import { emptyMemory } from '../../src/core/memory.js';
import { contextOf } from '../support/decision.js';

const messages = (manifests: string, docker: string): readonly string[] =>
  statusesIn(contextOf({ manifests, docker, memory: emptyMemory })).map(
    ({ service, reason, message }) => `${service} ${reason}: ${message}`,
  );

test('6.3 what is found at rest must count as ended, and be said to wait for what keeps it from a start', () => {
  const manifests = 'db: {image: db:1, replicas: 0}\nweb: {image: web:1, depends_on: [db]}';
  expect(messages(manifests, 'web-1 exited exit=1 ended=3600')).toEqual([
    'db null: ',
    'web DependencyNotReady: waits for db, which has 0 replicas',
  ]);
});

test('statuses must be sorted by name', () => {
  expect(messages('b: {image: a:1, replicas: 0}\na: {image: a:1, replicas: 0}', '')).toEqual([
    'a null: ',
    'b null: ',
  ]);
});
