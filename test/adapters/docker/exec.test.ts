// Owns: that a program in a container is waited for, and that only a known exit code is told.

import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { createDockerEngine, type DockerEngine } from '../../../src/adapters/docker/engine.js';
import { containerId } from '../../../src/model/ids.js';
import { codeOf } from '../../support/engine-contract/world.js';
import { cut, type FakeDaemon, hang, json, type Route, reset, startFakeDaemon } from './fake-daemon.js';

const ID = containerId('a'.repeat(64));
const SOON = { deadlineMs: 300 };
const LATER = { deadlineMs: 5000 };
const CREATE = `POST /containers/${ID}/exec`;
const START = 'POST /exec/e1/start';
const LOOK = 'GET /exec/e1/json';

let daemon: FakeDaemon | null = null;
afterEach(async () => {
  await daemon?.stop();
  daemon = null;
});

const output: Route = (response) => void response.writeHead(200).end('ok');
/** A program that ends with 3. */
const WELL: Readonly<Record<string, Route>> = {
  [CREATE]: json(201, { Id: 'e1' }),
  [START]: output,
  [LOOK]: json(200, { Running: false, ExitCode: 3 }),
};

async function connected(routes: Readonly<Record<string, Route>>): Promise<DockerEngine> {
  daemon = await startFakeDaemon({ ...WELL, ...routes });
  const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
  await engine.connect(LATER);
  return engine;
}

describe('6.6 a program in a container', () => {
  it('must be run as it is given, attached and without a terminal', async () => {
    const engine = await connected({});
    expect(await engine.exec(ID, ['test', '-f', '/a b'], LATER)).toBe(3);
    const [create, start] = daemon?.requests.slice(-3) ?? [];
    expect(JSON.parse(create?.body ?? '')).toEqual({
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      Cmd: ['test', '-f', '/a b'],
    });
    expect(JSON.parse(start?.body ?? '')).toEqual({ Detach: false, Tty: false });
  });

  it('must be waited for when its output has ended before Docker knows of its end', async () => {
    let looks = 0;
    const late: Route = (response, request) => {
      looks += 1;
      json(200, looks < 3 ? { Running: true, ExitCode: null } : { Running: false, ExitCode: 0 })(
        response,
        request,
      );
    };
    const engine = await connected({ [LOOK]: late });
    expect(await engine.exec(ID, ['true'], LATER)).toBe(0);
    expect(looks).toBe(3);
  });

  it('must be read to the end, however much it says', async () => {
    const chatty: Route = (response) => {
      response.writeHead(200);
      for (let count = 0; count < 100; count += 1) response.write(Buffer.alloc(64 * 1024, 'x'));
      response.end();
    };
    const engine = await connected({ [START]: chatty });
    expect(await engine.exec(ID, ['yes'], LATER)).toBe(3);
  });

  it('must be given up at its deadline, wherever it is', async () => {
    const silent: Route = (response) => void response.writeHead(200).flushHeaders();
    const running = json(200, { Running: true, ExitCode: null });
    for (const routes of [{ [CREATE]: hang }, { [START]: hang }, { [START]: silent }, { [LOOK]: running }]) {
      const engine = await connected(routes);
      expect(await codeOf(engine.exec(ID, ['sleep', '9'], SOON))).toBe('unknownOutcome');
      await daemon?.stop();
    }
  });

  it('must never be told for ended when the connection is cut', async () => {
    const broken: Route = (response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('ok', () => response.socket?.destroy());
    };
    for (const routes of [{ [CREATE]: cut }, { [START]: broken }, { [START]: reset }, { [LOOK]: reset }]) {
      const engine = await connected(routes);
      expect(await codeOf(engine.exec(ID, ['true'], SOON))).toBe('unknownOutcome');
      await daemon?.stop();
    }
  });

  it('must be a failure where Docker says no, or nothing of use', async () => {
    const stopped = json(409, { message: `Container ${ID} is not running` });
    const gone = json(404, { message: `No such container: ${ID}` });
    for (const [routes, code] of [
      [{ [CREATE]: stopped }, 'engine'],
      [{ [CREATE]: gone }, 'noSuchContainer'],
      [{ [CREATE]: json(201, {}) }, 'engine'],
      [{ [START]: json(409, { message: 'Container a is paused' }) }, 'engine'],
      [{ [LOOK]: json(200, {}) }, 'engine'],
    ] as const) {
      const engine = await connected(routes);
      expect(await codeOf(engine.exec(ID, ['true'], LATER))).toBe(code);
      await daemon?.stop();
    }
  });
});
