// Owns: what networks, volumes and events must do. Must not know: which engine it is.
import { expect, it } from 'vitest';
import type { EngineEvent } from '../../../src/controller/ports.js';
import {
  attachmentTo,
  codeOf,
  draftFor,
  type EngineWorld,
  HASH,
  networkStep,
  ours,
  volumeStep,
  WITHIN,
} from './world.js';

/** Declares the obligations of networks. */
export function declareNetworkObligations(get: () => EngineWorld): void {
  it('must make a network once, with our labels, and remove it', async () => {
    const { engine, project } = get();
    const step = networkStep(get(), 'net-once');
    await engine.createNetwork(step, WITHIN);
    expect(await codeOf(engine.createNetwork(step, WITHIN))).toBe('nameInUse');
    const network = await engine.inspectNetwork(step.network.name, WITHIN);
    expect(network).toMatchObject({ name: step.network.name, driver: 'bridge', project, hash: HASH });
    expect((await engine.list(WITHIN)).networks).toContainEqual(network);
    expect(await engine.inspectNetwork(step.network.name.slice(0, -1), WITHIN)).toBeNull();
    await engine.removeNetwork(network?.id ?? '', WITHIN);
    await engine.removeNetwork(network?.id ?? '', WITHIN);
    expect(await engine.inspectNetwork(step.network.name, WITHIN)).toBeNull();
  });

  it('must attach a container at creation and later, with its aliases, and detach it', async () => {
    const { engine } = get();
    const [first, second] = [networkStep(get(), 'net-first'), networkStep(get(), 'net-second')];
    await engine.createNetwork(first, WITHIN);
    await engine.createNetwork(second, WITHIN);
    const networks = [attachmentTo(first.network.name, ['db', 'blog-db'])];
    const id = await engine.createContainer(draftFor(get(), 'attached', { networks }), WITHIN);
    const later = attachmentTo(second.network.name, ['db2']);
    await engine.connectNetwork(id, later, WITHIN);
    await engine.startContainer(id, WITHIN);
    expect(await codeOf(engine.connectNetwork(id, later, WITHIN))).toBe('inUse');
    const attached = await ours(engine, id);
    expect(attached.networkMode).toBe(first.network.name);
    expect(attached.endpoints.map(({ network, aliases }) => [network, aliases])).toEqual([
      [first.network.name, ['blog-db', 'db']],
      [second.network.name, ['db2']],
    ]);
    const shown = await engine.inspectNetwork(first.network.name, WITHIN);
    expect(attached.endpoints[0]?.networkId).toBe(shown?.id);
    expect(attached.endpoints[0]?.ipAddress).not.toBe('');
    expect(await codeOf(engine.removeNetwork(shown?.id ?? '', WITHIN))).toBe('inUse');
    await engine.disconnectNetwork(id, second.network.name, WITHIN);
    expect((await ours(engine, id)).endpoints).toHaveLength(1);
    expect(await codeOf(engine.connectNetwork(id, attachmentTo('alicia-none'), WITHIN))).toBe(
      'noSuchNetwork',
    );
  });

  it('must let a container be moved to a network that was made anew under the same name', async () => {
    const { engine } = get();
    const step = networkStep(get(), 'net-anew');
    await engine.createNetwork(step, WITHIN);
    const attachment = attachmentTo(step.network.name, ['moved']);
    const id = await engine.createContainer(draftFor(get(), 'moved', { networks: [attachment] }), WITHIN);
    await engine.startContainer(id, WITHIN);
    await engine.stopContainer(id, 0, WITHIN);
    await engine.removeNetwork((await engine.inspectNetwork(step.network.name, WITHIN))?.id ?? '', WITHIN);
    expect(await codeOf(engine.startContainer(id, WITHIN))).toBe('attachmentGone');
    await engine.createNetwork(step, WITHIN);
    await engine.disconnectNetwork(id, step.network.name, WITHIN);
    await engine.connectNetwork(id, attachment, WITHIN);
    await engine.startContainer(id, WITHIN);
    const container = await ours(engine, id);
    const network = await engine.inspectNetwork(step.network.name, WITHIN);
    expect(container.endpoints).toMatchObject([{ networkId: network?.id, aliases: ['moved'] }]);
  });
}

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
    await engine.removeContainer(id, WITHIN);
    expect(await engine.inspectVolume(name, WITHIN)).not.toBeNull();
    await engine.removeVolume(name, WITHIN);
    await engine.removeVolume(name, WITHIN);
    expect(await engine.inspectVolume(name, WITHIN)).toBeNull();
  });
}

/** Declares the obligations of the event stream. */
export function declareEventObligations(get: () => EngineWorld): void {
  it('must hint at every change from the moment of subscribing on, and fall silent when closed', async () => {
    const { engine, outsider, until } = get();
    const events: EngineEvent[] = [];
    const ends: string[] = [];
    const sink = {
      onEvent: (event: EngineEvent) => events.push(event),
      onEnd: (reason: string) => ends.push(reason),
    };
    const subscription = await engine.subscribe(sink, WITHIN);
    const id = await engine.createContainer(draftFor(get(), 'heard'), WITHIN);
    await engine.startContainer(id, WITHIN);
    await outsider.kill(id);
    await outsider.remove(id);
    const step = networkStep(get(), 'net-heard');
    await engine.createNetwork(step, WITHIN);
    await until(async () =>
      events.some(({ type, action }) => type === 'network' && action === 'create') ? true : null,
    );
    const actions = events.filter((event) => event.id === id).map(({ action }) => action);
    for (const action of ['create', 'start', 'die', 'destroy']) expect(actions).toContain(action);
    subscription.close();
    const heard = events.length;
    await engine.removeNetwork((await engine.inspectNetwork(step.network.name, WITHIN))?.id ?? '', WITHIN);
    const again = await engine.subscribe({ onEvent: () => undefined, onEnd: () => undefined }, WITHIN);
    again.close();
    expect(events).toHaveLength(heard);
    expect(ends).toEqual([]);
  });
}
