/**
 * `alicia run`: the controller, until it is told to end.
 * Owns: what is started and ended in which order. Must not know: what any part does.
 */
import type { Bus } from '../adapters/mqtt/bus.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { Controller } from '../controller/api.js';
import type { Log } from '../controller/ports.js';
import { assembleController } from './assemble.js';
import { findControllerContainer } from './beside.js';
import { CommandError } from './command-error.js';
import { configOf, type Invocation } from './invocation.js';
import { holdProject, reportsOf } from './lock.js';
import { findSelf, makeEngine, type OpenEngine } from './open-engine.js';
import { openLog } from './open-log.js';
import { absoluteManifests, manifestFilesOf } from './read-manifests.js';
import { createReportsInWaiting } from './reports-in-waiting.js';
import { askPatiently, connectPatiently, nameOfHolder, type Patience } from './run-engine.js';
import { type ServedHttp, serveHttp } from './run-http.js';
import { makeWay, openBus, speak } from './run-voice.js';
import { listenToSignals, type Signals } from './signals.js';
import { createNeedsTeller } from './tell-needs.js';
import type { Terminal } from './terminal.js';
import { readVersion } from './version.js';

/** Exit code 0 after SIGTERM or Ctrl-C; 1: bad configuration, or another controller is running. */
export async function run(invocation: Invocation): Promise<number> {
  const { terminal, words } = invocation;
  const config = configOf(invocation, words);
  const log = await openLog(config.logLevel, terminal);
  const signals = listenToSignals(terminal);
  try {
    await runUntilSignal({ config, terminal, log, signals });
    return 0;
  } finally {
    signals.close();
    await log.flush();
  }
}

interface Parts {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly log: Log;
  readonly signals: Signals;
}

/** What is open, in the order in which it was opened; closed in reverse, whatever happens. */
type Closers = (() => Promise<void>)[];

async function runUntilSignal(parts: Parts): Promise<void> {
  const closers: Closers = [];
  try {
    await runOpening(parts, closers);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function runOpening(parts: Parts, closers: Closers): Promise<void> {
  const { config, terminal, log, signals } = parts;
  const engine = await makeEngine(config);
  const waiting = createReportsInWaiting({
    project: config.project,
    instance: config.instance,
    version: readVersion(),
    manifests: absoluteManifests(config),
    pid: terminal.pid,
  });
  let http: ServedHttp | null = null;
  const serve = async (): Promise<void> => {
    http ??= await serveHttp(config, waiting.reports, log);
    const { close } = http;
    if (!closers.includes(close)) closers.push(close);
  };
  // With an engine that answers, another controller is found before the port that it may hold is asked for.
  const patience = { log, signals, clock: terminal.clock, onFirstFailure: serve };
  const info = await connectPatiently(engine, patience);
  const self = info === null ? null : await askPatiently(() => findSelf(engine), patience);
  if (info === null || self === null) return;
  const open: OpenEngine = { engine, info, self: self.value };
  const bus = await openBus(config, log);
  const tellNeeds = createNeedsTeller(log);
  const controller = assembleController({
    ...{ config, terminal, engine, self: open.self, log },
    files: manifestFilesOf(config, terminal),
    publisher: bus,
    words: bus.words,
    mode: 'run',
    prepare: (desired) => {
      tellNeeds(desired);
      return makeWay(bus, desired, terminal.clock);
    },
    takeDown: null,
  });
  const reports = reportsOf(controller, () => mqttFigures(bus));
  if (!(await holdOrRefuse(parts, { open, reports, closers, patience }))) return;
  waiting.become(reports);
  await serve();
  await work(parts, { controller, bus, closers, engineVersion: info.version, http });
}

const mqttFigures = (bus: Bus) => {
  const { queued, dropped } = bus.stats();
  return { queued, dropped };
};

/** Throws where there is another controller. False: a signal came before that was known. */
async function holdOrRefuse(
  { config, log }: Parts,
  given: {
    readonly open: OpenEngine;
    readonly reports: ReturnType<typeof reportsOf>;
    readonly closers: Closers;
    readonly patience: Patience;
  },
): Promise<boolean> {
  const { open, reports, closers, patience } = given;
  const { project } = config;
  const hold = await holdProject({ engineId: open.info.id, project, reports, log });
  if (hold === null)
    throw new CommandError(
      `a controller of project ${project} is already running on this engine: ${await nameOfHolder(config, open)}; stop it first, or give another --project`,
    );
  closers.push(() => hold.close());
  const found = await askPatiently(() => findControllerContainer(config, open), patience);
  if (found === null) return false;
  const container = found.value;
  if (container !== null)
    throw new CommandError(
      `a controller of project ${project} is already running on this engine: container ${container.name}; stop it first (docker stop ${container.name}), or give another --project`,
    );
  return true;
}

async function work(
  { config, terminal, log, signals }: Parts,
  given: {
    readonly controller: Controller;
    readonly bus: Bus;
    readonly closers: Closers;
    readonly engineVersion: string;
    readonly http: ServedHttp | null;
  },
): Promise<void> {
  const { controller, bus, closers, engineVersion, http } = given;
  bus.start();
  closers.push(() => bus.stop());
  const stopSpeaking = speak(controller, bus, terminal.clock);
  log.info(
    {
      ...{ project: config.project, instance: config.instance, pid: terminal.pid },
      manifests: absoluteManifests(config),
      engine: engineVersion,
      status: http?.url ?? 'off',
    },
    `alicia ${readVersion()} keeps project ${config.project} as ${config.manifests.join(', ')} says`,
  );
  closers.push(async () => {
    log.info({ signal: signals.first }, 'Ending: steps in flight are finished, none is begun');
    await Promise.race([controller.stop(), afterShutdown(terminal)]);
    stopSpeaking();
    log.info({}, 'The controller has ended; the containers go on running');
  });
  const started = controller.start();
  await Promise.race([started.then(() => signals.whenFirst), signals.whenFirst]);
}

const afterShutdown = ({ clock }: Terminal): Promise<void> =>
  new Promise((resolve) => {
    clock.after(LIMITS.shutdownMs, resolve);
  });
