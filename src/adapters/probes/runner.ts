/**
 * Probes over the network, as the controller's port.
 * Owns: nothing but the two kinds. Must not know: when they are made, what their results come to.
 */
import type { ProbeRunner } from '../../controller/ports.js';
import { probeHttp } from './http.js';
import { probeTcp } from './tcp.js';

/** Makes probes from this machine. */
export const createProbeRunner = (): ProbeRunner => ({ http: probeHttp, tcp: probeTcp });
