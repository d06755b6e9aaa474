// Owns: when the engine is looked at.
import { describe, expect, test } from 'vitest';
import { createObserver } from '../../src/controller/observer.js';
import { LIMITS } from '../support/controller-limits.js';
import { createSilentLog } from '../support/silent-log.js';
import { createWorld } from '../support/simulation/world.js';

/** An observer of a simulated engine on which two containers run: not started yet. Calls are noted with their second. */
function observing() {
  const { engine, faults, clock } = createWorld(1, null, { random: () => 0 });
  const ids = ['a', 'b'].map((name) => engine.outsider.run({ name }));
  const told: string[] = [];
  const calls: string[] = [];
  const log = createSilentLog();
  const noted = new Proxy(faults.engine, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        calls.push(`${String(key)} ${Math.round(clock.elapsedMs() / 1000)}`);
        return Reflect.apply(member, target, args);
      };
    },
  });
  const observer = createObserver({
    engine: noted,
    limits: LIMITS,
    clock,
    log,
    listener: {
      onWhole: (_, isFirst) => void told.push(isFirst ? 'whole at first' : 'whole again'),
      onLost: () => void told.push('lost'),
      onChange: () => undefined,
    },
  });
  const names = (): readonly string[] => [...observer.state.others.values()].map(({ name }) => name).sort();
  const callsOf = (name: string): readonly number[] =>
    calls.filter((call) => call.startsWith(`${name} `)).map((call) => Number(call.split(' ')[1]));
  return { engine, faults, clock, observer, ids, told, names, callsOf, log };
}

/** The same, whole. */
async function whole() {
  const stage = observing();
  stage.observer.start();
  await stage.clock.advance(1_000);
  expect(stage.observer.isWhole()).toBe(true);
  return stage;
}

describe('8.15 a list after every break', () => {
  test('8.15 what happens while the engine is away must be seen by a list once it is back', async () => {
    const { engine, faults, clock, ids, told, names, observer } = await whole();
    expect(names()).toEqual(['a', 'b']);
    faults.down();
    expect(observer.isWhole()).toBe(false);
    const [first] = ids;
    if (first === undefined) throw new Error('nothing runs');
    engine.outsider.remove(first);
    engine.outsider.run({ name: 'c' });
    await clock.advance(500);
    faults.up();
    await clock.advance(31_000);
    expect(names()).toEqual(['b', 'c']);
    expect(told).toEqual(['whole at first', 'lost', 'whole again']);
  });

  test('8.15 wishes for a list that come while one is under way must be one more list', async () => {
    const { clock, observer, callsOf } = await whole();
    const lists = [observer.relist(), observer.relist(), observer.relist()];
    await clock.advance(1_000);
    await Promise.all(lists);
    expect(callsOf('list')).toHaveLength(3);
    void observer.relist();
    await clock.advance(1_000);
    expect(callsOf('list')).toHaveLength(4);
  });

  test('8.15 a network that is made or goes must bring a list, another event about it none', async () => {
    const { engine, clock, callsOf } = await whole();
    engine.emit({ type: 'network', action: 'connect', id: 'n' });
    await clock.advance(2_000);
    expect(callsOf('list')).toHaveLength(1);
    engine.emit({ type: 'network', action: 'create', id: 'n' });
    engine.emit({ type: 'volume', action: 'destroy', id: 'v' });
    await clock.advance(2_000);
    expect(callsOf('list')).toHaveLength(2);
  });
});

describe('8.1 an engine that is not there', () => {
  test('8.1 must be tried again after 1 to 30 s, and be told as lost only once it was there', async () => {
    const { clock, faults, observer, told, callsOf } = observing();
    faults.down();
    observer.start();
    await clock.advance(130_000);
    expect(callsOf('connect')).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
    expect(told).toEqual([]);
    faults.up();
    await clock.advance(31_000);
    expect(told).toEqual(['whole at first']);
    faults.down();
    await clock.advance(2_000);
    expect(callsOf('connect').slice(-2)).toEqual([151, 162]);
  });

  test('8.1 a list that fails must lose it only where the engine gives no other answer either', async () => {
    const { clock, faults, observer, told, log } = await whole();
    faults.breakCalls((call) => (call === 'list' ? 'engine' : null));
    void observer.relist();
    await clock.advance(1_000);
    expect([observer.isWhole(), told]).toEqual([true, ['whole at first']]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    faults.breakCalls((call) => (call === 'list' || call === 'connect' ? 'engine' : null));
    void observer.relist();
    await clock.advance(500);
    expect(told).toEqual(['whole at first', 'lost']);
  });

  test('8.1 a list of one that cannot be reached must lose it at once', async () => {
    const { clock, faults, observer, told } = await whole();
    faults.breakCalls((call) => (call === 'list' ? 'unreachable' : null));
    void observer.relist();
    await clock.advance(100);
    expect(told).toEqual(['whole at first', 'lost']);
  });
});

test('an observer that is stopped must neither ask nor tell any more', async () => {
  const { engine, clock, faults, observer, told, callsOf } = await whole();
  observer.stop();
  engine.emit({ type: 'network', action: 'create', id: 'n' });
  engine.outsider.run({ name: 'c' });
  faults.down();
  await clock.advance(60_000);
  expect([callsOf('list'), callsOf('connect'), told]).toEqual([[0], [0], ['whole at first']]);
});

test('3.4 images that are wanted must be looked up, told once, and be forgotten with the wish', async () => {
  const { clock, observer, callsOf } = await whole();
  const known: string[] = [];
  observer.wantImages(new Set(['sim-well:1', 'sim-well:9']), (reference) => known.push(reference));
  observer.wantImages(new Set(['sim-well:1', 'sim-well:9']), () => undefined);
  await clock.advance(1_000);
  expect(known).toEqual(['sim-well:1', 'sim-well:9']);
  expect(callsOf('inspectImage')).toHaveLength(2);
  expect([...observer.state.images].map(([name, image]) => `${name} ${image === null}`)).toEqual([
    'sim-well:1 false',
    'sim-well:9 true',
  ]);
  observer.wantImages(new Set(['sim-well:9']), () => undefined);
  expect([...observer.state.images.keys()]).toEqual(['sim-well:9']);
});
