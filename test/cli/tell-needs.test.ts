// Owns: the line about what would have to be allowed, and when a controller says it.
import { expect, test } from 'vitest';
import { createNeedsTeller, renderNeeds } from '../../src/cli/tell-needs.js';

test.each([
  [1, 'socket', '1 service needs: --allow socket'],
  [15, 'bind:/mnt/data,socket', '15 services need: --allow bind:/mnt/data,socket'],
  [2, "bind:/a b,bind:/it's", "2 services need: --allow 'bind:/a b,bind:/it'\\''s'"],
  [2, 'bind:/a\\,b', "2 services need: --allow 'bind:/a\\,b'"],
  [2, 'bind:/$HOME', "2 services need: --allow 'bind:/$HOME'"],
])('9.3 the line must be ready for a shell: %i %s', (services, allow, line) => {
  expect(renderNeeds({ services, allow })).toEqual([line]);
});

test('9.3 a controller must say it once, and again when it is another', () => {
  const lines: string[] = [];
  const tell = createNeedsTeller({ warn: (_facts, message) => void lines.push(message) });
  const first = { services: 1, allow: 'socket' };
  for (const needs of [null, first, first, null, first, { services: 2, allow: 'socket' }]) tell({ needs });
  expect(lines).toEqual([
    '1 service needs: --allow socket',
    '1 service needs: --allow socket',
    '2 services need: --allow socket',
  ]);
});
