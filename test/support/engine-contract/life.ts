// Owns: what the life of a container must look like. Must not know: which engine it is.
import { expect, it } from 'vitest';
import type { ContainerId } from '../../../src/model/ids.js';
import { draftFor, type EngineWorld, fixedPort, KEEPING, ours, WITHIN } from './world.js';

/** Declares the obligations of every call on a container that succeeds. */
export function declareLifeObligations(get: () => EngineWorld): void {
  it('must start, stop and remove, and take each for done when it is so already', async () => {
    const { engine } = get();
    const id = await engine.createContainer(draftFor(get(), 'life'), WITHIN);
    await engine.startContainer(id, WITHIN);
    await engine.startContainer(id, WITHIN);
    const running = await ours(engine, id);
    expect(running).toMatchObject({ status: 'running', restartCount: 0 });
    expect(running.startedAt).not.toBeNull();
    expect(running.pid).toBeGreaterThan(0);
    await engine.stopContainer(id, 0, WITHIN);
    await engine.stopContainer(id, 0, WITHIN);
    const stopped = await ours(engine, id);
    expect(stopped.status).toBe('exited');
    expect(stopped.finishedAt ?? 0).toBeGreaterThanOrEqual(running.startedAt ?? 0);
    await engine.removeContainer(id, KEEPING);
    await engine.removeContainer(id, KEEPING);
    expect(await engine.inspectContainer(id, WITHIN)).toBeNull();
  });

  it('must show how a one-shot ended', async () => {
    const { engine, commands, until } = get();
    const draft = draftFor(get(), 'one-shot', {
      command: commands.exitWith3,
      restart: { name: 'no', maximumRetryCount: 0 },
    });
    const id = await engine.createContainer(draft, WITHIN);
    await engine.startContainer(id, WITHIN);
    const ended = await until(async () => {
      const container = await ours(engine, id);
      return container.status === 'exited' ? container : null;
    });
    expect(ended).toMatchObject({ exitCode: 3, restartPolicy: { name: 'no' } });
  });

  it('must restart in place', async () => {
    const { engine } = get();
    const id = await engine.createContainer(draftFor(get(), 'restarted'), WITHIN);
    await engine.startContainer(id, WITHIN);
    const before = await ours(engine, id);
    await engine.restartContainer(id, 0, WITHIN);
    const after = await ours(engine, id);
    expect(after.status).toBe('running');
    expect(after.startedAt ?? 0).toBeGreaterThan(before.startedAt ?? 0);
  });

  it('must show a paused container and let it go on', async () => {
    const { engine, outsider } = get();
    const id = await engine.createContainer(draftFor(get(), 'paused'), WITHIN);
    await engine.startContainer(id, WITHIN);
    await outsider.pause(id);
    expect((await ours(engine, id)).status).toBe('paused');
    await engine.unpauseContainer(id, WITHIN);
    expect((await ours(engine, id)).status).toBe('running');
  });

  it('must rename a container, and change its restart policy', async () => {
    const { engine, project } = get();
    const id = await engine.createContainer(draftFor(get(), 'named'), WITHIN);
    await engine.renameContainer(id, `${project}-named-old`, WITHIN);
    await engine.updateContainer(
      id,
      { restart: { name: 'on-failure', maximumRetryCount: 2 }, resources: null },
      WITHIN,
    );
    const container = await ours(engine, id);
    expect(container.name).toBe(`${project}-named-old`);
    expect(container.restartPolicy).toEqual({ name: 'on-failure', maximumRetryCount: 2 });
    await engine.updateContainer(
      id,
      { restart: { name: 'no', maximumRetryCount: 0 }, resources: null },
      WITHIN,
    );
    expect((await ours(engine, id)).restartPolicy).toEqual({ name: 'no', maximumRetryCount: 0 });
  });

  it('must show health as it changes, and none when it does not run', async () => {
    const { engine, commands, until } = get();
    const reach = async (name: string, test: readonly string[], wanted: string): Promise<ContainerId> => {
      const times = { timeoutMs: 5000, retries: 1, startPeriodMs: null, startIntervalMs: null };
      const healthcheck = { kind: 'test', test: ['CMD', ...test], intervalMs: 1000, ...times } as const;
      const id = await engine.createContainer(draftFor(get(), name, { healthcheck }), WITHIN);
      await engine.startContainer(id, WITHIN);
      expect((await ours(engine, id)).check).toMatchObject({ intervalMs: 1000, timeoutMs: 5000, retries: 1 });
      await until(async () => ((await ours(engine, id)).health.status === wanted ? true : null));
      return id;
    };
    const id = await reach('healthy', commands.succeed, 'healthy');
    await engine.stopContainer(id, 0, WITHIN);
    expect((await ours(engine, id)).health.status).toBe('none');
    const sick = await ours(engine, await reach('unhealthy', commands.fail, 'unhealthy'));
    expect(sick.health.failingStreak).toBeGreaterThan(0);
  });

  it('must publish ports on the host while it runs, and not after', async () => {
    const { engine, freePorts } = get();
    const ports = [fixedPort(80, freePorts[1])];
    const id = await engine.createContainer(draftFor(get(), 'published', { ports }), WITHIN);
    await engine.startContainer(id, WITHIN);
    const running = await ours(engine, id);
    expect(running.ports).toEqual({ '80/tcp': freePorts[1] });
    expect(running.hostPorts).toEqual([{ ip: '127.0.0.1', port: freePorts[1], protocol: 'tcp' }]);
    await engine.stopContainer(id, 0, WITHIN);
    expect(await ours(engine, id)).toMatchObject({ ports: {}, hostPorts: [] });
  });
}
