// Owns: connections that are ended while they are being made.
import { expect, test } from 'vitest';
import { createObserver } from '../../src/controller/observer.js';
import type { Engine, EngineEventSink } from '../../src/controller/ports.js';
import { LIMITS } from '../support/controller-limits.js';
import { createSilentLog } from '../support/silent-log.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

type Call = 'connect' | 'subscribe' | 'list';

/** An observer whose engine takes 100 ms for each call; of the one that is named, an answer comes when it is told to. */
function connecting(slow: Call | null) {
  const clock = createVirtualClock();
  const told: string[] = [];
  const calls: string[] = [];
  const sinks: EngineEventSink[] = [];
  const answers: (() => void)[] = [];
  const closed = { times: 0 };
  const answered = async <Value>(call: Call, value: Value): Promise<Value> => {
    calls.push(`${clock.elapsedMs()} ${call}`);
    const isFirst = calls.filter((each) => each.endsWith(call)).length === 1;
    await new Promise<void>((resolve) => {
      if (call === slow && isFirst) answers.push(resolve);
      else clock.after(100, resolve);
    });
    return value;
  };
  const close = (): void => {
    closed.times += 1;
  };
  const engine = {
    connect: () => answered('connect', { id: 'e', version: '28', apiVersion: '1.51' }),
    subscribe(sink: EngineEventSink) {
      sinks.push(sink);
      return answered('subscribe', { close });
    },
    list: () => answered('list', { containers: [], networks: [], volumes: [] }),
  } as unknown as Engine;
  const observer = createObserver({
    ...{ engine, limits: LIMITS, clock, log: createSilentLog() },
    listener: {
      onWhole: () => void told.push(`${clock.elapsedMs()} whole`),
      onLost: () => void told.push(`${clock.elapsedMs()} lost`),
      onChange: () => undefined,
    },
  });
  observer.start();
  return { clock, told, calls, sinks, closed, observer, answer: () => answers.shift()?.() };
}

test.each<readonly [Call, number]>([
  ['connect', 1],
  ['subscribe', 1],
  ['list', 1],
])(
  '8.1 an observer that is stopped during %s must end what was opened, and tell nothing',
  async (slow, times) => {
    const { clock, told, closed, observer, answer } = connecting(slow);
    await clock.advance(1_000);
    observer.stop();
    answer();
    await clock.advance(1_000);
    expect([told, closed.times, observer.isWhole(), await clock.step()]).toEqual([[], times, false, false]);
  },
);

test('8.1 a stream that ends while the list is under way must begin all anew, after a pause, once', async () => {
  const { clock, told, calls, sinks, closed, answer } = connecting('list');
  await clock.advance(1_000);
  sinks[0]?.onEnd('cut');
  sinks[0]?.onEnd('cut again');
  answer();
  await clock.advance(10_000);
  expect(told).toEqual(['2300 whole']);
  expect(calls.slice(3)).toEqual(['2000 connect', '2100 subscribe', '2200 list']);
  expect(closed.times).toBe(1);
});

test('8.15 a stream of an earlier connection must not be heard any more', async () => {
  const { clock, told, calls, sinks } = connecting(null);
  await clock.advance(1_000);
  sinks[0]?.onEnd('cut');
  await clock.advance(5_000);
  expect(told).toEqual(['300 whole', '1000 lost', '2300 whole']);
  sinks[0]?.onEnd('cut');
  sinks[0]?.onEvent({ type: 'network', action: 'create', id: 'n' });
  await clock.advance(5_000);
  expect([told.length, calls.length]).toEqual([3, 6]);
});
