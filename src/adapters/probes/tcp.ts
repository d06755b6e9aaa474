/**
 * A TCP probe, on Node's own sockets.
 * Owns: nothing but the connection. Must not know: thresholds, containers.
 */
import { connect } from 'node:net';
import type { Clock, ProbeRunner } from '../../controller/ports.js';
import { attempt } from './outcome.js';

/** Holds when a connection is made; nothing is sent. */
export const tcpProbe =
  (clock: Clock): ProbeRunner['tcp'] =>
  ({ host, port, timeoutMs }) =>
    attempt({ host, timeoutMs, clock }, (settle) => {
      const socket = connect({ host, port });
      socket.on('connect', () => settle({ kind: 'success' }));
      socket.on('error', settle);
      return () => socket.destroy();
    });
