/**
 * A controller put together from a configuration.
 * Owns: which adapter stands behind which port. Must not know: which command runs it.
 */
import { monotonicFactory } from 'ulid';
import { discoveryTopics } from '../adapters/mqtt/topics.js';
import { createProbeRunner } from '../adapters/probes/runner.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { Controller, ControllerLimits, ControllerOptions, Probing } from '../controller/api.js';
import { createController } from '../controller/controller.js';
import type { Engine, HealthWords, Log, ManifestFiles, Publisher } from '../controller/ports.js';
import type { DesiredState } from '../model/desired.js';
import { wordsOf } from './bus-words.js';
import type { Self } from './open-engine.js';
import { absoluteManifests, intakeOptionsOf } from './read-manifests.js';
import type { Terminal } from './terminal.js';
import { readVersion } from './version.js';

/** What differs from command to command. */
export interface Assembly {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly engine: Engine;
  readonly self: Self;
  readonly files: ManifestFiles;
  readonly publisher: Publisher;
  /** Of the command's bus; absent: it has none, and a broker is gone to only if a probe needs it. */
  readonly words?: HealthWords;
  readonly log: Log;
  readonly mode: ControllerOptions['mode'];
  /** Called with every new desired state before anything is done about it. */
  readonly prepare?: (desired: DesiredState) => Promise<void>;
  /** Null: not `down`. */
  readonly takeDown: { readonly volumes: boolean } | null;
}

/** A controller that has not been started. */
export function assembleController(parts: Assembly): Controller {
  const { config, terminal, engine, self, files, publisher, log, mode, takeDown } = parts;
  const intake = intakeOptionsOf(config, terminal, self.hostPaths);
  return createController({
    engine,
    files,
    publisher,
    log,
    mode,
    clock: terminal.clock,
    createId: monotonicFactory(),
    project: config.project,
    instance: config.instance,
    version: readVersion(),
    pid: terminal.pid,
    manifests: absoluteManifests(config),
    ownContainerId: self.containerId,
    allowMassPrune: config.allowMassPrune || takeDown !== null,
    takeDown: takeDown !== null,
    removeVolumes: takeDown?.volumes ?? false,
    intake: takeDown === null ? intake : { ...intake, allowEmpty: true },
    limits: limitsOf(config),
    probing: probingOf(parts),
    ...(parts.prepare === undefined ? {} : { prepare: parts.prepare }),
  });
}

/** For commands that tell the world nothing. */
export const silentPublisher: Publisher = { publishEvent: () => {}, publishStatus: () => {} };

function probingOf({ config, words, log, terminal, takeDown }: Assembly): Probing {
  return {
    runner: createProbeRunner(terminal.clock),
    words: words ?? wordsOf(config, { log, pid: terminal.pid }),
    discovery: config.discovery && takeDown === null ? discoveryTopics(config.mqttPrefix) : null,
    concurrency: LIMITS.probes.concurrency,
  };
}

function limitsOf({ concurrency, resyncMs, rescanMs }: Config): ControllerLimits {
  const { inspectMs, startMs, stopExtraMs, pullIdleMs } = LIMITS.deadlines;
  return {
    concurrency,
    resyncMs,
    rescanMs,
    callMs: inspectMs,
    startMs,
    stopSlackMs: stopExtraMs,
    pullIdleMs,
  };
}
