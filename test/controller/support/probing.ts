/**
 * A prober in virtual time, with a store, a bus and services that answer as they are told.
 */
import type { Probing } from '../../../src/controller/api.js';
import {
  applyListing,
  beginListing,
  createObservedStore,
  setContainer,
  setProbed,
} from '../../../src/controller/observed-store.js';
import type { Engine, HealthListener } from '../../../src/controller/ports.js';
import { createProber, type Prober } from '../../../src/controller/prober.js';
import type { DesiredService } from '../../../src/model/desired.js';
import { type ContainerId, type ServiceName, serviceName } from '../../../src/model/ids.js';
import type { ObservedContainer, Probed } from '../../../src/model/observed.js';
import type { Probe } from '../../../src/model/probe.js';
import type { ProbeResult } from '../../../src/model/probe-result.js';
import { parseDesired } from '../../support/decision-desired.js';
import { createVirtualClock, type VirtualClock } from '../../support/simulation/virtual-clock.js';

/** A world of probes. */
export interface ProbingWorld {
  readonly clock: VirtualClock;
  readonly prober: Prober;
  /** Attempts over the network and in containers: `12000 http 172.18.0.2:9000/health`. */
  readonly attempts: readonly string[];
  /** Topics asked on, with the time. */
  readonly asked: readonly string[];
  /** Topics listened to. */
  topics(): readonly string[];
  readonly leaving: Set<ContainerId>;
  /** What attempts over the network come to from now on; null: they never settle. */
  answer(result: ProbeResult | null): void;
  /** What programs do from now on; each waits for `finish` when it is null. */
  exec(make: (() => Promise<number>) | null): void;
  /** Ends all programs that run. */
  finish(code: number): void;
  /** Asks for a service with these probes; none: it is not declared. */
  declare(name: string, probes: readonly Probe[] | null, change?: Partial<DesiredService>): void;
  /** These containers are seen, the others not touched. */
  see(...containers: readonly ObservedContainer[]): void;
  /** No container of a service is there any more. */
  empty(): void;
  /** Said on the bus. */
  say(topic: string, text: string): void;
  connect(): void;
  disconnect(): void;
  /** What is observed of a container. */
  probed(container: ObservedContainer): Probed | null;
  /** Reports so far, by status: `0 healthy`. */
  readonly reports: readonly string[];
}

const [SAMPLE] = [...parseDesired('web: {image: "web:1"}').services.values()];

/** A world in which all is well and nothing is there. */
export function createProbingWorld(change: Partial<Probing> = {}): ProbingWorld {
  const clock = createVirtualClock();
  const store = createObservedStore();
  const services = new Map<ServiceName, DesiredService>();
  const attempts: string[] = [];
  const asked: string[] = [];
  const reports: string[] = [];
  const leaving = new Set<ContainerId>();
  const bus = new Map<string, Set<HealthListener>>();
  const finishing: ((code: number) => void)[] = [];
  let isConnected = false;
  let result: ProbeResult | null = { kind: 'success' };
  let program: (() => Promise<number>) | null = async () => 0;

  const note = (what: string): void => void attempts.push(`${clock.elapsedMs()} ${what}`);
  const answerOf = (what: string): Promise<ProbeResult> => {
    note(what);
    return result === null ? new Promise(() => {}) : Promise.resolve(result);
  };
  const listeners = (): readonly HealthListener[] => [...bus.values()].flatMap((each) => [...each]);
  const exec: Engine['exec'] = (id, command) => {
    note(`exec ${id.slice(0, 2)} ${command[0]}`);
    return program?.() ?? new Promise((resolve) => finishing.push(resolve));
  };
  const prober = createProber({
    ...{ clock, observed: store, desired: () => ({ services }), leaving: () => leaving, engine: { exec } },
    probing: {
      runner: {
        http: ({ host, port, path }) => answerOf(`http ${host}:${port}${path}`),
        tcp: ({ host, port }) => answerOf(`tcp ${host}:${port}`),
      },
      words: {
        subscribe(topic, listener) {
          bus.set(topic, (bus.get(topic) ?? new Set()).add(listener));
          if (isConnected) listener.onHeard();
          return () => {
            bus.get(topic)?.delete(listener);
            if (bus.get(topic)?.size === 0) bus.delete(topic);
          };
        },
        publishEmpty: (topic) => void asked.push(`${clock.elapsedMs()} ${topic}`),
      },
      ...{ discovery: null, concurrency: 10 },
      ...change,
    },
    report(said) {
      const { services: touched } = setProbed(store, said);
      reports.push(`${clock.elapsedMs()} ${said.probed?.status ?? 'nothing'}`);
      // As the controller does.
      prober.follow(touched);
    },
  });
  return {
    ...{ clock, prober, attempts, asked, reports, leaving },
    topics: () => [...bus.keys()].sort(),
    answer(next) {
      result = next;
    },
    exec(make) {
      program = make;
    },
    finish(code) {
      for (const end of finishing.splice(0)) end(code);
    },
    declare(name, probes, more = {}) {
      if (SAMPLE === undefined) throw new Error('a sample is needed');
      const full = serviceName(name);
      if (probes === null) services.delete(full);
      else services.set(full, { ...SAMPLE, name: full, probes, ...more });
      prober.follow(null);
    },
    see(...containers) {
      for (const container of containers)
        prober.follow(setContainer(store, { kind: 'ours', container }).services);
    },
    empty() {
      beginListing(store);
      prober.follow(applyListing(store, { containers: [], networks: [], volumes: [] }).services);
    },
    say(topic, text) {
      for (const listener of [...(bus.get(topic) ?? [])]) listener.onWord(text);
    },
    connect() {
      isConnected = true;
      for (const listener of listeners()) listener.onHeard();
    },
    disconnect() {
      isConnected = false;
      for (const listener of listeners()) listener.onDeaf('the broker is away');
    },
    probed: ({ id, owned }) =>
      (store.services.get(owned.service) ?? []).find((each) => each.id === id)?.probed ?? null,
  };
}
