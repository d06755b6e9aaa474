// Owns: which moment a plan looks at next while nothing is done.
import { describe, expect, test } from 'vitest';
import { type Lull, lullFrom, nextLook } from '../../src/core/forecast-time.js';
import { type ServiceName, serviceName } from '../../src/model/ids.js';

const DAY_MS = 86_400_000;
const [web, bus] = [serviceName('web'), serviceName('bus')];
const wanted = (
  moments: readonly (readonly [ServiceName, number])[],
  objectsRecheckAtMs: number | null = null,
) => ({
  ...{ recheckAtMs: new Map(moments), objectsRecheckAtMs },
});
const lull = (sinceMs: number, moments: readonly (readonly [string, number])[] = []): Lull => ({
  ...{ sinceMs, moments: new Map(moments) },
});

describe('1.4 the next look of a plan', () => {
  test('1.4 must be none where nobody wants one', () => {
    expect(nextLook(lullFrom(0), wanted([]), 5_000)).toBeNull();
  });

  test('1.4 must never jump over a moment that is named again', () => {
    const known = lull(0, [['web', 5_000]]);
    expect(
      nextLook(
        known,
        wanted([
          [web, 5_000],
          [bus, 4_500],
        ]),
        4_000,
      )?.atMs,
    ).toBe(5_000);
    expect(nextLook(known, wanted([[bus, 4_500]]), 4_000)?.atMs).toBe(16_000);
    expect(nextLook(known, wanted([[web, 20_000]]), 4_000)?.atMs).toBe(20_000);
  });

  test('1.4 must heed what objects of no service wait for', () => {
    const first = nextLook(lullFrom(0), wanted([], 5_000), 0);
    expect(first?.atMs).toBe(5_000);
    expect(nextLook(first?.lull ?? lullFrom(0), wanted([], 5_000), 4_000)?.atMs).toBe(5_000);
  });

  test('1.4 must be later than now, and no more than a day after the last step', () => {
    expect(nextLook(lullFrom(4_000), wanted([[web, 4_000]]), 4_000)?.atMs).toBe(4_001);
    expect(nextLook(lullFrom(4_000), wanted([[web, 4_000 + DAY_MS]]), 4_000)?.atMs).toBe(4_000 + DAY_MS);
    expect(nextLook(lullFrom(4_000), wanted([[web, 4_001 + DAY_MS]]), 4_000)).toBeNull();
  });
});
