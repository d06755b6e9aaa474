// Owns: when a pull has succeeded, failed or fallen silent, and what it says on the way.

import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { createDockerEngine, type DockerEngine } from '../../../src/adapters/docker/engine.js';
import { createPullProgress } from '../../../src/adapters/docker/pull.js';
import { type FakeDaemon, hang, json, type Route, startFakeDaemon } from './fake-daemon.js';

const LATER = { deadlineMs: 5000 };
const SOON = { deadlineMs: 150 };

let daemon: FakeDaemon | null = null;
afterEach(async () => {
  await daemon?.stop();
  daemon = null;
});

async function pulling(route: Route): Promise<DockerEngine> {
  daemon = await startFakeDaemon({ 'POST /images/create': route });
  const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
  await engine.connect(LATER);
  return engine;
}

const lines = (...messages: readonly object[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\r\n`).join('');
const says =
  (...messages: readonly object[]): Route =>
  (response) =>
    void response.writeHead(200).end(lines(...messages));

describe('a pull', () => {
  it('must be done when the stream ends whole, and ask for one tag alone', async () => {
    const told: string[] = [];
    const engine = await pulling(
      says({ status: 'Pulling fs layer', id: 'a' }, { status: 'Pull complete', id: 'a' }),
    );
    await engine.pullImage('registry:5000/team/app', (line) => told.push(line), LATER);
    const request = daemon?.requests.at(-1);
    expect(request?.url).toBe('/images/create?fromImage=registry%3A5000%2Fteam%2Fapp&tag=latest');
    expect(request?.body).toBe('');
    expect(told).toEqual(['layer 0/1']);
  });

  it('must fail with the sentence that the stream tells, although it was answered 200', async () => {
    const message = 'manifest for app:9 not found';
    const engine = await pulling(
      says({ status: 'Pulling from app' }, { errorDetail: { message }, error: message }),
    );
    await expect(engine.pullImage('app:9', () => undefined, LATER)).rejects.toMatchObject({
      failure: { code: 'pullFailed', message },
    });
  });

  it('must fail when the registry is refused at once', async () => {
    const engine = await pulling(json(404, { message: 'pull access denied for app' }));
    await expect(engine.pullImage('app', () => undefined, LATER)).rejects.toMatchObject({
      failure: { code: 'pullFailed', message: 'pull access denied for app', status: 404 },
    });
  });

  it('must be unknown when the stream is cut off', async () => {
    const engine = await pulling((response) => {
      response.writeHead(200);
      response.write(lines({ status: 'Downloading', id: 'a' }), () => response.socket?.destroy());
    });
    await expect(engine.pullImage('app', () => undefined, LATER)).rejects.toMatchObject({
      failure: { code: 'unknownOutcome' },
    });
  });

  it('must be unknown when nothing is said, at the start or in the middle', async () => {
    const mute = await pulling(hang);
    const unknown = { failure: { code: 'unknownOutcome' } };
    await expect(mute.pullImage('app', () => undefined, SOON)).rejects.toMatchObject(unknown);
    await daemon?.stop();
    const stuck = await pulling((response) => {
      response.writeHead(200).write(lines({ status: 'Downloading', id: 'a' }));
    });
    await expect(stuck.pullImage('app', () => undefined, SOON)).rejects.toMatchObject(unknown);
  });

  it('must go on past its deadline for as long as it says something', async () => {
    const engine = await pulling((response) => {
      response.writeHead(200);
      let left = 8;
      const timer = setInterval(() => {
        left -= 1;
        if (left > 0) response.write(lines({ status: 'Downloading', id: 'a' }));
        else response.end();
        if (left === 0) clearInterval(timer);
      }, 50);
    });
    const before = performance.now();
    await engine.pullImage('app', () => undefined, { deadlineMs: 250 });
    expect(performance.now() - before).toBeGreaterThan(250);
  });
});

describe('the progress of a pull', () => {
  it('must count layers that are done and the share that is downloaded', () => {
    const progress = createPullProgress();
    expect(progress({ status: 'Pulling from library/redis', id: '7.4' })).toBe('');
    expect(progress({ status: 'Already exists', id: 'a' })).toBe('layer 1/1');
    expect(progress({ status: 'Pulling fs layer', id: 'b' })).toBe('layer 1/2');
    const downloading = { status: 'Downloading', id: 'b', progressDetail: { current: 40, total: 100 } };
    expect(progress(downloading)).toBe('layer 1/2 40 %');
    expect(progress({ status: 'Download complete', id: 'b' })).toBe('layer 1/2 100 %');
    expect(progress({ status: 'Pull complete', id: 'b' })).toBe('layer 2/2 100 %');
    expect(progress({ status: 'Digest: sha256:1' })).toBe('');
  });
});
