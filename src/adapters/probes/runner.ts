/**
 * Probes over the network, as the controller's port.
 * Owns: nothing but the two kinds. Must not know: when they are made, what their results come to.
 */
import type { Clock, ProbeRunner } from '../../controller/ports.js';
import { httpProbe } from './http.js';
import { tcpProbe } from './tcp.js';

/** Makes probes from this machine. */
export const createProbeRunner = (clock: Clock): ProbeRunner => ({
  http: httpProbe(clock),
  tcp: tcpProbe(clock),
});
