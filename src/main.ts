#!/usr/bin/env node
/**
 * The command `alicia`.
 * Owns: the end of the process. Must not know: any command.
 */
import { runCommandLine } from './cli/command-line.js';
import { createProcessTerminal } from './cli/machine-terminal.js';

const exitCode = await runCommandLine(process.argv.slice(2), createProcessTerminal());
// Sockets of an event stream outlive their stream by seconds: whoever is done does not wait for them. What was written
// to a pipe is handed over first.
await Promise.all(
  [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  ),
);
process.exit(exitCode);
