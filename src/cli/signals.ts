/**
 * Ctrl-C and SIGTERM.
 * Owns: that the first one asks for an orderly end and the second one ends at once. Must not know: what is ended.
 */
import type { Terminal } from './terminal.js';

/** The signals that have come. */
export interface Signals {
  /** The first one; null: none yet. */
  readonly first: 'SIGINT' | 'SIGTERM' | null;
  /** Resolves with the first one. */
  readonly whenFirst: Promise<'SIGINT' | 'SIGTERM'>;
  /** From here on signals do what they do by default. */
  close(): void;
}

/** The exit code that a shell gives to an end by this signal. */
export const exitCodeOf = (signal: 'SIGINT' | 'SIGTERM'): number => (signal === 'SIGINT' ? 130 : 143);

/** Begins to listen. */
export function listenToSignals(terminal: Terminal): Signals {
  let first: Signals['first'] = null;
  let tell: (signal: 'SIGINT' | 'SIGTERM') => void = () => {};
  const whenFirst = new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    tell = resolve;
  });
  const close = terminal.onSignal((signal) => {
    if (first !== null) return terminal.exitNow(exitCodeOf(signal));
    first = signal;
    tell(signal);
  });
  return {
    get first() {
      return first;
    },
    whenFirst,
    close,
  };
}
