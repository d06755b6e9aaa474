/** Owns: when many hints become one. */
import { describe, expect, it } from 'vitest';
import { createDebounce } from '../../../src/adapters/files/debounce.js';
import { createVirtualClock } from './virtual-clock.js';

function debounced() {
  const clock = createVirtualClock();
  const firedMs: number[] = [];
  const debounce = createDebounce({ clock, quietMs: 300, maxQuietMs: 3000 }, () => {
    firedMs.push(clock.now().monotonicMs);
  });
  return { clock, debounce, firedMs };
}

describe('7.1 hints', () => {
  it('must be given 300 ms after the last of a run', () => {
    const { clock, debounce, firedMs } = debounced();
    debounce.hint();
    clock.advance(299);
    debounce.hint();
    clock.advance(299);
    expect(firedMs).toEqual([]);
    clock.advance(10_000);
    expect(firedMs).toEqual([599]);
  });

  it('must be given after 3 s although changes never end', () => {
    const { clock, debounce, firedMs } = debounced();
    for (let round = 0; round < 70; round += 1) {
      debounce.hint();
      clock.advance(100);
    }
    expect(firedMs).toEqual([3000, 6000]);
  });

  it('must not be given once cancelled', () => {
    const { clock, debounce, firedMs } = debounced();
    debounce.hint();
    debounce.cancel();
    clock.advance(10_000);
    expect(firedMs).toEqual([]);
  });
});
