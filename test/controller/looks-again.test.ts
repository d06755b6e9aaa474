// Owns: single looks: that there is one at a time, that one is made again, and what outlives its connection.
import { describe, expect, test } from 'vitest';
import { createObserver } from '../../src/controller/observer.js';
import type { Change } from '../../src/controller/observed-store.js';
import type { Engine, EngineEventSink, Sighting } from '../../src/controller/ports.js';
import { EngineError } from '../../src/controller/ports.js';
import type { FailureCode } from '../../src/model/failure.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import { keys, type Step } from '../../src/model/step.js';
import { LIMITS } from '../support/controller-limits.js';
import { containerOf } from '../support/probes.js';
import { createSilentLog } from '../support/silent-log.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

const web = serviceName('web');
const first = containerOf('web', 'a');
const second = containerOf('web', 'b');
const refused = (code: FailureCode): Promise<never> =>
  Promise.reject(new EngineError({ code, message: `it is ${code}`, status: null }));

type Reads = Partial<Record<keyof Engine, (...args: readonly never[]) => Promise<unknown>>>;

/** An observer of two containers of `web`; a read is answered otherwise where it is replaced. */
async function observing(wanted: readonly string[] = []) {
  const clock = createVirtualClock();
  const log = createSilentLog();
  const told: string[] = [];
  const calls: string[] = [];
  const world = { containers: [first, second] as readonly ObservedContainer[], reads: {} as Reads };
  const sinks: EngineEventSink[] = [];
  const sighting = (container: ObservedContainer): Sighting => ({ kind: 'ours', container });
  const plain: Reads = {
    connect: async () => ({ id: 'e', version: '28', apiVersion: '1.51' }),
    subscribe: async (sink: never) => {
      sinks.push(sink);
      return { close: () => {} };
    },
    list: async () => ({ containers: world.containers.map(sighting), networks: [], volumes: [] }),
    inspectContainer: async (id: never) => {
      const found = world.containers.find((each) => each.id === id || each.name === id);
      return found === undefined ? null : sighting(found);
    },
    inspectImage: async () => ({ id: 'sha256:1', version: null, hasHealthcheck: false }),
    inspectNetwork: async () => null,
    inspectVolume: async (name: never) => ({ name, driver: 'local', project: 'alicia', hash: null }),
  };
  const engine = new Proxy({} as Engine, {
    get: (_, key: keyof Engine) =>
      (...args: readonly never[]) => {
        calls.push(`${clock.elapsedMs()} ${String(key)}`);
        return (world.reads[key] ?? plain[key])?.(...args);
      },
  });
  const observer = createObserver({
    ...{ engine, limits: LIMITS, clock, log },
    listener: {
      onWhole: (_, isFirst) => void told.push(isFirst ? 'whole' : 'whole again'),
      onLost: (reason) => void told.push(`lost: ${reason}`),
      onChange: ({ services, objects }: Change) =>
        void told.push(`${clock.elapsedMs()} ${services.join(' ')}${objects ? ' objects' : ''}`),
    },
  });
  observer.wantImages(new Set(wanted), () => undefined);
  observer.start();
  await clock.advance(0);
  told.length = 0;
  calls.length = 0;
  const emit = (type: 'container' | 'image' | 'volume', action: string, id: string): void =>
    sinks.at(-1)?.onEvent({ type, action, id });
  const end = (): void => sinks.at(-1)?.onEnd('cut');
  const settles = (promise: Promise<unknown>): { atMs: number | null } => {
    const noted = { atMs: null as number | null };
    void promise.then(() => {
      noted.atMs = clock.elapsedMs();
    });
    return noted;
  };
  return { clock, log, told, calls, world, observer, emit, end, settles };
}

const base = { service: web, slot: 1, cause: '', key: keys.replica(web, 1) };
const never = (): Promise<never> => new Promise(() => {});

describe('8.14 a look that fails', () => {
  test('8.14 must be made again, more and more patiently, until it succeeds, and then be told', async () => {
    const { clock, told, calls, world, observer, emit, log } = await observing();
    world.reads = { inspectContainer: () => refused('engine') };
    world.containers = [{ ...first, status: 'exited' }, second];
    emit('container', 'die', first.id);
    await clock.advance(3_400);
    world.reads = {};
    await clock.advance(10_000);
    expect(calls).toEqual([0, 500, 1_500, 3_500].map((atMs) => `${atMs} inspectContainer`));
    expect([observer.isWhole(), told]).toEqual([true, ['3500 web']]);
    expect(log.lines[0]).toMatchObject({ level: 'debug', facts: { code: 'engine', message: 'it is engine' } });
  });

  test('8.1 where the engine cannot be reached must lose it, and be made no more', async () => {
    const { clock, told, calls, world, emit } = await observing();
    world.reads = { inspectContainer: () => refused('unreachable') };
    emit('container', 'die', first.id);
    await clock.advance(900);
    expect([told, calls]).toEqual([['lost: it is unreachable'], ['0 inspectContainer']]);
    await clock.advance(60_000);
    expect(calls.filter((call) => call.endsWith('inspectContainer'))).toHaveLength(1);
  });

  test('must be made no more once the observer is stopped', async () => {
    const { clock, calls, world, observer, emit, settles } = await observing();
    world.reads = { inspectContainer: () => refused('engine') };
    emit('container', 'die', first.id);
    const looked = settles(observer.lookAt([web]));
    await clock.advance(0);
    const before = calls.length;
    observer.stop();
    await clock.advance(60_000);
    expect([calls.length, looked.atMs !== null]).toEqual([before, true]);
  });
});

describe('8.14 one look at a time', () => {
  test('8.14 wishes that come while a container is looked at must be one more look', async () => {
    const { clock, calls, world, emit } = await observing();
    let answer = (_: Sighting): void => {};
    world.reads = {
      inspectContainer: () =>
        new Promise<Sighting>((resolve) => {
          answer = resolve;
        }),
    };
    for (let times = 0; times < 3; times += 1) emit('container', 'die', first.id);
    await clock.advance(100);
    expect(calls).toHaveLength(1);
    answer({ kind: 'ours', container: first });
    await clock.advance(100);
    answer({ kind: 'ours', container: first });
    await clock.advance(100);
    expect(calls).toHaveLength(2);
  });

  test('8.14 one that gives no answer for 5 s must count as silent, and keep a service waiting no longer', async () => {
    const { clock, told, world, observer, settles } = await observing();
    world.reads = { inspectContainer: never };
    const looked = settles(observer.lookAt([web]));
    await clock.advance(4_999);
    expect([told, looked.atMs]).toEqual([[], null]);
    await clock.advance(1);
    expect([new Set(told), looked.atMs]).toEqual([new Set(['5000 web']), 5_000]);
    expect(observer.state.services.get(web)?.map(({ isSilent }) => isSilent)).toEqual([true, true]);
  });

  test('8.14 one that is silent must be looked at by itself, also where a list tells so', async () => {
    const { clock, calls, world, observer } = await observing();
    const silent = { ...first, isSilent: true };
    const list = async () => ({
      containers: [
        { kind: 'ours', container: silent },
        { kind: 'ours', container: second },
      ],
      ...{ networks: [], volumes: [] },
    });
    world.reads = { list };
    void observer.relist();
    await clock.advance(100);
    expect(calls).toEqual(['0 list', '0 inspectContainer']);
  });

  test('a look that answers at once must bring no change, and leave no timer', async () => {
    const { clock, told, observer, settles } = await observing();
    const looked = settles(observer.lookAt([web]));
    await clock.advance(0);
    expect([looked.atMs, told, await clock.step()]).toEqual([0, [], false]);
  });
});

describe('8.2 what an earlier connection was asked', () => {
  test('8.2 must not be waited for, and its answer must say nothing', async () => {
    const { clock, told, world, observer, emit, end, settles } = await observing();
    let answer = (_: Sighting): void => {};
    world.reads = {
      inspectContainer: () =>
        new Promise<Sighting>((resolve) => {
          answer = resolve;
        }),
    };
    emit('container', 'die', first.id);
    const looked = settles(observer.lookAt([web]));
    await clock.advance(10);
    world.reads = {};
    end();
    await clock.advance(10);
    expect(looked.atMs).not.toBeNull();
    await clock.advance(2_000);
    expect(observer.isWhole()).toBe(true);
    told.length = 0;
    answer({ kind: 'ours', container: { ...first, status: 'exited' } });
    await clock.advance(10_000);
    expect(told).toEqual([]);
    expect(observer.state.services.get(web)?.every(({ status, isSilent }) => status === 'running' && !isSilent)).toBe(true);
  });

  test('8.2 a step must wait for the next whole list where its look was lost, and not for ever', async () => {
    const { clock, world, observer, end, settles } = await observing();
    world.reads = { inspectContainer: never };
    const step: Step = { ...base, kind: 'unpauseContainer', id: first.id, name: first.name };
    const looked = settles(observer.lookAfter(step));
    await clock.advance(10);
    world.reads = {};
    end();
    await clock.advance(500);
    expect(looked.atMs).toBeNull();
    const late = settles(observer.lookAfter(step));
    await clock.advance(1_000);
    expect([looked.atMs, late.atMs]).toEqual([1_010, 1_010]);
    expect(settles(observer.lookAt([web])).atMs).toBeNull();
  });

  test('8.2 a list that was under way must say nothing of the next connection', async () => {
    const { clock, world, observer, end, told } = await observing();
    let answer = (_: unknown): void => {};
    world.reads = {
      list: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    };
    void observer.relist();
    await clock.advance(10);
    world.reads = {};
    end();
    await clock.advance(2_000);
    told.length = 0;
    answer({ containers: [], networks: [], volumes: [] });
    await clock.advance(100);
    expect([told, observer.state.services.get(web)?.length]).toEqual([[], 2]);
  });
});

describe('1.6 the look after a step', () => {
  const pull: Step = { ...base, slot: null, kind: 'pullImage', key: keys.image('web:1'), image: 'web:1' };
  const volume = (kind: 'createVolume' | 'removeVolume'): Step =>
    ({ ...base, slot: null, kind, key: keys.volume('v'), name: 'v', volume: { name: 'v' } }) as unknown as Step;
  const network = (kind: 'createNetwork' | 'removeNetwork'): Step =>
    ({ ...base, slot: null, kind, key: keys.network('n'), name: 'n', network: { name: 'n' } }) as unknown as Step;
  test.each<readonly [string, Step, string]>([
    ['a pull', pull, 'inspectImage'],
    ['a volume made', volume('createVolume'), 'inspectVolume'],
    ['a volume removed', volume('removeVolume'), 'inspectVolume'],
    ['a network made', network('createNetwork'), 'inspectNetwork'],
    ['a network removed', network('removeNetwork'), 'inspectNetwork'],
  ])('1.6 %s must be looked at by what it was about, and be told', async (_, step, call) => {
    const { clock, calls, told, observer } = await observing();
    await observer.lookAfter(step);
    await clock.advance(0);
    expect([calls, told]).toEqual([[`0 ${call}`], ['0  objects']]);
    expect([...observer.state.volumes.keys()]).toEqual(call === 'inspectVolume' ? ['v'] : []);
  });

  test('1.6 a step whose look was given up must be told to nobody', async () => {
    const { clock, told, world, observer, settles } = await observing();
    world.reads = { inspectVolume: () => refused('engine'), inspectNetwork: () => refused('engine') };
    const looked = [volume('createVolume'), network('removeNetwork')].map((step) =>
      settles(observer.lookAfter(step)),
    );
    await clock.advance(100);
    observer.stop();
    await clock.advance(1_000);
    expect([looked.map(({ atMs }) => atMs !== null), told]).toEqual([[true, true], []]);
  });
});

describe('3.4 images', () => {
  test('3.4 an event about images must bring a look at those that are wanted, sorted, and no list', async () => {
    const { clock, calls, told, emit } = await observing(['b:1', 'a:1']);
    emit('image', 'tag', 'b:1');
    emit('image', 'delete', 'x:1');
    await clock.advance(1_000);
    expect([calls, told]).toEqual([['100 inspectImage', '100 inspectImage'], ['100  objects']]);
  });

  test('3.4 a volume that is made must bring a list', async () => {
    const { clock, calls, emit } = await observing();
    emit('volume', 'create', 'v');
    await clock.advance(1_000);
    expect(calls).toEqual(['100 list']);
  });

  test.each<readonly [FailureCode, boolean]>([
    ['engine', true],
    ['unreachable', false],
  ])('8.14 an image that ends as %s must lose nothing but an engine that is away', async (code, isWhole) => {
    const { clock, told, world, observer, emit } = await observing(['a:1']);
    world.reads = { inspectImage: () => refused(code) };
    emit('image', 'tag', 'a:1');
    await clock.advance(500);
    expect(observer.isWhole()).toBe(isWhole);
    expect(told).toEqual([isWhole ? '100  objects' : 'lost: it is unreachable']);
    expect(observer.state.images.get('a:1')?.id).toBe('sha256:1');
  });
});
