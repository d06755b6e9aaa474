// Owns: that the event stream is a stream of hints, ends once, and never ends a test of its own closing.

import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { createDockerEngine } from '../../../src/adapters/docker/engine.js';
import { eventOf, sinceOf } from '../../../src/adapters/docker/events.js';
import type { EngineEvent } from '../../../src/controller/ports.js';
import { eventually } from '../../support/eventually.js';
import { type FakeDaemon, hang, json, type Route, startFakeDaemon } from './fake-daemon.js';

const LATER = { deadlineMs: 5000 };

let daemon: FakeDaemon | null = null;
afterEach(async () => {
  await daemon?.stop();
  daemon = null;
});

const line = (fields: object): string => `${JSON.stringify(fields)}\n`;
const start = (id: string): string => line({ Type: 'container', Action: 'start', Actor: { ID: id } });

/** A subscription whose stream the test writes. */
async function subscribed() {
  let stream: ServerResponse | null = null;
  const open: Route = (response) => {
    stream = response;
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  };
  daemon = await startFakeDaemon({ 'GET /events': open });
  const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
  await engine.connect(LATER);
  const events: EngineEvent[] = [];
  const ends: string[] = [];
  const sink = {
    onEvent: (event: EngineEvent) => events.push(event),
    onEnd: (reason: string) => ends.push(reason),
  };
  const subscription = await engine.subscribe(sink, LATER);
  const writer = await eventually(async () => stream, { describe: 'a stream' });
  return { events, ends, subscription, writer, requests: daemon.requests };
}

describe('8.15 a subscription', () => {
  it("must begin at the engine's own time and ask for types, not labels", async () => {
    const { requests } = await subscribed();
    const query = new URL(requests.at(-1)?.url ?? '', 'http://d').searchParams;
    expect(query.get('since')).toBe('1769860800.123456789');
    expect(JSON.parse(query.get('filters') ?? '')).toEqual({
      type: ['container', 'network', 'volume', 'image'],
    });
    expect(requests.at(-2)?.url).toBe('/info');
  });

  it('must tell every event, however the stream is cut into pieces', async () => {
    const { events, writer } = await subscribed();
    const bytes = Buffer.from(start('a') + start('ü') + start('c'));
    for (const byte of bytes) writer.write(Buffer.from([byte]));
    await eventually(async () => events.length === 3);
    expect(events.map(({ id }) => id)).toEqual(['a', 'ü', 'c']);
  });

  it('must end once when the connection breaks in mid-line', async () => {
    const { events, ends, writer } = await subscribed();
    writer.write(`${start('a')}{"Type":"conta`);
    await eventually(async () => events.length === 1);
    writer.socket?.destroy();
    await eventually(async () => ends.length === 1);
    expect(events).toHaveLength(1);
  });

  it('must end once when Docker ends it', async () => {
    const { ends, writer } = await subscribed();
    writer.end(start('a'));
    await eventually(async () => ends.length > 0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toEqual(['Docker ended the event stream']);
  });

  it('must be silent once it is closed by us', async () => {
    const { events, ends, subscription, writer } = await subscribed();
    const gone = new Promise((resolve) => writer.on('close', resolve));
    subscription.close();
    writer.write(start('a'));
    await gone;
    expect(ends).toEqual([]);
    expect(events).toEqual([]);
  });

  it('must fail as unreachable when there is no stream', async () => {
    daemon = await startFakeDaemon({ 'GET /events': hang });
    const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
    await engine.connect(LATER);
    const sink = { onEvent: () => undefined, onEnd: () => undefined };
    const silent = engine.subscribe(sink, { deadlineMs: 150 });
    await expect(silent).rejects.toMatchObject({ failure: { code: 'unreachable' } });
    await daemon.stop();
    daemon = await startFakeDaemon({ 'GET /info': json(200, { ID: 'x' }), 'GET /events': hang });
    const timeless = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
    await timeless.connect(LATER);
    await expect(timeless.subscribe(sink, LATER)).rejects.toMatchObject({ failure: { code: 'engine' } });
  });
});

describe('an event', () => {
  const event = (Type: string, Action: string): unknown => ({ Type, Action, Actor: { ID: 'x' } });

  it('must lose the data in its action', () => {
    expect(eventOf(event('container', 'health_status: healthy'))).toEqual({
      type: 'container',
      action: 'health_status',
      id: 'x',
    });
  });

  it('must be left out when it says nothing of what is observed', () => {
    for (const action of ['exec_create: ls', 'exec_start: ls', 'exec_die', 'top', 'attach', 'resize', ''])
      expect(eventOf(event('container', action))).toBeNull();
    expect(eventOf(event('volume', 'mount'))).toBeNull();
    expect(eventOf(event('daemon', 'reload'))).toBeNull();
    expect(eventOf('nonsense')).toBeNull();
  });

  it('must be about the container that joins or leaves a network', () => {
    const attributes = { container: 'c', name: 'bus', type: 'bridge' };
    const left = { Type: 'network', Action: 'disconnect', Actor: { ID: 'n', Attributes: attributes } };
    expect(eventOf(left)).toEqual({ type: 'container', action: 'disconnect', id: 'c' });
  });

  it('must be told for every change of state', () => {
    for (const action of ['create', 'start', 'die', 'kill', 'oom', 'pause', 'rename', 'destroy', 'update'])
      expect(eventOf(event('container', action))?.action).toBe(action);
    expect(eventOf(event('network', 'disconnect'))?.type).toBe('network');
    expect(eventOf(event('image', 'untag'))?.type).toBe('image');
  });
});

describe("Docker's time", () => {
  it('must be kept to the nanosecond', () => {
    expect(sinceOf('2026-01-31T12:00:00.000000001Z')).toBe('1769860800.000000001');
    expect(sinceOf('2026-01-31T12:00:00.5Z')).toBe('1769860800.500000000');
    expect(sinceOf('2026-01-31T13:00:00+01:00')).toBe('1769860800.000000000');
  });
});
