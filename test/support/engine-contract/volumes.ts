// Owns: what volumes must do. Must not know: which engine it is.
import { expect, it } from 'vitest';
import type { ContainerId } from '../../../src/model/ids.js';
import type { CarriedVolume } from '../../../src/model/step.js';
import { codeOf, draftFor, type EngineWorld, HASH, KEEPING, ours, volumeStep, WITHIN } from './world.js';

const REMOVING = { ...WITHIN, withVolumes: true };

/** Declares the obligations of volumes. */
export function declareVolumeObligations(get: () => EngineWorld): void {
  it('must make a volume, leave one that is there, and not remove it while it is in use', async () => {
    const { engine, project } = get();
    const name = `${project}-data`;
    const step = volumeStep(get(), name);
    await engine.createVolume(step, WITHIN);
    await engine.createVolume(step, WITHIN);
    const volume = await engine.inspectVolume(name, WITHIN);
    expect(volume).toEqual({ name, driver: 'local', project, hash: HASH });
    expect((await engine.list(WITHIN)).volumes).toContainEqual(volume);
    const mounts = [{ kind: 'volume', volume: name, target: '/data', readOnly: true }] as const;
    const id = await engine.createContainer(draftFor(get(), 'mounted', { mounts }), WITHIN);
    expect((await ours(engine, id)).mounts).toEqual([
      { kind: 'volume', source: name, target: '/data', readOnly: true },
    ]);
    expect(await codeOf(engine.removeVolume(name, WITHIN))).toBe('inUse');
    await engine.removeContainer(id, REMOVING);
    expect(await engine.inspectVolume(name, WITHIN)).not.toBeNull();
    await engine.removeVolume(name, WITHIN);
    await engine.removeVolume(name, WITHIN);
    expect(await engine.inspectVolume(name, WITHIN)).toBeNull();
  });

  it('9.2 must show what a container of somebody else may write to', async () => {
    const { engine, project, outsider } = get();
    const [name, idle] = [`${project}-written`, `${project}-read`];
    const writer = await outsider.run({ name: `${project}-writer`, volumes: [name], binds: ['/tmp'] });
    const reader = await outsider.run({ name: `${project}-reader`, volumes: [idle], readOnly: true });
    const { containers } = await engine.list(WITHIN);
    for (const [id, writes] of [
      [writer, ['/tmp', name]],
      [reader, []],
    ] as const) {
      const listed = containers.find(({ container }) => container.id === id);
      expect(listed?.container).toMatchObject({ writes });
      expect(await engine.inspectContainer(id, WITHIN)).toEqual(listed);
      await outsider.remove(id);
    }
  });
}

/** Declares the obligations of volumes without a name. */
export function declareAnonymousVolumeObligations(get: () => EngineWorld): void {
  const make = (
    service: string,
    targets: readonly string[],
    carried: readonly CarriedVolume[] = [],
  ): Promise<ContainerId> => {
    const mounts = targets.map((target) => ({ kind: 'anonymous', target, readOnly: false }) as const);
    return get().engine.createContainer({ ...draftFor(get(), service, { mounts }), carried }, WITHIN);
  };
  const volumeAt = async (id: ContainerId, target: string): Promise<string> => {
    const mount = (await ours(get().engine, id)).mounts.find((one) => one.target === target);
    expect(mount).toMatchObject({ kind: 'volume', readOnly: false });
    return mount?.source ?? '';
  };
  const isThere = async (volume: string): Promise<boolean> =>
    (await get().engine.inspectVolume(volume, WITHIN)) !== null;

  it('5.4 must make a volume under a name of its own for each mount without one', async () => {
    const { engine } = get();
    const id = await make('anonymous', ['/cache', '/more']);
    const [cache, more] = [await volumeAt(id, '/cache'), await volumeAt(id, '/more')];
    expect(cache).toMatch(/^[0-9a-f]{64}$/);
    expect(more).not.toBe(cache);
    expect(await engine.inspectVolume(cache, WITHIN)).toMatchObject({ name: cache, project: null });
    await engine.removeContainer(id, REMOVING);
    expect([await isThere(cache), await isThere(more)]).toEqual([false, false]);
  });

  it('5.4 must carry a volume over by its name, declared or not, and never remove it with a container', async () => {
    const { engine } = get();
    const first = await make('anonymous-1', ['/cache', '/image']);
    const [cache, image] = [await volumeAt(first, '/cache'), await volumeAt(first, '/image')];
    const carried = [
      { volume: cache, target: '/cache' },
      { volume: image, target: '/image' },
    ];
    const second = await make('anonymous-2', ['/cache', '/own'], carried);
    expect([await volumeAt(second, '/cache'), await volumeAt(second, '/image')]).toEqual([cache, image]);
    const own = await volumeAt(second, '/own');
    // It was made for the first, but the second still uses it.
    await engine.removeContainer(first, REMOVING);
    expect([await isThere(cache), await isThere(image)]).toEqual([true, true]);
    await engine.removeContainer(second, REMOVING);
    expect([await isThere(cache), await isThere(image), await isThere(own)]).toEqual([true, true, false]);
    await engine.removeVolume(cache, WITHIN);
    await engine.removeVolume(image, WITHIN);
    expect(await isThere(cache)).toBe(false);
  });

  it('5.4 must keep the volumes of a container that is removed without them', async () => {
    const { engine } = get();
    const id = await make('anonymous-kept', ['/cache']);
    const cache = await volumeAt(id, '/cache');
    await engine.removeContainer(id, KEEPING);
    expect(await isThere(cache)).toBe(true);
    await engine.removeVolume(cache, WITHIN);
  });
}
