// Owns: what must come of a container without networks of its own. Must not know: which engine it is.
import { expect, it } from 'vitest';
import { type ContainerId, serviceName } from '../../../src/model/ids.js';
import { codeOf, draftFor, type EngineWorld, KEEPING, ours, WITHIN } from './world.js';

/** Declares the obligations of network modes. */
export function declareNamespaceObligations(get: () => EngineWorld): void {
  const parent = async (service: string, command = get().commands.forEver): Promise<ContainerId> => {
    const id = await get().engine.createContainer(draftFor(get(), service, { command }), WITHIN);
    await get().engine.startContainer(id, WITHIN);
    return id;
  };
  const child = (service: string, networkOf: ContainerId | null): Promise<ContainerId> => {
    const networkMode = { kind: 'service', service: serviceName('parent') } as const;
    return get().engine.createContainer({ ...draftFor(get(), service, { networkMode }), networkOf }, WITHIN);
  };

  it("must give a container Docker's bridge, the host's network or none", async () => {
    const { engine } = get();
    for (const kind of ['bridge', 'host', 'none'] as const) {
      const id = await engine.createContainer(
        draftFor(get(), `mode-${kind}`, { networkMode: { kind } }),
        WITHIN,
      );
      await engine.startContainer(id, WITHIN);
      const { networkMode, endpoints } = await ours(engine, id);
      expect([networkMode, endpoints.map(({ network }) => network)]).toEqual([kind, [kind]]);
      expect(endpoints[0]?.ipAddress === '').toBe(kind !== 'bridge');
    }
    const id = await engine.createContainer(draftFor(get(), 'mode-default'), WITHIN);
    expect((await ours(engine, id)).networkMode).toBe('bridge');
  });

  it('2.4 must let a container share the network of another, whatever that one goes through', async () => {
    const { engine } = get();
    const parentId = await parent('parent-well');
    const id = await child('child-well', parentId);
    await engine.startContainer(id, WITHIN);
    const started = await ours(engine, id);
    expect(started).toMatchObject({ networkMode: `container:${parentId}`, endpoints: [], ports: {} });
    await engine.restartContainer(parentId, 0, WITHIN);
    expect((await ours(engine, id)).startedAt).toBe(started.startedAt);
    await engine.restartContainer(id, 0, WITHIN);
    expect((await ours(engine, id)).status).toBe('running');
    await engine.stopContainer(parentId, 0, WITHIN);
    expect((await ours(engine, id)).status).toBe('running');
  });

  it('8.8 must refuse to start where the other does not run, or is gone', async () => {
    const { engine } = get();
    const parentId = await parent('parent-lost');
    const id = await child('child-lost', parentId);
    await engine.startContainer(id, WITHIN);
    await engine.stopContainer(parentId, 0, WITHIN);
    expect(await codeOf(engine.restartContainer(id, 0, WITHIN))).toBe('attachmentGone');
    expect((await ours(engine, id)).status).toBe('exited');
    expect(await codeOf(engine.startContainer(id, WITHIN))).toBe('attachmentGone');
    expect((await ours(engine, id)).error).not.toBe('');
    await engine.startContainer(parentId, WITHIN);
    await engine.startContainer(id, WITHIN);
    await engine.stopContainer(parentId, 0, WITHIN);
    await engine.removeContainer(parentId, KEEPING);
    expect(await codeOf(engine.restartContainer(id, 0, WITHIN))).toBe('attachmentGone');
    expect(await codeOf(engine.startContainer(id, WITHIN))).toBe('attachmentGone');
    // A container that was there before its parent went is made all the same.
    const late = await child('child-late', parentId);
    expect(await codeOf(engine.startContainer(late, WITHIN))).toBe('attachmentGone');
    expect((await ours(engine, late)).status).toBe('created');
  });

  it('8.8 must refuse to start where the other restarts itself', async () => {
    const { engine, commands, until } = get();
    const parentId = await parent('parent-loops', commands.exitWith3);
    const id = await child('child-loops', parentId);
    await until(async () => {
      const { status, restartCount } = await ours(engine, parentId);
      return status === 'restarting' && restartCount > 3 ? true : null;
    });
    expect(await codeOf(engine.startContainer(id, WITHIN))).toBe('attachmentGone');
    await engine.stopContainer(parentId, 0, WITHIN);
  });

  it('8.5 must refuse to make one that names no other', async () => {
    expect(await codeOf(child('child-of-none', null))).toBe('rejected');
  });
}
