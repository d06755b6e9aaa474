/**
 * A project of a test: a directory of manifests, a label of its own on the engine, the program working on both.
 * Owns: making it, the words to write manifests and wait for conditions with, and leaving nothing behind.
 * Must not know: what is tested.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { stringify } from 'yaml';
import type { ControllerReport } from '../../../src/controller/ports.js';
import type { Event, EventType } from '../../../src/model/event.js';
import type { ServiceStatus } from '../../../src/model/status.js';
import { eventually, type Falsy } from '../../support/eventually.js';
import {
  createMosquitto,
  freePort,
  type Mosquitto,
  type Observer,
  observe,
} from '../../support/mosquitto.js';
import { type EngineView, openEngineView, type Sighting } from './engine-view.js';
import { type LogLine, logOf, type Program, type Said, startProgram } from './program.js';

/** How long a condition may take: generous, because the machine may be busy with other things. */
export const PATIENCE_MS = 60_000;

/** A spec in Compose's words; what a test does not care for has been filled in. */
export type Spec = Readonly<Record<string, unknown>>;

/** Settings by flag name without dashes in front: `mqtt-url`. */
export type Settings = Readonly<Record<string, string>>;

/** The controller in a process of its own. */
export interface RunningController extends Program {
  /** The status of all services; rejects while it does not answer. */
  services(): Promise<readonly ServiceStatus[]>;
  service(name: string): Promise<ServiceStatus>;
  report(): Promise<ControllerReport>;
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  log(): readonly LogLine[];
  /** Events of this type, as the log tells them. */
  events(type: EventType): readonly LogLine[];
}

/** One project. */
export interface TestProject {
  readonly name: string;
  /** Where its manifests are. */
  readonly folder: string;
  readonly engine: EngineView;
  /** Writes a file of manifests: texts are taken as they are, documents become YAML. */
  write(file: string, ...documents: readonly (string | Spec)[]): Promise<void>;
  /** Deletes a file of the directory. */
  erase(file: string): Promise<void>;
  /** Starts `alicia run`. */
  run(settings?: Settings): Promise<RunningController>;
  /** Runs another command to its end. */
  command(words: readonly string[], settings?: Settings): Promise<Said>;
  /** Waits until what the engine holds of the project is as the condition says. */
  until<T>(
    describe: string,
    condition: (seen: readonly Sighting[]) => T | Falsy | Promise<T | Falsy>,
  ): Promise<T>;
  /** Waits until the controller is at rest with everything as declared; resolves with what the engine then holds. */
  untilInSync(controller: RunningController): Promise<readonly Sighting[]>;
  /** What its programs said, for a test that failed. */
  transcript(): string;
  /** `kill -9` for every program that still runs. */
  killAll(): Promise<void>;
  close(): Promise<void>;
}

/** A manifest of kind Service with the tests' image, which stays until it is told to stop. */
export const service = (name: string, spec: Spec = {}): Spec => ({
  apiVersion: 'alicia/v1',
  kind: 'Service',
  metadata: { name },
  spec: {
    image: 'alicia-test:1',
    pull_policy: 'never',
    stop_grace_period: '1s',
    deploy: { update_config: { monitor: '500ms' } },
    ...spec,
  },
});

/** A manifest of another kind. */
export const object = (
  kind: 'Network' | 'Volume' | 'Secret' | 'Config',
  name: string,
  spec: Spec = {},
): Spec => ({
  apiVersion: 'alicia/v1',
  kind,
  metadata: { name },
  spec,
});

/** A check that holds as soon as the container runs. */
export const healthy: Spec = { test: ['CMD', 'true'], interval: '300ms', timeout: '2s', retries: 3 };

/** A check that holds once the test lets it: see {@link letIn}. */
export const gated: Spec = {
  test: ['CMD', 'test', '-e', '/tmp/open'],
  interval: '300ms',
  timeout: '2s',
  retries: 60,
};

/** Lets the check {@link gated} of a container hold. */
export const letIn = (project: TestProject, { id }: Pick<Sighting, 'id'>): Promise<string> =>
  project.engine.execute(id, ['touch', '/tmp/open']);

/** Those of a service. */
export const of = (seen: readonly Sighting[], name: string): readonly Sighting[] =>
  seen.filter((each) => each.service === name);

/** Those of a service that run and whose check, if there is one, holds. */
export const readyOf = (seen: readonly Sighting[], name: string): readonly Sighting[] =>
  of(seen, name).filter(
    ({ status, health }) => status === 'running' && (health === 'healthy' || health === 'none'),
  );

/** Container and start of each, by name: equal texts mean that nothing was touched. */
export const lives = (seen: readonly Sighting[]): readonly string[] =>
  seen.map(({ name, id, status, startedAt }) => `${name} ${id} ${status} ${startedAt}`);

/** Makes a project. Whoever does so closes it. */
export async function openProject(): Promise<TestProject> {
  const name = `alicia-t-${randomBytes(4).toString('hex')}`;
  const home = await mkdtemp(join(tmpdir(), `${name}-`));
  const folder = join(home, 'manifests');
  await mkdir(folder);
  const engine = await openEngineView(name);
  const programs: Program[] = [];
  const settingsOf = (settings: Settings): Record<string, string> =>
    environmentOf({
      ...{ manifests: folder, project: name, network: `${name}-bus`, instance: 'box', http: 'off' },
      ...settings,
    });
  const killAll = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.kill()));
  };
  const until: TestProject['until'] = (describe, condition) =>
    eventually(async () => condition(await engine.containers()), {
      ...{ timeoutMs: PATIENCE_MS, intervalMs: 50, describe },
    });
  return {
    name,
    folder,
    engine,
    write: (file, ...documents) => writeFile(join(folder, file), textOf(documents)),
    erase: (file) => rm(join(folder, file)),
    async run(settings = {}) {
      const http = settings.http ?? `127.0.0.1:${await freePort()}`;
      const program = startProgram(['run'], settingsOf({ 'mqtt-url': 'off', ...settings, http }));
      programs.push(program);
      return controllerOf(program, http);
    },
    async command(words, settings = {}) {
      const program = startProgram(words, settingsOf({ 'mqtt-url': 'off', ...settings }));
      programs.push(program);
      const ending = await program.ended;
      return { ...ending, stdout: program.stdout(), stderr: program.stderr() };
    },
    until,
    async untilInSync(controller) {
      const outcome = await eventually(
        async () => {
          if (controller.hasEnded()) return 'ended';
          const { phase, in_sync: isInSync } = (await controller.report()).orchestrator;
          return phase === 'idle' && isInSync && 'inSync';
        },
        { timeoutMs: PATIENCE_MS, describe: `${name} is at rest and as declared` },
      );
      if (outcome === 'ended') throw new Error(`the controller has ended:\n${controller.stderr()}`);
      return engine.containers();
    },
    transcript: () =>
      programs.map((each) => `--- pid ${each.pid}\n${each.stdout()}${each.stderr()}`).join('\n'),
    killAll,
    async close() {
      await killAll();
      await engine.removeAll();
      engine.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Somebody who listens to everything on a broker of the test's own. */
export interface Bus extends Observer {
  readonly broker: Mosquitto;
  readonly url: string;
  /** Events of the topic of all events, of this type if one is given, oldest first. */
  events(type?: EventType): readonly Event[];
  /** The latest retained state of a service; null: none, or it was taken back. */
  state(name: string): ServiceStatus | null;
  close(): Promise<void>;
}

/** Starts a broker and listens to it. */
export async function openBus(): Promise<Bus> {
  const broker = await createMosquitto();
  await broker.start();
  const observer = await observe(broker.url);
  const events = (): readonly Event[] =>
    observer.seen
      .filter(({ topic }) => topic === 'alicia/services/events')
      .map(({ payload }) => JSON.parse(payload) as Event);
  return {
    ...observer,
    broker,
    url: broker.url,
    events: (type) => events().filter((event) => type === undefined || event.event_type === type),
    state: (name) => {
      const payload = observer.latest(`alicia/services/${name}/state`) ?? '';
      return payload === '' ? null : (JSON.parse(payload) as ServiceStatus);
    },
    async close() {
      await observer.end();
      await broker.remove();
    },
  };
}

/** A test with a project of its own, and with a broker of its own if it asks for one. */
export const test = base.extend<{ project: TestProject; bus: Bus }>({
  project: async ({ task }, use) => {
    const project = await openProject();
    await use(project);
    if (task.result?.state === 'fail') console.error(`${task.name}\n${project.transcript()}`);
    await project.close();
  },
  bus: async ({ project }, use) => {
    const bus = await openBus();
    await use(bus);
    // Whoever publishes there goes first.
    await project.killAll();
    await bus.close();
  },
});

function controllerOf(program: Program, http: string): RunningController {
  const get = async (path: string) => {
    const response = await fetch(`http://${http}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const json = async (path: string): Promise<unknown> => {
    const { status, text } = await get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text);
  };
  const log = (): readonly LogLine[] => logOf(program);
  return {
    ...program,
    get,
    log,
    services: async () => (await json('/api/v1/services')) as readonly ServiceStatus[],
    service: async (name) => (await json(`/api/v1/services/${name}`)) as ServiceStatus,
    report: async () => (await json('/api/v1/controller')) as ControllerReport,
    events: (type) => log().filter(({ event }) => event === type),
  };
}

const environmentOf = (settings: Settings): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `ALICIA_${name.replaceAll('-', '_').toUpperCase()}`,
      value,
    ]),
  );

const textOf = (documents: readonly (string | Spec)[]): string =>
  documents.map((each) => (typeof each === 'string' ? each : stringify(each))).join('---\n');
