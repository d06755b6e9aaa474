/**
 * The program as users run it: `node dist/main.js` in a process of its own.
 * Owns: starting it, reading what it says, ending it kindly or not. Must not know: manifests, Docker, what is tested.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../support/paths.js';

/** How a process ended: by itself with a code, or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program. */
export interface Program {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ending>;
  readonly hasEnded: () => boolean;
  /** As `kill -9` does; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with how it ended. */
  terminate(): Promise<Ending>;
}

/** What a program said from its start to its end. */
export interface Said extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of the structured log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string; readonly event?: string };

const command = join(root, 'dist', 'main.js');

/** Starts `alicia <words>`; the environment of the tests is kept but for what would set our flags. */
export function startProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Program {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ALICIA_'));
  const child = spawn(process.execPath, [command, ...words], {
    cwd: '/',
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  let ending: Ending | null = null;
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      ending = { code, signal };
      resolve(ending);
    });
  });
  const endBy = async (signal: NodeJS.Signals): Promise<Ending> => {
    if (ending === null) child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    hasEnded: () => ending !== null,
    kill: async () => void (await endBy('SIGKILL')),
    terminate: () => endBy('SIGTERM'),
  };
}

/** The log that a program wrote so far; lines that are not JSON, or not yet whole, are left out. */
export function logOf(program: Pick<Program, 'stderr'>): readonly LogLine[] {
  return program
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
}
