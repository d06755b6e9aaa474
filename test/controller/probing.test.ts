import { expect, test } from 'vitest';
import { createController } from '../../src/controller/controller.js';
import type { Engine, EngineEventSink } from '../../src/controller/ports.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import type { ProbeResult } from '../../src/model/probe-result.js';
import { parseDesired, sha256 } from '../support/decision-desired.js';
import { containerOf } from '../support/probes.js';
import { createSilentLog } from '../support/silent-log.js';
import { createSimulatedFiles } from '../support/simulation/files.js';
import { createVirtualClock, WALL_START_MS } from '../support/simulation/virtual-clock.js';

const SPEC = { image: 'web:1', probes: [{ http: { port: 9000, path: '/health' } }] };

/** A controller over an engine that holds one container of `web`, as declared, and lets nothing be done. */
function start() {
  const clock = createVirtualClock();
  const files = createSimulatedFiles(clock);
  const document = { apiVersion: 'alicia/v1', kind: 'Service', metadata: { name: 'web' } };
  const declare = (change: Record<string, unknown>): void =>
    files.write('manifests/web.yaml', JSON.stringify({ ...document, spec: { ...SPEC, ...change } }));
  declare({});
  const [service] = [...parseDesired(JSON.stringify({ web: SPEC })).services.values()];
  if (service === undefined) throw new Error('a service is needed');
  const plain = containerOf('web', 'a', { startedAt: WALL_START_MS });
  let container: ObservedContainer = { ...plain, owned: { ...plain.owned, hash: service.hash } };
  const world = { result: { kind: 'success' } as ProbeResult, sink: null as EngineEventSink | null };
  const attempts: string[] = [];
  const sighting = () => ({ kind: 'ours', container: structuredClone(container) }) as const;
  const never = (): Promise<never> => new Promise(() => {});
  const known: Partial<Engine> = {
    connect: async () => ({ id: 'e', version: '28', apiVersion: '1.51' }),
    async subscribe(sink) {
      world.sink = sink;
      return { close: () => {} };
    },
    list: async () => ({ containers: [sighting()], networks: [], volumes: [] }),
    inspectContainer: async () => sighting(),
    inspectImage: async () => ({ id: 'sha256:1', version: null, hasHealthcheck: false }),
  };
  const engine = new Proxy(known, { get: (target, key) => Reflect.get(target, key) ?? never }) as Engine;
  const controller = createController({
    ...{ engine, files, clock, log: createSilentLog(), createId: () => '0' },
    publisher: { publishEvent: () => {}, publishStatus: () => {} },
    ...{ project: 'alicia', instance: 'box', version: '0', pid: 1, manifests: ['/manifests'] },
    ...{ ownContainerId: null, allowMassPrune: false, takeDown: false, removeVolumes: false, mode: 'run' },
    intake: {
      ...{ project: 'alicia', networkName: 'bus', environment: {}, hash: sha256 },
      ...{ hostPaths: null, allow: [], allowEmpty: false },
    },
    limits: {
      ...{ concurrency: 8, resyncMs: 600_000, rescanMs: 600_000, callMs: 30_000 },
      ...{ startMs: 120_000, stopSlackMs: 20_000, pullIdleMs: 300_000 },
    },
    probing: {
      runner: {
        async http({ host }) {
          attempts.push(`${clock.elapsedMs()} ${host}`);
          return world.result;
        },
        tcp: never,
      },
      words: { subscribe: () => () => {}, publishEmpty: () => {} },
      ...{ discovery: null, concurrency: 8 },
    },
  });
  void controller.start();
  return {
    ...{ clock, controller, world, attempts, declare },
    become(change: Partial<ObservedContainer>, action: string): void {
      container = { ...container, ...change };
      world.sink?.onEvent({ type: 'container', action, id: container.id });
    },
  };
}

test('6.6 a controller must probe what runs as soon as it knows both, and until it is stopped', async () => {
  const { clock, controller, attempts } = start();
  await clock.advance(15_000);
  expect(attempts).toHaveLength(2);
  void controller.stop();
  await clock.advance(60_000);
  expect(attempts).toHaveLength(2);
});

test('6.6 a run that ends or begins must be followed at once', async () => {
  const { clock, attempts, become } = start();
  await clock.advance(1_000);
  become({ status: 'exited', exitCode: 1, finishedAt: WALL_START_MS + 1_000 }, 'die');
  await clock.advance(30_000);
  expect(attempts).toHaveLength(1);
  become({ status: 'running', startedAt: WALL_START_MS + 31_000 }, 'start');
  await clock.advance(100);
  expect(attempts).toHaveLength(2);
});

test('6.6 another declaration must be followed at once', async () => {
  const { clock, attempts, declare } = start();
  await clock.advance(1_000);
  declare({ maintenance: true });
  await clock.advance(60_000);
  expect(attempts.filter((line) => Number(line.split(' ')[0]) > 2_000)).toEqual([]);
});

test('6.6 a verdict must reach the status of the service at once', async () => {
  const { clock, controller, world } = start();
  const state = (): string =>
    controller
      .services()
      .map((status) => status.state)
      .join();
  await clock.advance(5_000);
  expect(state()).toBe('running');
  world.result = { kind: 'failure', message: 'answered 503' };
  await clock.advance(24_000);
  expect(state()).toBe('running');
  await clock.advance(1_100);
  expect(state()).toBe('failed');
});
