// Owns: what must become of limits and of Docker's count of restarts. Must not know: which engine it is.
import { expect, it } from 'vitest';
import type { Resources } from '../../../src/model/desired.js';
import type { ContainerId } from '../../../src/model/ids.js';
import { NO_RESOURCES, type ObservedContainer } from '../../../src/model/observed.js';
import { NO_LIMITS } from '../no-limits.js';
import { codeOf, draftFor, type EngineWorld, ours, WITHIN } from './world.js';

const MIB = 1024 * 1024;

/** Declares the obligations of limits. */
export function declareLimitObligations(get: () => EngineWorld): void {
  const running = async (service: string, resources: Resources): Promise<ContainerId> => {
    const id = await get().engine.createContainer(draftFor(get(), service, { resources }), WITHIN);
    await get().engine.startContainer(id, WITHIN);
    return id;
  };
  const change = (id: ContainerId, resources: Partial<Resources>): Promise<void> =>
    get().engine.updateContainer(id, { restart: null, resources: { ...NO_LIMITS, ...resources } }, WITHIN);
  const shown = async (id: ContainerId) => (await ours(get().engine, id)).resources;

  it('3.3 must show no limit where none is declared, and every one that is', async () => {
    const none = await running('limitless', NO_LIMITS);
    expect(await shown(none)).toEqual(NO_RESOURCES);
    const limits = { cpuQuotaUs: 50_000, cpuPeriodUs: 100_000, memoryBytes: 64 * MIB, pidsLimit: 40 };
    const id = await running('limited', {
      ...NO_LIMITS,
      ...limits,
      memoryReservationBytes: 32 * MIB,
      memorySwapBytes: 80 * MIB,
    });
    expect(await shown(id)).toEqual({
      ...limits,
      nanoCpus: 0,
      memorySwapBytes: 80 * MIB,
      memoryReservationBytes: 32 * MIB,
    });
  });

  it('3.3 must change limits of what runs, memory with twice as much swap, without a restart', async () => {
    const id = await running('tuned', NO_LIMITS);
    const before = await ours(get().engine, id);
    await change(id, { nanoCpus: 500_000_000, memoryBytes: 64 * MIB, pidsLimit: 40 });
    const limits = {
      nanoCpus: 500_000_000,
      memoryBytes: 64 * MIB,
      memorySwapBytes: 128 * MIB,
      pidsLimit: 40,
    };
    expect(await shown(id)).toEqual({ ...NO_RESOURCES, ...limits });
    // Beyond the present swap, and then below the present memory: alone each would be refused.
    await change(id, { memoryBytes: 256 * MIB });
    expect(await shown(id)).toMatchObject({ memoryBytes: 256 * MIB, memorySwapBytes: 512 * MIB });
    await change(id, { memoryBytes: 32 * MIB, memorySwapBytes: 40 * MIB });
    expect(await shown(id)).toEqual({
      ...NO_RESOURCES,
      ...limits,
      memoryBytes: 32 * MIB,
      memorySwapBytes: 40 * MIB,
    });
    const after = await ours(get().engine, id);
    expect([after.startedAt, after.status]).toEqual([before.startedAt, 'running']);
  });

  it('3.3 must leave the part of a container alone that is not to be changed', async () => {
    const { engine } = get();
    const id = await running('part', { ...NO_LIMITS, memoryBytes: 64 * MIB });
    await engine.updateContainer(
      id,
      { restart: { name: 'always', maximumRetryCount: 0 }, resources: null },
      WITHIN,
    );
    await change(id, { pidsLimit: 40 });
    const { restartPolicy, resources } = await ours(engine, id);
    expect(restartPolicy.name).toBe('always');
    expect(resources).toMatchObject({ memoryBytes: 64 * MIB, memorySwapBytes: 128 * MIB, pidsLimit: 40 });
    await engine.stopContainer(id, 0, WITHIN);
    await change(id, { memoryBytes: 32 * MIB });
    expect(await shown(id)).toMatchObject({ memoryBytes: 32 * MIB, memorySwapBytes: 64 * MIB });
  });

  it('3.3 must not remove a limit by a change to 0, but for that of processes', async () => {
    const limits = { nanoCpus: 500_000_000, memoryBytes: 64 * MIB, pidsLimit: 40 };
    const id = await running('kept', { ...NO_LIMITS, ...limits });
    await change(id, { nanoCpus: 0, memoryBytes: 0, pidsLimit: 0 });
    expect(await shown(id)).toMatchObject({ ...limits, memorySwapBytes: 128 * MIB, pidsLimit: 0 });
  });

  it('3.3 must refuse a change that cannot be, and leave all as it was', async () => {
    const id = await running('refused', { ...NO_LIMITS, nanoCpus: 500_000_000 });
    const before = await shown(id);
    expect(await codeOf(change(id, { cpuQuotaUs: 50_000, cpuPeriodUs: 100_000 }))).toBe('engine');
    expect(await codeOf(change(id, { memoryBytes: MIB }))).toBe('rejected');
    expect(await codeOf(change(id, { memoryBytes: 64 * MIB, memorySwapBytes: 32 * MIB }))).toBe('rejected');
    expect(await shown(id)).toEqual(before);
  });
}

/** Declares the obligations of Docker's own restarts. */
export function declareRestartObligations(get: () => EngineWorld): void {
  const whenSo = (id: ContainerId, isSo: (container: ObservedContainer) => boolean) =>
    get().until(async () => {
      const container = await ours(get().engine, id);
      return isSo(container) ? container : null;
    });
  const policy = (id: ContainerId, name: 'no' | 'on-failure'): Promise<void> =>
    get().engine.updateContainer(
      id,
      { restart: { name, maximumRetryCount: name === 'no' ? 0 : 1 }, resources: null },
      WITHIN,
    );

  it("6.1 must count Docker's own restarts, and from 0 again after every start and restart of ours", async () => {
    const { engine, commands } = get();
    const draft = draftFor(get(), 'counted', {
      command: commands.exitWith3,
      restart: { name: 'on-failure', maximumRetryCount: 1 },
    });
    const id = await engine.createContainer(draft, WITHIN);
    for (const again of [engine.startContainer, engine.restartContainer]) {
      await policy(id, 'on-failure');
      await engine.startContainer(id, WITHIN);
      await whenSo(id, ({ status, restartCount }) => status === 'exited' && restartCount === 1);
      await policy(id, 'no');
      if (again === engine.startContainer) await engine.startContainer(id, WITHIN);
      else await engine.restartContainer(id, 0, WITHIN);
      expect((await whenSo(id, ({ status }) => status === 'exited')).restartCount).toBe(0);
    }
  });

  it('6.1 must take what restarts itself for started, and keep its count when it is stopped', async () => {
    const { engine, commands } = get();
    const id = await engine.createContainer(
      draftFor(get(), 'looping', { command: commands.exitWith3 }),
      WITHIN,
    );
    await engine.startContainer(id, WITHIN);
    const before = await whenSo(
      id,
      ({ status, restartCount }) => status === 'restarting' && restartCount > 2,
    );
    await engine.startContainer(id, WITHIN);
    expect((await ours(engine, id)).restartCount).toBeGreaterThanOrEqual(before.restartCount);
    await engine.stopContainer(id, 0, WITHIN);
    const stopped = await ours(engine, id);
    expect(stopped.status).toBe('exited');
    expect(stopped.restartCount).toBeGreaterThanOrEqual(before.restartCount);
  });
}
