/**
 * Probing: which probes of which runs of containers are being made, and what they come to.
 * Owns: beginning and ending loops, telling a verdict that changed. Must not know: how a probe is made, what follows from it.
 */
import { afterResult, NO_HISTORY, type ProbeRecord, probedOf } from '../core/probes.js';
import { type Run, runsSeen, upForMs } from '../core/runs.js';
import type { DesiredService, DesiredState } from '../model/desired.js';
import type { ContainerId, ServiceName } from '../model/ids.js';
import type { ObservedState, Probed } from '../model/observed.js';
import type { Probe } from '../model/probe.js';
import type { ProbeResult } from '../model/probe-result.js';
import type { Probing } from './api.js';
import { createLane, type Lane } from './lanes.js';
import type { ProbedRun, RunOfContainer } from './observed-store.js';
import type { Clock, Engine } from './ports.js';
import { type Attempts, attemptProbe } from './prober-attempt.js';
import { type Discovery, startDiscovery } from './prober-discovery.js';
import { createAsking, type Hearing, startHearing } from './prober-hearing.js';
import { type ProbeLoop, startProbeLoop } from './prober-loop.js';

/** What a prober is made of. */
export interface ProberOptions {
  readonly engine: Pick<Engine, 'exec'>;
  readonly clock: Clock;
  readonly probing: Probing;
  /** Live. */
  readonly observed: Pick<ObservedState, 'services'>;
  /** Null: not known yet. */
  readonly desired: () => Pick<DesiredState, 'services'> | null;
  /** Containers that we are stopping, restarting or removing. */
  readonly leaving: () => ReadonlySet<ContainerId>;
  /** Called when what the probes of a run come to is another. */
  readonly report: (said: ProbedRun) => void;
}

/** Probes whatever is to be probed. */
export interface Prober {
  /** These services or their containers may be others now; null: all. */
  follow(services: readonly ServiceName[] | null): void;
  stop(): void;
}

/** A run that is being probed. */
interface Subject extends RunOfContainer {
  readonly service: ServiceName;
  /** What it was begun for; another definition is another subject. */
  readonly definition: string;
  readonly records: ProbeRecord[];
  readonly endings: (() => void)[];
  reported: Probed | null;
}

interface Parts extends ProberOptions {
  readonly subjects: Map<ServiceName, Map<ContainerId, Subject>>;
  /** Of the services that have containers. */
  readonly runs: Map<ServiceName, ReadonlyMap<ContainerId, Run>>;
  readonly attempts: Attempts;
  readonly lane: Lane;
  /** Null before anything is followed, and for ever if it is not to be listened to. */
  discovery: Discovery | null;
}

const CANNOT = { kind: 'notRun', message: 'cannot be made here' } as const;

/** For a controller that is given nothing to probe with: programs in containers need no more than the engine. */
export const ENGINE_ALONE: Probing = {
  runner: { http: async () => CANNOT, tcp: async () => CANNOT },
  words: {
    subscribe: (_topic, { onDeaf }) => {
      onDeaf('there is no broker');
      return () => {};
    },
    publishEmpty: () => {},
  },
  discovery: null,
  concurrency: 8,
};

/** Makes a prober; it does nothing before it is told whom to follow. */
export function createProber(options: ProberOptions): Prober {
  const { engine, clock, observed, probing } = options;
  const { runner, words, discovery: topics } = probing;
  const subjects: Parts['subjects'] = new Map();
  const onWord = (service: ServiceName): void => {
    for (const subject of subjects.get(service)?.values() ?? []) tell(parts, subject);
  };
  const parts: Parts = {
    ...options,
    subjects,
    runs: new Map(),
    attempts: { engine, runner, clock, observed, asking: createAsking(words, clock), programs: new Map() },
    lane: createLane(probing.concurrency),
    discovery: null,
  };
  let isStopped = false;
  return {
    follow(services) {
      if (isStopped) return;
      if (topics !== null) parts.discovery ??= startDiscovery({ ...options, words, topics, onWord });
      const names = services ?? new Set([...subjects.keys(), ...(options.desired()?.services.keys() ?? [])]);
      for (const name of names) followService(parts, name);
    },
    stop() {
      isStopped = true;
      parts.lane.close();
      parts.discovery?.stop();
      for (const subject of [...subjects.values()].flatMap((each) => [...each.values()])) end(subject);
      subjects.clear();
    },
  };
}

/** Ends what is no longer so, begins what is new; what is as it was goes on. */
function followService(parts: Parts, name: ServiceName): void {
  const service = parts.desired()?.services.get(name) ?? null;
  const runs = service !== null && isProbed(parts, service) ? runsOf(parts.observed, name) : [];
  noteRuns(parts, name);
  const definition = JSON.stringify(service?.probes ?? []);
  const present = parts.subjects.get(name) ?? new Map<ContainerId, Subject>();
  const isWanted = (subject: Subject): boolean =>
    subject.definition === definition &&
    runs.some(({ id, startedAt }) => id === subject.id && startedAt === subject.startedAt);
  const ended = [...present.values()].filter((subject) => !isWanted(subject));
  for (const subject of ended) {
    end(subject);
    present.delete(subject.id);
  }
  for (const run of runs) {
    if (!present.has(run.id)) present.set(run.id, begin(parts, run, { name, service, definition }));
  }
  if (present.size === 0) parts.subjects.delete(name);
  else parts.subjects.set(name, present);
  // Whoever is told may come back here: everything else is done by now.
  for (const subject of ended) {
    const isFollowed = present.get(subject.id)?.startedAt === subject.startedAt;
    if (subject.reported !== null && !isFollowed) parts.report({ ...runOf(subject), probed: null });
  }
  for (const run of runs) {
    const subject = present.get(run.id);
    if (subject !== undefined) tell(parts, subject);
  }
}

const isProbed = ({ probing }: Parts, { maintenance, probes }: DesiredService): boolean =>
  !maintenance && (probes.length > 0 || probing.discovery !== null);

/** The runs of a service that go on now, and what is said of each so far. */
function runsOf({ services }: Pick<ObservedState, 'services'>, name: ServiceName): readonly ProbedRun[] {
  return (services.get(name) ?? []).flatMap(({ id, status, startedAt, probed }) =>
    status === 'running' && startedAt !== null ? [{ id, startedAt, probed }] : [],
  );
}

/** Since when each container has been in its run, noted also while none of them runs: a run is new to whoever saw it begin. */
function noteRuns({ runs, observed, clock }: Parts, name: ServiceName): void {
  const containers = observed.services.get(name) ?? [];
  if (containers.length === 0) runs.delete(name);
  else runs.set(name, runsSeen(runs.get(name) ?? new Map(), containers, clock.now()));
}

function begin(
  parts: Parts,
  { id, startedAt, probed }: ProbedRun,
  {
    name,
    service,
    definition,
  }: { readonly name: ServiceName; readonly service: DesiredService | null; readonly definition: string },
): Subject {
  const probes = service?.probes ?? [];
  const subject: Subject = {
    id,
    service: name,
    startedAt,
    definition,
    records: probes.map((probe) => ({ probe, history: NO_HISTORY })),
    endings: [],
    reported: probed,
  };
  for (const [index, probe] of probes.entries()) beginProbe(parts, subject, { probe, index });
  return subject;
}

function beginProbe(
  parts: Parts,
  subject: Subject,
  { probe, index }: { readonly probe: Probe; readonly index: number },
): void {
  const { clock, probing, lane, attempts } = parts;
  const onResult = (result: ProbeResult): void => {
    const record = subject.records[index];
    if (record === undefined) return;
    const facts = { memory: { runs: parts.runs.get(subject.service) ?? new Map() }, now: clock.now() };
    const history = afterResult(record, result, { upForMs: upForMs(subject, facts) });
    subject.records[index] = { probe, history };
    tell(parts, subject);
  };
  const begun: { loop: ProbeLoop | null } = { loop: null };
  const onNews = (): void => begun.loop?.hasten();
  const hearing: Hearing | null =
    probe.action.kind === 'mqtt' ? startHearing(probe.action, { ...probing, clock, onNews }) : null;
  const attempt = (): Promise<ProbeResult | null> => attemptProbe(attempts, subject, { probe, hearing });
  begun.loop = startProbeLoop({ probe, clock, lane, attempt, onResult });
  subject.endings.push(begun.loop.stop, () => hearing?.stop());
}

function end({ endings }: Subject): void {
  for (const ending of endings.splice(0)) ending();
}

function tell({ discovery, report }: Parts, subject: Subject): void {
  const probed = probedOf(subject.records, discovery?.illWordOf(subject) ?? null);
  if (JSON.stringify(probed) === JSON.stringify(subject.reported)) return;
  subject.reported = probed;
  report({ ...runOf(subject), probed });
}

const runOf = ({ id, startedAt }: RunOfContainer): RunOfContainer => ({ id, startedAt });
