/**
 * A log that keeps what was said.
 */
import type { Log } from '../../src/controller/ports.js';

/** One line. */
export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A log and its lines. */
export function createSilentLog(): Log & { readonly lines: readonly Line[] } {
  const lines: Line[] = [];
  const at =
    (level: Line['level']) =>
    (facts: Line['facts'], message: string): void => {
      lines.push({ level, facts, message });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
