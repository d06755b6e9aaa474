// Owns: what is sent for each call, and that nothing else is.

import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { createDockerEngine, type DockerEngine } from '../../../src/adapters/docker/engine.js';
import { containerId } from '../../../src/model/ids.js';
import { NO_LIMITS } from '../../support/no-limits.js';
import { draftFor } from './draft.js';
import { failureOf } from './failure-of.js';
import { type FakeDaemon, json, type Route, startFakeDaemon } from './fake-daemon.js';

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

describe('the request', () => {
  it('must not carry the body of a creation, secrets included, in the URL', async () => {
    const engine = await connected({ 'POST /containers/create': json(201, { Id: ID, Warnings: [] }) });
    expect(await engine.createContainer(draftFor('a', { environment: { PASSWORD: 'hunter2' } }), LATER)).toBe(
      ID,
    );
    const request = daemon?.requests.at(-1);
    expect(request?.url).toBe('/containers/create?name=demo-a');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ Env: ['PASSWORD=hunter2'] });
  });

  it('5.4 must ask for volumes to be removed where that is wanted alone, and never use force', async () => {
    const removed: Route = (response) => void response.writeHead(204).end();
    const engine = await connected({ [`DELETE /containers/${ID}`]: removed });
    for (const withVolumes of [false, true]) {
      await engine.removeContainer(ID, { ...LATER, withVolumes });
      expect(daemon?.requests.at(-1)?.url).toBe(`/containers/${ID}?v=${withVolumes}&force=false`);
    }
  });

  it('3.3 must change limits and policy in one call, whose body is the change alone', async () => {
    const engine = await connected({ [`POST /containers/${ID}/update`]: json(200, { Warnings: null }) });
    const restart = { name: 'no', maximumRetryCount: 0 } as const;
    await engine.updateContainer(ID, { restart, resources: { ...NO_LIMITS, memoryBytes: 64 } }, LATER);
    expect(JSON.parse(daemon?.requests.at(-1)?.body ?? '')).toEqual({
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      Memory: 64,
      MemorySwap: 128,
    });
  });

  it('8.16 must not be sent when start_interval would be dropped in silence', async () => {
    const engine = await connected({});
    const times = { intervalMs: null, timeoutMs: null, retries: null, startPeriodMs: null };
    const healthcheck = { kind: 'test', test: ['CMD', 'true'], ...times, startIntervalMs: 1000 } as const;
    const failure = await failureOf(engine.createContainer(draftFor('a', { healthcheck }), LATER));
    expect(failure).toMatchObject({ code: 'rejected', status: null });
    expect(failure.message).toContain('healthcheck.start_interval needs Docker 25 (API 1.44)');
    expect(daemon?.requests.map(({ method }) => method)).not.toContain('POST');
  });

  it('must ask for the manifests of an image where there are any', async () => {
    daemon = await startFakeDaemon({
      'GET /version': json(200, { Version: '28.5.0', ApiVersion: '1.51', MinAPIVersion: '1.24' }),
      'GET /images/registry%3A5000/a%3A1/json': json(200, { Id: 'sha256:1', Config: {} }),
    });
    const engine = createDockerEngine({ dockerHost: daemon.host, project: 'demo', clock: systemClock });
    await engine.connect(LATER);
    expect((await engine.inspectImage('registry:5000/a:1', LATER))?.id).toBe('sha256:1');
    expect(daemon.requests.at(-1)?.url).toBe('/images/registry%3A5000/a%3A1/json?manifests=true');
  });
});
