// Owns: what networks and events must do. Must not know: which engine it is.
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
    expect(await codeOf(engine.connectNetwork(id, later, WITHIN))).toBe('attachedAlready');
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

  it('must give a container the fixed addresses that it asks for, at creation and later', async () => {
    const { engine } = get();
    const [first, second] = [
      networkStep(get(), 'net-fixed-1', '10.231.78.0/24'),
      networkStep(get(), 'net-fixed-2', '10.231.79.0/24'),
    ];
    await engine.createNetwork(first, WITHIN);
    await engine.createNetwork(second, WITHIN);
    const at = (network: string, ipv4Address: string) => ({ ...attachmentTo(network), ipv4Address });
    const networks = [at(first.network.name, '10.231.78.9')];
    const id = await engine.createContainer(draftFor(get(), 'fixed', { networks }), WITHIN);
    await engine.connectNetwork(id, at(second.network.name, '10.231.79.9'), WITHIN);
    const created = await ours(engine, id);
    expect(created.endpoints).toMatchObject([
      { fixedIpv4: '10.231.78.9', fixedIpv6: null, networkId: '' },
      { fixedIpv4: '10.231.79.9', fixedIpv6: null, networkId: '' },
    ]);
    await engine.startContainer(id, WITHIN);
    const { endpoints } = await ours(engine, id);
    expect(endpoints.map(({ ipAddress }) => ipAddress)).toEqual(['10.231.78.9', '10.231.79.9']);
    const rival = await engine.createContainer(draftFor(get(), 'rival', { networks }), WITHIN);
    expect(await codeOf(engine.startContainer(rival, WITHIN))).toBe('inUse');
    await engine.disconnectNetwork(id, second.network.name, WITHIN);
    await engine.connectNetwork(id, at(second.network.name, '10.231.79.10'), WITHIN);
    expect((await ours(engine, id)).endpoints[1]).toMatchObject({
      fixedIpv4: '10.231.79.10',
      ipAddress: '10.231.79.10',
    });
    await engine.stopContainer(id, 0, WITHIN);
    await engine.startContainer(rival, WITHIN);
    expect((await ours(engine, rival)).endpoints[0]?.ipAddress).toBe('10.231.78.9');
  });

  it('must take a container that does not run off a network, once', async () => {
    const { engine } = get();
    const [first, second] = [networkStep(get(), 'net-off-1'), networkStep(get(), 'net-off-2')];
    await engine.createNetwork(first, WITHIN);
    await engine.createNetwork(second, WITHIN);
    const networks = [attachmentTo(first.network.name)];
    const id = await engine.createContainer(draftFor(get(), 'off', { networks }), WITHIN);
    await engine.connectNetwork(id, attachmentTo(second.network.name), WITHIN);
    await engine.startContainer(id, WITHIN);
    await engine.stopContainer(id, 0, WITHIN);
    await engine.disconnectNetwork(id, first.network.name, WITHIN);
    const { networkMode, endpoints } = await ours(engine, id);
    expect(endpoints.map(({ network }) => network)).toEqual([second.network.name]);
    expect(networkMode).toBe(first.network.name);
    expect(await codeOf(engine.disconnectNetwork(id, first.network.name, WITHIN))).toBe('engine');
    await engine.startContainer(id, WITHIN);
    expect(await codeOf(engine.disconnectNetwork(id, 'alicia-none', WITHIN))).toBe('noSuchNetwork');
    expect((await ours(engine, id)).endpoints.map(({ network }) => network)).toEqual([second.network.name]);
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
    const told = actions.filter((action) => ['create', 'start', 'kill', 'die', 'destroy'].includes(action));
    expect(told).toEqual(['create', 'start', 'kill', 'die', 'destroy']);
    subscription.close();
    const heard = events.length;
    await engine.removeNetwork((await engine.inspectNetwork(step.network.name, WITHIN))?.id ?? '', WITHIN);
    const again = await engine.subscribe({ onEvent: () => undefined, onEnd: () => undefined }, WITHIN);
    again.close();
    expect(events).toHaveLength(heard);
    expect(ends).toEqual([]);
  });
}
