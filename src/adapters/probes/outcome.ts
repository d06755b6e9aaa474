/**
 * One attempt on a socket: its end, whatever comes first.
 * Owns: what each error of a connection means. Must not know: what is asked over it.
 */
import type { Clock } from '../../controller/ports.js';
import type { ProbeResult } from '../../model/probe-result.js';

/** An attempt under way. */
export interface Attempt {
  readonly host: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Resolves once, with what `begin` settles or with the end of the time. `begin` returns the way to give up whatever is
 * open; it is always called. What `begin` throws is a probe that cannot be made.
 */
export function attempt(
  { host, timeoutMs, clock }: Attempt,
  begin: (settle: (result: ProbeResult | Error) => void) => () => void,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const open = { close: (): void => {}, isSettled: false };
    const settle = (result: ProbeResult): void => {
      if (open.isSettled) return;
      open.isSettled = true;
      cancel();
      open.close();
      resolve(result);
    };
    const cancel = clock.after(timeoutMs, () =>
      settle({ kind: 'failure', message: `gave no answer within ${timeoutMs / 1000} s` }),
    );
    try {
      const close = begin((result) => settle(result instanceof Error ? resultOf(result, host) : result));
      if (open.isSettled) close();
      open.close = close;
    } catch (error) {
      settle({ kind: 'notRun', message: `cannot be made: ${String(error)}` });
    }
  });
}

/** There is no way from here to there: nothing is known about the service. */
const NO_WAY: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH']);
/** This machine has no more sockets. */
const OUR_LACK: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

function resultOf(error: Error, host: string): ProbeResult {
  const code = 'code' in error ? String(error.code) : '';
  if (NO_WAY.has(code))
    return {
      kind: 'notRun',
      message: `cannot be made: the container's address ${host} cannot be reached from here`,
    };
  if (OUR_LACK.has(code)) return { kind: 'notRun', message: `cannot be made here: ${code}` };
  return { kind: 'failure', message: sentenceOf(code) };
}

function sentenceOf(code: string): string {
  if (code === 'ECONNREFUSED') return 'refused the connection';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'broke the connection off';
  if (code.startsWith('HPE_')) return 'gave an answer that is not HTTP';
  return code === '' ? 'failed' : `failed: ${code}`;
}
