/**
 * Somebody who listens to words of health, and what was told.
 */
import type { HealthListener } from '../../../src/controller/ports.js';

/** A listener that writes down: `heard`, `deaf: why`, `word: text`. */
export function createWitness(): HealthListener & { readonly told: readonly string[] } {
  const told: string[] = [];
  return {
    told,
    onHeard: () => void told.push('heard'),
    onDeaf: (reason) => void told.push(`deaf: ${reason}`),
    onWord: (text) => void told.push(`word: ${text.slice(0, 40)}`),
  };
}
