/**
 * Runs a program in a container and waits for its end.
 * Owns: that its output is read to the end, and that only a known exit code is told. Must not know: what the code means.
 */
import type { IncomingMessage } from 'node:http';
import type { CallOptions } from '../../controller/ports.js';
import type { DockerConnection } from './connection.js';
import { adapterError } from './errors.js';
import { recordOf } from './json.js';

/** The output ends a moment before Docker knows of the end. */
const LOOK_AGAIN_MS = 50;

/** A program to run. */
export interface Program {
  /** Id of the container, as a part of a path. */
  readonly id: string;
  readonly command: readonly string[];
}

/** Runs it; resolves to its exit code. All of it shares one deadline; past it the program may run on. */
export function runInContainer(
  connection: DockerConnection,
  { id, command }: Program,
  options: CallOptions,
): Promise<number> {
  return connection.call({ kind: 'exec', subject: id, ...options }, async ({ docker }, abortSignal) => {
    const _body = { AttachStdin: false, AttachStdout: true, AttachStderr: true, Tty: false, Cmd: command };
    const exec = await docker.getContainer(id).exec({ _body, abortSignal });
    const output = await exec.start({ _body: { Detach: false, Tty: false }, abortSignal });
    await readToEnd(output as IncomingMessage);
    while (!abortSignal.aborted) {
      const exitCode = exitCodeOf(await exec.inspect({ abortSignal }));
      if (exitCode !== null) return exitCode;
      await new Promise<void>((resolve) => {
        connection.clock.after(LOOK_AGAIN_MS, resolve);
      });
    }
    throw adapterError('unknownOutcome', 'the program had not ended in time');
  });
}

/** Null: it still runs. */
function exitCodeOf(answer: unknown): number | null {
  const { Running, ExitCode } = recordOf(answer);
  if (Running === true) return null;
  if (typeof ExitCode !== 'number')
    throw adapterError('engine', 'Docker does not say how the program ended', 200);
  return ExitCode;
}

/** Nothing is kept of the output: it may be endless. */
function readToEnd(output: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    output.on('error', reject);
    output.on('close', resolve);
    output.resume();
    // It may have closed before anyone listened.
    if (output.destroyed) resolve();
  });
}
