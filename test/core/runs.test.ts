// Owns: that the age of a run is not moved by clocks that somebody sets.
import { expect, test } from 'vitest';
import { type Run, runsSeen, upForMs } from '../../src/core/runs.js';
import { type containerId, serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import { contextOf } from '../support/decision.js';

const HOUR_MS = 3_600_000;
const at = (monotonicMs: number, wallMs: number) => ({ monotonicMs, wallMs });

/** A container as a decision sees it, in a run that began then. */
function containerIn(startedAt: number | null): ObservedContainer {
  const { observed } = contextOf({ manifests: 'web: {image: web:1}', docker: 'web-1 running' });
  const [container] = observed.services.get(serviceName('web')) ?? [];
  if (container === undefined) throw new Error('there is no container');
  return { ...container, startedAt };
}

const seen = (...looks: readonly (readonly [ObservedContainer, ReturnType<typeof at>])[]) =>
  looks.reduce<ReadonlyMap<ReturnType<typeof containerId>, Run>>(
    (runs, [container, now]) => runsSeen(runs, [container], now),
    new Map(),
  );

test('4.4 a run whose beginning was seen must be as old as the time since then, whatever the clocks say', () => {
  const now = at(2_000, 100_000);
  const runs = seen([containerIn(null), at(1_000, 99_000)], [containerIn(100_000), now]);
  for (const jumpMs of [0, HOUR_MS, -HOUR_MS]) {
    const later = at(9_000, 107_000 + jumpMs);
    expect(upForMs(containerIn(100_000), { memory: { runs }, now: later })).toBe(7_000);
  }
});

test('4.4 a run that was under way when it was first seen must have the age that Docker gives it', () => {
  const runs = seen([containerIn(100_000), at(1_000, 130_000)]);
  expect(upForMs(containerIn(100_000), { memory: { runs }, now: at(3_000, 500_000) })).toBe(32_000);
});

test('4.4 another run must begin to count anew, also where the daemon lives in another time', () => {
  const runs = seen([containerIn(100_000), at(1_000, 130_000)], [containerIn(50_000), at(5_000, 134_000)]);
  expect(upForMs(containerIn(50_000), { memory: { runs }, now: at(6_000, 135_000) })).toBe(1_000);
});

test('4.4 no run may have an age below 0, nor one that has never begun any', () => {
  expect(upForMs(containerIn(900_000), { memory: { runs: new Map() }, now: at(1, 100_000) })).toBe(0);
  expect(
    upForMs(containerIn(null), { memory: { runs: seen([containerIn(null), at(1, 1)]) }, now: at(9, 9) }),
  ).toBe(0);
});

test('4.4 a run that was not seen yet must have the age that Docker gives it, whatever was seen before', () => {
  const runs = seen([containerIn(100_000), at(1_000, 130_000)]);
  expect(upForMs(containerIn(200_000), { memory: { runs }, now: at(90_000, 205_000) })).toBe(5_000);
});
