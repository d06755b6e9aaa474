// Owns: what must come of calls that are odd but allowed, and how each refusal is told. Must not know: which engine it is.
import { expect, it } from 'vitest';
import type { ContainerSpec } from '../../../src/model/desired.js';
import type { ContainerId } from '../../../src/model/ids.js';
import { NO_LIMITS } from '../no-limits.js';
import {
  attachmentTo,
  draftFor,
  type EngineWorld,
  fixedPort,
  KEEPING,
  networkStep,
  ours,
  refusalOf,
  WITHIN,
} from './world.js';

const ALONE = { networkMode: { kind: 'none' } } as const;

/** Declares the obligations that sequences of random commands have brought to light. */
export function declareRefusalObligations(get: () => EngineWorld): void {
  const running = async (service: string, changes: Partial<ContainerSpec> = {}): Promise<ContainerId> => {
    const id = await get().engine.createContainer(draftFor(get(), service, changes), WITHIN);
    await get().engine.startContainer(id, WITHIN);
    return id;
  };

  it('must refuse to rename a container to the name that it has', async () => {
    const { engine, project } = get();
    const id = await engine.createContainer(draftFor(get(), 'own-name'), WITHIN);
    expect(await refusalOf(engine.renameContainer(id, `${project}-own-name`, WITHIN))).toBe('rejected 400');
  });

  it('8.12 must refuse to remove what runs, is paused or restarts itself, and tell it alike', async () => {
    const { engine, outsider, commands, until } = get();
    const id = await running('not-removed', ALONE);
    expect(await refusalOf(engine.removeContainer(id, KEEPING))).toBe('inUse 409');
    await outsider.pause(id);
    expect(await refusalOf(engine.removeContainer(id, KEEPING))).toBe('inUse 409');
    expect(await refusalOf(engine.startContainer(id, WITHIN))).toBe('engine 409');
    const looping = await running('looping-on', { ...ALONE, command: commands.exitWith3 });
    await until(async () => {
      const { status, restartCount } = await ours(engine, looping);
      return status === 'restarting' && restartCount > 3 ? true : null;
    });
    expect(await refusalOf(engine.removeContainer(looping, KEEPING))).toBe('inUse 409');
    await engine.stopContainer(looping, 0, WITHIN);
  });

  it('must let what was paused end by itself when it is stopped', async () => {
    const { engine, outsider, commands } = get();
    const id = await running('paused-to-end', { ...ALONE, command: commands.listening });
    // By then it listens.
    await engine.exec(id, commands.succeed, WITHIN);
    await outsider.pause(id);
    await engine.stopContainer(id, 5_000, WITHIN);
    expect(await ours(engine, id)).toMatchObject({ status: 'exited', exitCode: 0 });
  });

  it('8.8 must write down for one that does not run what it is connected to, and refuse its start', async () => {
    const { engine, project } = get();
    const step = networkStep(get(), 'net-written');
    await engine.createNetwork(step, WITHIN);
    const networks = [attachmentTo(step.network.name, ['first'])];
    const id = await engine.createContainer(draftFor(get(), 'written', { networks }), WITHIN);
    await engine.connectNetwork(id, attachmentTo(step.network.name, ['second']), WITHIN);
    await engine.connectNetwork(id, attachmentTo(`${project}-unheard-of`), WITHIN);
    expect((await ours(engine, id)).endpoints.map(({ network, aliases }) => [network, aliases])).toEqual([
      [step.network.name, ['first']],
      [`${project}-unheard-of`, []],
    ]);
    expect(await refusalOf(engine.startContainer(id, WITHIN))).toBe('attachmentGone 404');
    expect(await ours(engine, id)).toMatchObject({ status: 'created', exitCode: 128 });
    expect(await refusalOf(engine.restartContainer(id, 0, WITHIN))).toBe('attachmentGone 500');
  });

  it('must refuse other networks to a container that has none', async () => {
    const { engine } = get();
    const id = await engine.createContainer(draftFor(get(), 'without-network', ALONE), WITHIN);
    expect(await refusalOf(engine.connectNetwork(id, attachmentTo('bridge'), WITHIN))).toBe('rejected 400');
  });

  it('must take the host ports away with the last network, and publish them with the next', async () => {
    const { engine, freePorts } = get();
    const id = await running('unplugged', { ports: [fixedPort(80, freePorts[0])] });
    await engine.disconnectNetwork(id, 'bridge', WITHIN);
    expect(await ours(engine, id)).toMatchObject({
      status: 'running',
      endpoints: [],
      ports: {},
      hostPorts: [],
    });
    await engine.restartContainer(id, 0, WITHIN);
    expect(await ours(engine, id)).toMatchObject({ status: 'running', ports: {}, hostPorts: [] });
    await engine.connectNetwork(id, attachmentTo('bridge'), WITHIN);
    expect((await ours(engine, id)).ports).toEqual({ '80/tcp': freePorts[0] });
    await engine.stopContainer(id, 0, WITHIN);
  });

  it('must write an end down that could not be made because its address is taken', async () => {
    const { engine } = get();
    const step = networkStep(get(), 'net-taken', '10.231.77.0/24');
    await engine.createNetwork(step, WITHIN);
    const attachment = { ...attachmentTo(step.network.name), ipv4Address: '10.231.77.9' };
    await running('address-holder', { networks: [attachment] });
    const id = await running('address-seeker');
    expect(await refusalOf(engine.connectNetwork(id, attachment, WITHIN))).toBe('inUse 403');
    const end = (await ours(engine, id)).endpoints.find(({ network }) => network === step.network.name);
    expect(end).toMatchObject({ networkId: '', ipAddress: '', fixedIpv4: '10.231.77.9' });
    expect(await refusalOf(engine.disconnectNetwork(id, step.network.name, WITHIN))).toBe('engine 500');
    await engine.stopContainer(id, 0, WITHIN);
    await engine.disconnectNetwork(id, step.network.name, WITHIN);
    expect((await ours(engine, id)).endpoints.map(({ network }) => network)).toEqual(['bridge']);
  });

  it('8.7 must give the ports of a range in turn, and say when there is none left', async () => {
    const { engine, freeRange } = get();
    const hostPorts = { first: freeRange, last: freeRange + 1 };
    const ports = [{ ...fixedPort(80, freeRange), hostPorts }];
    const portOf = async (id: ContainerId) => (await ours(engine, id)).ports['80/tcp'];
    const first = await running('ranged-1', { ports });
    const before = await portOf(first);
    await engine.restartContainer(first, 0, WITHIN);
    expect([before, await portOf(first)].sort()).toEqual([freeRange, freeRange + 1]);
    const second = await running('ranged-2', { ports });
    expect(await portOf(second)).toBe(before);
    const third = await engine.createContainer(draftFor(get(), 'ranged-3', { ports }), WITHIN);
    expect(await refusalOf(engine.startContainer(third, WITHIN))).toBe('portInUse 500');
    const refused = await ours(engine, third);
    expect(refused).toMatchObject({ status: 'created', exitCode: 128 });
    expect(refused.endpoints[0]?.networkId).not.toBe('');
    for (const id of [first, second]) await engine.stopContainer(id, 0, WITHIN);
  });

  it("3.3 must tell Docker's status with a refused update", async () => {
    const { engine } = get();
    const id = await engine.createContainer(
      draftFor(get(), 'refused-update', { ...ALONE, resources: { ...NO_LIMITS, nanoCpus: 500_000_000 } }),
      WITHIN,
    );
    const change = (resources: Partial<typeof NO_LIMITS>) =>
      refusalOf(
        engine.updateContainer(id, { restart: null, resources: { ...NO_LIMITS, ...resources } }, WITHIN),
      );
    expect(await change({ cpuQuotaUs: 50_000, cpuPeriodUs: 100_000 })).toBe('engine 409');
    expect(await change({ memoryBytes: 1024 * 1024 })).toBe('rejected 400');
  });
}
