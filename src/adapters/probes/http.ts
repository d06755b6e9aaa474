/**
 * An HTTP probe, on Node's own client.
 * Owns: which statuses hold. Must not know: thresholds, containers.
 */
import { request } from 'node:http';
import type { Clock, ProbeRunner } from '../../controller/ports.js';
import type { ProbeResult } from '../../model/probe-result.js';
import { attempt } from './outcome.js';

/** Holds on 200 to 399. A connection of its own, ended with the head of the answer: no redirect is followed, no body read. */
export const httpProbe =
  (clock: Clock): ProbeRunner['http'] =>
  ({ host, port, path, timeoutMs }) =>
    attempt({ host, timeoutMs, clock }, (settle) => {
      const asked = request({ host, port, path, agent: false, headers: { 'User-Agent': 'alicia-probe' } });
      asked.on('response', ({ statusCode = 0 }) => settle(resultOf(statusCode)));
      asked.on('upgrade', ({ statusCode = 0 }) => settle(resultOf(statusCode)));
      asked.on('error', settle);
      asked.on('close', () => settle({ kind: 'failure', message: 'broke the connection off' }));
      asked.end();
      return () => asked.destroy();
    });

function resultOf(status: number): ProbeResult {
  const holds = status >= 200 && status < 400;
  return holds ? { kind: 'success' } : { kind: 'failure', message: `answered ${status}` };
}
