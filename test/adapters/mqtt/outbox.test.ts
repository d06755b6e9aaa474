import { expect, test } from 'vitest';
import { createOutbox, type Outbox } from '../../../src/adapters/mqtt/outbox.js';

const take = (outbox: Outbox, count: number) =>
  Array.from({ length: count }, () => outbox.take()).map((each) =>
    each === null ? null : `${each.topic}=${each.payload}`,
  );

test('only the latest retained payload of a topic must be sent', () => {
  const outbox = createOutbox({ eventRing: 3 });
  outbox.retain('a', '1');
  outbox.retain('a', '2');
  outbox.retain('b', '1');
  expect(outbox.counts().queued).toBe(2);
  expect(take(outbox, 3)).toEqual(['a=2', 'b=1', null]);
});

test('a full ring must give up its oldest event and count it', () => {
  const outbox = createOutbox({ eventRing: 3 });
  for (const event of ['1', '2', '3', '4', '5']) outbox.addEvent(['e'], event);
  expect(outbox.counts()).toEqual({ queued: 3, inFlight: 0, dropped: 2 });
  expect(take(outbox, 4)).toEqual(['e=3', 'e=4', 'e=5', null]);
});

test('an event must stay until every copy is acknowledged, and go out again after a new connection', () => {
  const outbox = createOutbox({ eventRing: 3 });
  outbox.addEvent(['all', 'one'], 'x');
  const [first, second] = [outbox.take(), outbox.take()];
  if (first === null || second === null) throw new Error('two copies expected');
  outbox.settle(first);
  outbox.restart();
  expect(outbox.counts()).toEqual({ queued: 1, inFlight: 0, dropped: 0 });
  const again = [outbox.take(), outbox.take()];
  expect(again.map((each) => each?.topic)).toEqual(['all', 'one']);
  for (const each of again) if (each !== null) outbox.settle(each);
  outbox.restart();
  expect(outbox.take()).toBeNull();
});

test('everything retained must be due again after a new connection, cleared topics until they are acknowledged', () => {
  const outbox = createOutbox({ eventRing: 3 });
  outbox.retain('a', '1');
  outbox.retain('b', '');
  take(outbox, 2);
  outbox.restart();
  expect(outbox.take()?.topic).toBe('a');
  const cleared = outbox.take();
  expect(cleared?.topic).toBe('b');
  if (cleared !== null) outbox.settle(cleared);
  outbox.restart();
  expect(take(outbox, 2)).toEqual(['a=1', null]);
});

test('a topic that came back while its clearing was under way must be kept', () => {
  const outbox = createOutbox({ eventRing: 3 });
  outbox.retain('a', '');
  const cleared = outbox.take();
  outbox.retain('a', '2');
  if (cleared !== null) outbox.settle(cleared);
  expect(outbox.isRetained('a')).toBe(true);
  expect(outbox.take()?.payload).toBe('2');
});
