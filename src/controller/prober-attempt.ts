/**
 * One attempt of a probe, of each kind.
 * Owns: who is asked, and that no program is started while the same one still runs. Must not know: when, how often.
 */
import { mqttResult } from '../core/health-words.js';
import { targetOf } from '../core/probes.js';
import type { ContainerId } from '../model/ids.js';
import type { ObservedContainer, ObservedState } from '../model/observed.js';
import type { Probe, ProbeAction } from '../model/probe.js';
import type { ProbeResult } from '../model/probe-result.js';
import type { Probing } from './api.js';
import type { RunOfContainer } from './observed-store.js';
import { type Clock, type Engine, EngineError } from './ports.js';
import type { Asking, Hearing } from './prober-hearing.js';

/** What attempts are made with. */
export interface Attempts {
  readonly engine: Pick<Engine, 'exec'>;
  readonly runner: Probing['runner'];
  readonly asking: Asking;
  readonly clock: Clock;
  readonly observed: Pick<ObservedState, 'services'>;
  /** Programs that have been started and have not ended. */
  readonly programs: Map<string, Promise<ProbeResult | null>>;
}

/** A program that has not ended after this time is given up, and may be started once more beside it. */
const PROGRAM_MS = 600_000;

/** Makes one attempt. Null: there is nothing to say yet. `hearing` belongs to a probe on the bus. */
export function attemptProbe(
  attempts: Attempts,
  run: RunOfContainer,
  { probe, hearing }: { readonly probe: Probe; readonly hearing: Hearing | null },
): Promise<ProbeResult | null> {
  const { action } = probe;
  switch (action.kind) {
    case 'http':
    case 'tcp':
      return connect(attempts, run, { action, timeoutMs: probe.timeoutMs });
    case 'exec':
      return runProgram(attempts, run, action.command);
    case 'mqtt':
      return Promise.resolve(listen(attempts, probe, { action, hearing }));
  }
}

async function connect(
  { runner, observed }: Attempts,
  { id }: RunOfContainer,
  { action, timeoutMs }: { action: Extract<ProbeAction, { kind: 'http' | 'tcp' }>; timeoutMs: number },
): Promise<ProbeResult | null> {
  const find = (wanted: ContainerId): ObservedContainer | null => findContainer(observed, wanted);
  const container = find(id);
  if (container === null) return null;
  const target = targetOf(container, find);
  if (target.kind === 'nowhere') return { kind: 'notRun', message: target.message };
  const to = { host: target.host, port: action.port, timeoutMs };
  return action.kind === 'http' ? runner.http({ ...to, path: action.path }) : runner.tcp(to);
}

function findContainer(
  { services }: Pick<ObservedState, 'services'>,
  wanted: ContainerId,
): ObservedContainer | null {
  for (const containers of services.values()) {
    const found = containers.find(({ id }) => id === wanted);
    if (found !== undefined) return found;
  }
  return null;
}

/** The same program of the same run is never started twice at once: whoever asks meanwhile waits for the first one. */
function runProgram(
  { engine, programs }: Attempts,
  { id, startedAt }: RunOfContainer,
  command: readonly string[],
): Promise<ProbeResult | null> {
  const key = JSON.stringify([id, startedAt, command]);
  const running = programs.get(key);
  if (running !== undefined) return running;
  const result = execute(engine, id, command).finally(() => programs.delete(key));
  programs.set(key, result);
  return result;
}

async function execute(
  engine: Attempts['engine'],
  id: ContainerId,
  command: readonly string[],
): Promise<ProbeResult | null> {
  try {
    const code = await engine.exec(id, command, { deadlineMs: PROGRAM_MS });
    return code === 0 ? { kind: 'success' } : { kind: 'failure', message: `ended with exit code ${code}` };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // Of an engine that is away the observer tells; its absence says nothing about the service.
    if (error.failure.code === 'unreachable') return null;
    return { kind: 'notRun', message: `cannot be run: ${error.failure.message}` };
  }
}

/** The latest word is judged first: the answer to what is asked now is heard later. */
function listen(
  { asking, clock }: Attempts,
  { periodMs }: Probe,
  { action, hearing }: { action: Extract<ProbeAction, { kind: 'mqtt' }>; hearing: Hearing | null },
): ProbeResult | null {
  if (hearing === null) return null;
  const heard = hearing.heard();
  // Whoever asks the same of many gets answers for all: half a period old is new enough.
  if (action.request !== null && heard.sinceMs !== null)
    asking.ask(action.request, heard.latest === null ? Math.min(1_000, periodMs / 2) : periodMs / 2);
  return mqttResult(action, heard, clock.now().monotonicMs);
}
