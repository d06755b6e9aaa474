/**
 * The log of a command.
 * Owns: its form: for people on a terminal, for programs elsewhere. Must not know: what is said.
 */
import type { StderrLog } from '../adapters/log/log.js';
import type { Config, LogLevel } from '../config.js';
import { LIMITS } from '../config.js';
import type { Invocation } from './invocation.js';
import { hasColor, type Terminal } from './terminal.js';

/** Opens the log on stderr. */
export async function openLog(level: LogLevel, { stderr, environment }: Terminal): Promise<StderrLog> {
  const { createLog } = await import('../adapters/log/log.js');
  return createLog({
    level,
    limits: LIMITS.log,
    form: stderr.isTty ? 'pretty' : 'json',
    isColoured: hasColor(stderr, environment),
  });
}

/**
 * The log of a command that shows its progress by itself: errors alone, unless a level was asked for. `isSilent`: nobody
 * else writes to the screen.
 */
export async function openQuietLog(
  { terminal, options }: Invocation,
  config: Config,
): Promise<{ readonly log: StderrLog; readonly isSilent: boolean }> {
  const isAsked = options.logLevel !== undefined || (terminal.environment.ALICIA_LOG_LEVEL ?? '') !== '';
  return { log: await openLog(isAsked ? config.logLevel : 'error', terminal), isSilent: !isAsked };
}
