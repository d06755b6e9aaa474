// Owns: that every call settles with an EngineError whatever the daemon does, and that versions are negotiated.

import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { isAtLeast, negotiate } from '../../../src/adapters/docker/connection.js';
import { createDockerEngine, type DockerEngine } from '../../../src/adapters/docker/engine.js';
import { containerId } from '../../../src/model/ids.js';
import { eventually } from '../../support/eventually.js';
import { draftFor } from './draft.js';
import { failureOf } from './failure-of.js';
import { cut, type FakeDaemon, hang, json, type Route, reset, startFakeDaemon } from './fake-daemon.js';

const SOON = { deadlineMs: 150 };
const LATER = { deadlineMs: 5000 };
const ID = containerId('a'.repeat(64));

let daemon: FakeDaemon | null = null;
afterEach(async () => {
  await daemon?.stop();
  daemon = null;
});

async function connected(routes: Readonly<Record<string, Route>>): Promise<DockerEngine> {
  daemon = await startFakeDaemon(routes);
  const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
  await engine.connect(LATER);
  return engine;
}

/** What a list asks for beside the containers. */
const NO_OBJECTS = { 'GET /networks': json(200, []), 'GET /volumes': json(200, { Volumes: null }) };

describe('8.2 a daemon that misbehaves', () => {
  it('must not hold up a call beyond its deadline when it does not answer', async () => {
    const engine = await connected({
      ...NO_OBJECTS,
      'POST /containers/create': hang,
      'GET /containers/json': hang,
    });
    expect((await failureOf(engine.createContainer(draftFor('a'), SOON))).code).toBe('unknownOutcome');
    const list = await failureOf(engine.list(SOON));
    expect(list).toEqual({
      code: 'unknownOutcome',
      message: 'Docker gave no whole answer to list within 150 ms',
      status: null,
    });
  });

  it('must not hold up a call until its deadline when its answer is cut off', async () => {
    const engine = await connected({
      ...NO_OBJECTS,
      'POST /containers/create': cut,
      [`GET /containers/${ID}/json`]: cut,
      'GET /containers/json': cut,
    });
    const patience = { deadlineMs: 600_000 };
    expect((await failureOf(engine.createContainer(draftFor('a'), patience))).code).toBe('unknownOutcome');
    for (const read of [engine.inspectContainer(ID, patience), engine.list(patience)])
      expect(await failureOf(read)).toMatchObject({
        code: 'unreachable',
        message: 'Docker did not answer: the reply was cut',
      });
  });

  it('must not keep a connection to it open beyond the deadline', async () => {
    let left = false;
    const held: Route = (response) => void response.on('close', () => (left = true));
    const engine = await connected({ [`POST /containers/${ID}/start`]: held });
    expect((await failureOf(engine.startContainer(ID, SOON))).code).toBe('unknownOutcome');
    await eventually(async () => left, { describe: 'the end of the connection' });
  });

  it('must leave a write unknown and a read unreachable when it resets the connection', async () => {
    const engine = await connected({
      ...NO_OBJECTS,
      [`POST /containers/${ID}/start`]: reset,
      'GET /containers/json': reset,
    });
    expect((await failureOf(engine.startContainer(ID, LATER))).code).toBe('unknownOutcome');
    expect((await failureOf(engine.list(LATER))).code).toBe('unreachable');
  });

  it('must be heard when it answers 500', async () => {
    const broken = json(500, { message: 'layer does not exist' });
    const engine = await connected({ [`POST /containers/${ID}/start`]: broken });
    const failure = { code: 'engine', message: 'layer does not exist', status: 500 };
    expect(await failureOf(engine.startContainer(ID, LATER))).toEqual(failure);
  });

  it('must not be believed when something between answers in its place', async () => {
    const page: Route = (response) => void response.writeHead(200).end('<html>welcome</html>');
    const engine = await connected({
      'GET /containers/json': page,
      ...NO_OBJECTS,
      'POST /containers/create': page,
      [`GET /containers/${ID}/json`]: page,
    });
    expect((await failureOf(engine.list(LATER))).code).toBe('engine');
    expect((await failureOf(engine.inspectContainer(ID, LATER))).code).toBe('engine');
    expect((await failureOf(engine.createContainer(draftFor('a'), LATER))).code).toBe('unknownOutcome');
  });

  it('must be told from a container that is gone: a missing page is no answer', async () => {
    const engine = await connected({});
    expect((await failureOf(engine.removeContainer(ID, { ...LATER, withVolumes: false }))).code).toBe(
      'engine',
    );
    expect((await failureOf(engine.inspectContainer(ID, LATER))).code).toBe('engine');
  });
});

describe('a list', () => {
  const labels = {
    'io.alicia.project': 'demo',
    'io.alicia.service': 'web',
    'io.alicia.slot': '1',
    'io.alicia.hash': 'v1:aa',
  };
  const entries = ['1', '2', '3'].map((id) => ({
    Id: id,
    Names: [`/${id}`],
    State: 'running',
    Labels: labels,
  }));
  const inspected = (id: string): Route => json(200, { Id: id, Name: `/${id}`, Config: { Labels: labels } });
  const routes = {
    'GET /containers/json': json(200, entries),
    ...NO_OBJECTS,
    'GET /containers/1/json': inspected('1'),
    'GET /containers/3/json': inspected('3'),
  };

  it('must leave out what went away in between', async () => {
    const gone = json(404, { message: 'No such container: 2' });
    const engine = await connected({ ...routes, 'GET /containers/2/json': gone });
    const { containers } = await engine.list(LATER);
    expect(containers.map(({ container }) => container.id)).toEqual(['1', '3']);
  });

  it('8.1 must fail as a whole rather than be partial', async () => {
    const engine = await connected({ ...routes, 'GET /containers/2/json': reset });
    expect((await failureOf(engine.list(LATER))).code).toBe('unreachable');
    await daemon?.stop();
    const silent = await connected({ ...routes, 'GET /containers/2/json': hang });
    expect((await failureOf(silent.list(SOON))).code).toBe('unknownOutcome');
  });

  it('must not be held up by a container of somebody else that hangs', async () => {
    const foreign = { Id: '2', Names: ['/hung'], State: 'running', Labels: {} };
    const engine = await connected({
      ...routes,
      'GET /containers/json': json(200, [foreign]),
      'GET /containers/2/json': hang,
    });
    expect((await engine.list(LATER)).containers).toMatchObject([
      { kind: 'other', container: { name: 'hung', writes: [] } },
    ]);
  });

  it('9.2 must ask a container of somebody else for its devices once, and never again', async () => {
    const foreign = { Id: '2', Names: ['/guest'], State: 'running', Labels: {} };
    const HostConfig = { Devices: [{ PathOnHost: '/dev/ttyUSB0' }] };
    const engine = await connected({
      ...routes,
      'GET /containers/json': json(200, [foreign]),
      'GET /containers/2/json': json(200, { Id: '2', Name: '/guest', HostConfig }),
    });
    for (let look = 0; look < 3; look += 1)
      expect((await engine.list(LATER)).containers).toMatchObject([
        { container: { writes: ['/dev/ttyUSB0'] } },
      ]);
    expect(daemon?.requests.filter(({ url }) => url.includes('/containers/2/'))).toHaveLength(1);
  });

  it('must have at most eight inspects under way', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    // Answers once eight have come, after a moment in which a ninth would have come too.
    const together: Route = (response, request) => {
      waiting.push(() => inspected(request.url.split('/')[2] ?? '')(response, request));
      most = Math.max(most, waiting.length);
      if (waiting.length === 8) setTimeout(() => waiting.splice(0).forEach((answer) => void answer()), 20);
    };
    const ids = Array.from({ length: 40 }, (_, index) => `c${index}`);
    const many = ids.map((id) => ({ Id: id, Names: [`/${id}`], State: 'running', Labels: labels }));
    const engine = await connected({
      ...routes,
      'GET /containers/json': json(200, many),
      ...Object.fromEntries(ids.map((id) => [`GET /containers/${id}/json`, together])),
    });
    expect((await engine.list(LATER)).containers).toHaveLength(40);
    expect(most).toBe(8);
  });
});

describe('connecting', () => {
  it('must open nothing before, and make every call fail as unreachable', async () => {
    daemon = await startFakeDaemon();
    const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
    expect((await failureOf(engine.list(LATER))).code).toBe('unreachable');
    expect((await failureOf(engine.startContainer(ID, LATER))).code).toBe('unreachable');
    expect(daemon.requests).toEqual([]);
  });

  it('must fail as unreachable without a socket, and with one that does not answer', async () => {
    const absent = createDockerEngine({
      dockerHost: 'unix:///nonexistent/docker.sock',
      project: 'demo',
      clock: systemClock,
    });
    expect((await failureOf(absent.connect(LATER))).code).toBe('unreachable');
    daemon = await startFakeDaemon({ 'GET /version': hang });
    const silent = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
    expect((await failureOf(silent.connect(SOON))).code).toBe('unreachable');
  });

  it('must go where it is told, whatever DOCKER_HOST says', async () => {
    const before = process.env.DOCKER_HOST;
    process.env.DOCKER_HOST = 'tcp://127.0.0.1:1';
    try {
      for (const listening of ['socket', 'tcp'] as const) {
        daemon = await startFakeDaemon({}, listening);
        const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
        expect((await engine.connect(LATER)).id).toBe('engine-1');
        await daemon.stop();
      }
      const elsewhere = createDockerEngine({ dockerHost: null, project: 'demo', clock: systemClock });
      expect((await failureOf(elsewhere.connect(LATER))).code).toBe('unreachable');
    } finally {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
      daemon = null;
    }
  });

  it('8.16 must refuse an engine that is too old, with what is needed', async () => {
    daemon = await startFakeDaemon({
      'GET /version': json(200, { Version: '19.03.15', ApiVersion: '1.40' }),
    });
    const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
    const failure = await failureOf(engine.connect(LATER));
    expect(failure.code).toBe('rejected');
    expect(failure.message).toContain('19.03.15');
    expect(failure.message).toContain('20.10');
  });

  it('8.16 must ask for the version without one, and speak the negotiated one afterwards', async () => {
    const version = json(200, { Version: '29.0.0', ApiVersion: '1.52', MinAPIVersion: '1.44' });
    daemon = await startFakeDaemon({ 'GET /version': version });
    const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
    const info = await engine.connect(LATER);
    expect(info).toEqual({ id: 'engine-1', version: '29.0.0', apiVersion: '1.51' });
    expect(daemon.requests.map(({ version, url }) => [version, url])).toEqual([
      ['', '/version'],
      ['v1.51', '/info'],
    ]);
  });

  it('8.16 must speak the lower of both newest versions, but never below their minimum', () => {
    expect(negotiate('1.41', '1.12')).toBe('1.41');
    expect(negotiate('1.51', '1.24')).toBe('1.51');
    expect(negotiate('1.60', '1.44')).toBe('1.51');
    expect(negotiate('1.70', '1.55')).toBe('1.55');
    expect(negotiate('1.40', '1.12')).toBeNull();
    expect(isAtLeast('1.9', '1.41')).toBe(false);
    expect(isAtLeast('1.41', '1.41')).toBe(true);
  });
});
