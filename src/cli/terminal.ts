/**
 * The outside of a command: two streams, the environment, a question, signals.
 * Owns: the interface, so that commands run in tests as they do in a process. Must not know: any command.
 */
import type { Clock } from '../controller/ports.js';
import type { FileText } from '../flags.js';

/** One of the two streams that a command writes to. */
export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  /** Width in characters; what a table or a redrawn line may take. */
  readonly columns: number;
  readonly rows: number;
}

/** What a command is run in. */
export interface Terminal {
  /** Data. */
  readonly stdout: Output;
  /** Log, notes, problems. */
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => FileText;
  /** Name of this machine. */
  readonly hostname: string;
  readonly pid: number;
  readonly clock: Clock;
  /** Asks on the terminal; null: there is nobody who could answer. */
  ask(question: string): Promise<string | null>;
  /** Calls `listener` at SIGINT and SIGTERM instead of ending; returns the way to stop that. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Ends the process at once. */
  exitNow(code: number): void;
}

/** Whether colours may be used on this stream: https://no-color.org, and a terminal that knows them. */
export function hasColor(output: Output, environment: Terminal['environment']): boolean {
  return output.isTty && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
}

/** Writes lines. */
export function writeLines(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`);
}
