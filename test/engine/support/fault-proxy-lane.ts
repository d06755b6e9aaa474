/**
 * A project behind a proxy, in which one edit after the other is made while one request of each goes wrong.
 * Owns: the round of an edit: before, the edit, the rest after it. Must not know: which requests and faults are chosen.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrchestratorState } from '../../../src/model/orchestrator.js';
import { eventually } from '../../support/eventually.js';
import { type FaultProxy, openFaultProxy } from './fault-proxy.js';
import type { Fault } from './fault-proxy-faults.js';
import { expectedLines, seenLines } from './fault-proxy-lines.js';
import { BYSTANDER, type Scenario, type World } from './fault-proxy-scenarios.js';
import { openProject, type RunningController, type TestProject } from './project.js';
import { quietPort } from './quiet-port.js';

/** What a round came to: how many requests it took, and whether the fault was reached. */
export interface Round {
  readonly requests: number;
  readonly isReached: boolean;
}

/** A project in which rounds are run, one after the other. */
export interface Lane {
  /** Makes the edit; the fault happens to the request of this number. Throws with the whole story if anything is wrong. */
  round(fault: Fault, at: number): Promise<Round>;
  close(): Promise<void>;
}

/** Often enough that a round needs not wait for it, and seldom enough to be a small part of its requests. */
const RESYNC = '3s';
/** How long what no fault disturbs may take: several lanes begin at the same time, on a machine that may be busy. */
const PREPARING_MS = 180_000;

interface Parts {
  readonly scenario: Scenario;
  readonly project: TestProject;
  readonly proxy: FaultProxy;
  readonly stranger: Stranger;
  /** Null while one has been killed and the next has not been started. */
  controller: RunningController | null;
  version: number;
  /** Files that are there. */
  files: readonly string[];
}

/** Makes a project with its bystander, a container of somebody else beside it, and a controller. */
export async function openLane(scenario: Scenario): Promise<Lane> {
  const project = await openProject();
  const proxy = await openFaultProxy(project.name);
  const stranger = await startStranger(project);
  const close = async (): Promise<void> => {
    await project.killAll();
    await proxy.close();
    await stranger.remove();
    await project.close();
  };
  try {
    const parts: Parts = {
      ...{ scenario, project, proxy, stranger, version: 1, files: [] },
      controller: await startController(project, proxy),
    };
    await declare(parts, scenario.before(parts.version));
    await settle(parts, scenario.before(parts.version), PREPARING_MS);
    return { round: (fault, at) => round(parts, fault, at), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function round(parts: Parts, fault: Fault, at: number): Promise<Round> {
  const { scenario, proxy, project } = parts;
  try {
    return await roundOrError(parts, fault, at);
  } catch (error) {
    const seen = await project.engine.containers();
    const story = [
      `${scenario.name}, when ${fault.what}, at request ${at}: ${(error as Error).message}`,
      'what is there:',
      ...seen.map(({ id, name, status, image }) => `  ${id.slice(0, 12)} ${name} ${status} ${image}`),
      ...['what was asked:', proxy.transcript()],
      ...['what was said:', project.transcript().split('\n').slice(-80).join('\n')],
    ];
    throw new Error(story.join('\n'), { cause: error });
  }
}

async function roundOrError(parts: Parts, fault: Fault, at: number): Promise<Round> {
  const { scenario, project, proxy, stranger } = parts;
  parts.version += 1;
  const [before, after] = [scenario.before(parts.version), scenario.after(parts.version)];
  await prepare(parts, before);
  const since = project.engine.happenings.length;
  const strangerBefore = await stranger.state();
  const replaceController = async (): Promise<void> => {
    const killed = parts.controller;
    parts.controller = null;
    await killed?.kill();
    parts.controller = await startController(project, proxy);
  };
  proxy.count({ at, spring: (exchange) => fault.spring(exchange, replaceController) });
  await declare(parts, after);
  if (scenario.isFirstStart) parts.controller = await startController(project, proxy);
  await settle(parts, after, fault.patienceMs);
  const requests = proxy.asked().length;
  const isReached = proxy.disarm();
  await staysQuiet(parts);
  const wrongs = [
    ...wrongCreations(parts, since),
    ...scenario.wrongs(project.engine.happenings, since),
    ...touched(parts, since),
    ...((await stranger.state()) === strangerBefore ? [] : ['the container of somebody else was touched']),
  ];
  if (wrongs.length > 0) throw new Error(wrongs.join('; '));
  return { requests, isReached };
}

const startController = async (project: TestProject, proxy: FaultProxy): Promise<RunningController> =>
  project.run({
    ...{ 'docker-host': proxy.url, resync: RESYNC },
    http: `127.0.0.1:${await quietPort()}`,
  });

/** Everything as it is to be before the edit. */
async function prepare(parts: Parts, before: World): Promise<void> {
  const { scenario, project, controller } = parts;
  if (!scenario.isFirstStart) {
    await declare(parts, before);
    return settle(parts, before, PREPARING_MS);
  }
  await controller?.kill();
  await declare(parts, before);
  const { docker, containers } = project.engine;
  const strange = (await containers()).filter(({ service }) => service !== BYSTANDER);
  await Promise.all(strange.map(({ id }) => docker.getContainer(id).remove({ force: true })));
  const gone = async (
    names: readonly string[],
    kept: readonly string[],
    remove: (name: string) => unknown,
  ) => {
    const others = names.filter((name) => !kept.includes(name.slice(project.name.length)));
    await Promise.all(others.map(remove));
  };
  await gone(await project.engine.networks(), before.networks, (name) => docker.getNetwork(name).remove());
  await gone(await project.engine.volumes(), before.volumes, (name) => docker.getVolume(name).remove());
}

/** Writes what is to be declared and deletes the other files. */
async function declare(parts: Parts, { files }: World): Promise<void> {
  const { project } = parts;
  for (const [file, documents] of Object.entries(files)) await project.write(file, ...documents);
  const others = parts.files.filter((file) => !(file in files));
  for (const file of others) await rm(join(project.folder, file));
  parts.files = Object.keys(files);
}

/** Waits until the engine holds exactly this and the controller is at rest. */
async function settle(parts: Parts, world: World, timeoutMs: number): Promise<void> {
  const { project } = parts;
  const expected = expectedLines(project.name, world);
  const describe = `there is, at rest: ${expected.join(', ')}`;
  const outcome = await eventually(
    async () => {
      if (parts.controller?.hasEnded() === true) return 'ended';
      const { phase, in_sync: isInSync } = await reportOf(parts);
      if (phase !== 'idle' || !isInSync) throw new Error(`the controller is ${phase}`);
      const seen = await seenLines(project);
      if (seen.join('\n') !== expected.join('\n')) throw new Error(`there is: ${seen.join(', ')}`);
      return 'settled';
    },
    { timeoutMs, intervalMs: 250, describe },
  );
  if (outcome === 'ended') throw new Error('the controller has ended by itself');
}

async function reportOf({ controller }: Parts): Promise<OrchestratorState> {
  if (controller === null) throw new Error('no controller is there');
  return (await controller.report()).orchestrator;
}

/** Waits until everything has been listed and decided once more, and sees that nothing is written meanwhile. */
async function staysQuiet(parts: Parts): Promise<void> {
  const { proxy } = parts;
  const before = proxy.asked().length;
  const lately = () => proxy.asked().slice(before);
  await eventually(
    async () => {
      const listed = lately().find(
        ({ line, answeredAtMs }) => line === 'GET /containers/json' && answeredAtMs !== null,
      );
      if (listed === undefined) return false;
      const { phase, last_pass_at: lastPassAt } = await reportOf(parts);
      return phase === 'idle' && Date.parse(lastPassAt ?? '') > (listed.answeredAtMs ?? Infinity);
    },
    { timeoutMs: PREPARING_MS, intervalMs: 250, describe: 'everything is listed and decided once more' },
  );
  const writes = lately().filter(({ isWrite }) => isWrite);
  if (writes.length > 0) throw new Error(`written at rest: ${writes.map(({ line }) => line).join(', ')}`);
}

function wrongCreations({ scenario, project }: Parts, since: number): readonly string[] {
  const made: Record<string, number> = {};
  for (const { action, service } of project.engine.happenings.slice(since))
    if (action === 'create') made[service] = (made[service] ?? 0) + 1;
  const services = new Set([...Object.keys(made), ...Object.keys(scenario.creations)]);
  return [...services]
    .filter((name) => made[name] !== scenario.creations[name])
    .map((name) => `${made[name] ?? 0} containers of ${name} were made`);
}

/** What happened to those that no edit is about, and what was asked for and must never be. */
function touched({ project, proxy, stranger }: Parts, since: number): readonly string[] {
  const happened = project.engine.happenings
    .slice(since)
    .filter(({ service }) => service === BYSTANDER)
    .map(({ action }) => `${action} happened to the bystander`);
  const asked = proxy
    .asked()
    .filter(({ line, isWrite }) => isWrite && (line.startsWith('DELETE /volumes') || stranger.isMeant(line)))
    .map(({ line }) => `asked for: ${line}`);
  return [...happened, ...asked];
}

/** A container of somebody else. */
interface Stranger {
  /** All that an outsider could change about it. */
  state(): Promise<string>;
  /** Whether a request names it. */
  isMeant(line: string): boolean;
  remove(): Promise<void>;
}

async function startStranger({ engine: { docker }, name }: TestProject): Promise<Stranger> {
  const container = await docker.createContainer({ name: `${name}-stranger`, Image: 'alicia-test:1' });
  await container.start();
  return {
    async state() {
      const { Id, Name, State, HostConfig, NetworkSettings } = await container.inspect();
      const networks = Object.keys(NetworkSettings.Networks);
      return JSON.stringify([Id, Name, State.Status, State.StartedAt, HostConfig.RestartPolicy, networks]);
    },
    isMeant: (line) => line.includes(container.id.slice(0, 12)) || line.includes('-stranger'),
    remove: () => container.remove({ force: true }),
  };
}
