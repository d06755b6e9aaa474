/**
 * The log on stderr.
 * Owns: pino, its form for people and for programs. Must not know: what is worth saying.
 *
 * Invariant: a reader that has stopped reading stops nobody here: what does not fit into the buffer is dropped.
 */
import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import type { Log } from '../../controller/ports.js';
import { dotted } from '../../model/printable.js';
import { withoutLogins } from '../../model/secrets.js';
import { withoutSecrets } from './secrets.js';

/** What a log needs. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly limits: LogLimits;
  /** For people (one short line each, with colours unless `NO_COLOR`) or one JSON object a line. */
  readonly form: 'pretty' | 'json';
  /** Only with `pretty`. */
  readonly isColoured: boolean;
  /** File descriptor; 2, stderr, by default. */
  readonly descriptor?: number;
}

/** Maxima of a log; the command line names them. */
export interface LogLimits {
  /** Bytes that wait for a slow reader. */
  readonly bufferBytes: number;
  /** How long the end of the process waits for one. */
  readonly flushMs: number;
}

/** A log that can be brought to its end. */
export interface StderrLog extends Log {
  /** Resolves when what waits is written, or when whoever reads is too slow; to be awaited before the process ends. */
  flush(): Promise<void>;
}

/** A log; it writes from the first line on. */
export async function createLog(options: LogOptions): Promise<StderrLog> {
  const isPretty = options.form === 'pretty';
  const output = destination({
    dest: options.descriptor ?? 2,
    // A terminal is written to at once, so that lines and progress do not mix; a pipe may be slow, and must not hold us up.
    sync: isPretty,
    // One byte: written at once all the same, but with 0 a flush waits for nothing.
    minLength: 1,
    maxLength: options.limits.bufferBytes,
  });
  // A closed terminal or pipe is no reason to end.
  output.on('error', () => {});
  const target: DestinationStream = isPretty ? await prettyOn(output, options.isColoured) : output;
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    target,
  );
  type Level = LogOptions['level'];
  const at =
    (level: Level) =>
    (facts: Readonly<Record<string, unknown>>, message: string): void => {
      if (!logger.isLevelEnabled(level)) return;
      logger[level](withoutSecrets(facts), withoutLogins(message));
    };
  return {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    flush: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, options.limits.flushMs);
        output.flush(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** Imported only where it is used: whoever reads JSON need not load it. Every line is written before the call returns. */
async function prettyOn(output: DestinationStream, isColoured: boolean): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  const render = prettyFactory({ colorize: isColoured, translateTime: 'SYS:HH:MM:ss', singleLine: true });
  return { write: (line) => output.write(render(withoutControls(line))) };
}

/** A line of JSON without what would break the line or move the cursor: pino-pretty prints messages as they are. */
const withoutControls = (line: string): string =>
  dotted(line.trimEnd()).replace(/\\(?:u00[01][0-9a-f]|["\\/bfnrt])/g, (sign) =>
    /^\\["\\/]$/.test(sign) ? sign : ' ',
  );
