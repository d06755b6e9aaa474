// Owns: a terminal whose streams are texts, for commands called as functions.
import { readFileSync } from 'node:fs';
import { runCommandLine } from '../../../src/cli/command-line.js';
import type { Output, Terminal } from '../../../src/cli/terminal.js';
import type { Clock } from '../../../src/controller/ports.js';

/** What a test may choose. */
export interface FakeTerminalOptions {
  readonly isTty?: boolean;
  readonly columns?: number;
  readonly environment?: Terminal['environment'];
  /** What somebody answers; null: there is nobody. */
  readonly answer?: string | null;
  readonly clock?: Clock;
}

/** A terminal and what was written to it. */
export interface FakeTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
  readonly questions: readonly string[];
  readonly exits: readonly number[];
  raise(signal: 'SIGINT' | 'SIGTERM'): void;
}

/** The clock of the machine. */
const realClock: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A terminal without a screen, unless the test asks for one. */
export function createFakeTerminal(options: FakeTerminalOptions = {}): FakeTerminal {
  const { isTty = false, columns = 100, environment = {}, answer = null, clock = realClock } = options;
  const texts = { out: '', err: '' };
  const listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  const questions: string[] = [];
  const exits: number[] = [];
  const output = (name: 'out' | 'err'): Output => ({
    ...{ isTty, columns, rows: 24 },
    write: (text) => {
      texts[name] += text;
    },
  });
  return {
    ...{ environment, clock, questions, exits, hostname: 'box', pid: 42 },
    stdout: output('out'),
    stderr: output('err'),
    readFile: (path) => ({ kind: 'text', text: readFileSync(path, 'utf8') }),
    ask: async (question) => {
      questions.push(question);
      return answer;
    },
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow: (code) => {
      exits.push(code);
    },
    raise: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    out: () => texts.out,
    err: () => texts.err,
  };
}

/** Types a line, split at spaces, and tells what came of it. */
export async function type(
  line: string,
  options: FakeTerminalOptions = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const terminal = createFakeTerminal(options);
  const words = line.split(' ').filter((word) => word !== '');
  const code = await runCommandLine(words, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}
