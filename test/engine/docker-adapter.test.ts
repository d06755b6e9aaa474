// Owns: what only real Docker can show of its adapter: its sentences, its defaults and its image labels.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRunningControllers, ownMounts } from '../../src/adapters/docker/controllers.js';
import { EngineError } from '../../src/controller/ports.js';
import { serviceName, specHash } from '../../src/model/ids.js';
import { codeOf, draftFor, KEEPING, networkStep, ours, WITHIN } from '../support/engine-contract/world.js';
import { type DockerWorld, makeDockerWorld, TEST_IMAGE } from './support/docker-world.js';

let made: DockerWorld | null = null;
const get = (): DockerWorld => {
  if (made === null) throw new Error('the world was not made');
  return made;
};
beforeAll(async () => {
  made = await makeDockerWorld('adapter');
  await made.engine.connect(WITHIN);
});
afterAll(async () => made?.close());

async function sentenceOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof EngineError ? error.failure.message : '';
}

describe('what Docker refuses', () => {
  it('must be rejected when the source of a bind is missing, and made where that is asked for', async () => {
    const { engine } = get();
    const folder = await mkdtemp(join(tmpdir(), 'alicia-bind-'));
    const bind = { kind: 'bind', source: join(folder, 'missing'), target: '/data', readOnly: false } as const;
    const strict = draftFor(get(), 'bind', { mounts: [{ ...bind, createSource: false }] });
    expect(await codeOf(engine.createContainer(strict, WITHIN))).toBe('rejected');
    expect(await sentenceOf(engine.createContainer(strict, WITHIN))).toContain(
      'bind source path does not exist',
    );
    const lenient = draftFor(get(), 'bind', { mounts: [{ ...bind, createSource: true }] });
    const id = await engine.createContainer(lenient, WITHIN);
    expect((await ours(engine, id)).mounts).toEqual([
      { kind: 'bind', source: bind.source, target: '/data', readOnly: false },
    ]);
    await rm(folder, { recursive: true, force: true });
  });

  it('must be rejected when the command is not there, and the container stays with the sentence', async () => {
    const { engine } = get();
    const id = await engine.createContainer(draftFor(get(), 'commandless', { command: ['/none'] }), WITHIN);
    expect(await codeOf(engine.startContainer(id, WITHIN))).toBe('rejected');
    const container = await ours(engine, id);
    expect(container.status).toBe('created');
    expect(container.error).toContain('/none');
  });

  it('must be told apart when it is a static address that is taken, not a port', async () => {
    const { engine, project } = get();
    const step = networkStep(get(), 'addresses');
    const network = { ...step.network, ipam: [{ subnet: '10.231.77.0/24', gateway: null, ipRange: null }] };
    await engine.createNetwork({ ...step, network }, WITHIN);
    const overlapping = { ...step, network: { ...network, name: `${project}-overlapping` } };
    expect(await codeOf(engine.createNetwork(overlapping, WITHIN))).toBe('noAddressPool');
    const networks = [{ network: network.name, aliases: [], ipv4Address: '10.231.77.9', ipv6Address: null }];
    const first = await engine.createContainer(draftFor(get(), 'address-1', { networks }), WITHIN);
    const second = await engine.createContainer(draftFor(get(), 'address-2', { networks }), WITHIN);
    await engine.startContainer(first, WITHIN);
    expect((await ours(engine, first)).endpoints[0]?.ipAddress).toBe('10.231.77.9');
    expect(await codeOf(engine.startContainer(second, WITHIN))).toBe('inUse');
  });

  it('must be a failed pull when the registry cannot be reached', async () => {
    const { engine } = get();
    expect(await codeOf(engine.pullImage('127.0.0.1:1/none:1', () => undefined, WITHIN))).toBe('pullFailed');
  });
});

describe('what Docker makes of a draft', () => {
  it('must be the spec: command, entrypoint, environment, labels and stop settings', async () => {
    const { engine, docker } = get();
    const draft = draftFor(get(), 'spec', {
      entrypoint: [],
      environment: { A: '1', B: 'x=y' },
      labels: { team: 'voice' },
      stopSignal: 'SIGINT',
      stopGraceMs: 1500,
    });
    const id = await engine.createContainer(draft, WITHIN);
    const { Config } = await docker.getContainer(id).inspect();
    expect(Config.Cmd).toEqual([...get().commands.forEver]);
    expect(Config.Env).toEqual(expect.arrayContaining(['A=1', 'B=x=y']));
    expect(Config.Labels.team).toBe('voice');
    expect(Config).toMatchObject({ StopSignal: 'SIGINT' });
    expect((await ours(engine, id)).stopGraceMs).toBe(2000);
  });

  it('must have the version of its image', async () => {
    const { engine } = get();
    const id = await engine.createContainer(draftFor(get(), 'versioned'), WITHIN);
    expect((await ours(engine, id)).imageVersion).toBe('1');
    const image = await engine.inspectImage(TEST_IMAGE, WITHIN);
    expect(image?.version).toBe('1');
    expect((await ours(engine, id)).imageId).toBe(image?.id);
  });

  it('must have no check where it is disabled', async () => {
    const { engine } = get();
    const id = await engine.createContainer(
      draftFor(get(), 'unchecked', { healthcheck: { kind: 'disabled' } }),
      WITHIN,
    );
    await engine.startContainer(id, WITHIN);
    expect(await ours(engine, id)).toMatchObject({ check: null, health: { status: 'none' } });
  });

  it('8.16 must be refused where start_interval would be dropped, and kept where it is known', async () => {
    const { engine } = get();
    const times = { intervalMs: null, timeoutMs: null, retries: null, startPeriodMs: null };
    const healthcheck = { kind: 'test', test: ['CMD', 'true'], ...times, startIntervalMs: 2000 } as const;
    const { apiVersion } = await engine.connect(WITHIN);
    const creating = engine.createContainer(draftFor(get(), 'interval', { healthcheck }), WITHIN);
    if (Number(apiVersion.split('.')[1]) < 44) expect(await codeOf(creating)).toBe('rejected');
    else expect((await ours(engine, await creating)).check?.startIntervalMs).toBe(2000);
  });
});

describe('9.1 a container whose labels are those of its image', () => {
  it('must not be ours, and the one that we make of the same image must be', async () => {
    const { engine, docker, project } = get();
    const id = await engine.createContainer(draftFor(get(), 'original'), WITHIN);
    const image = `${project}-copy:1`;
    await docker.getContainer(id).commit({ repo: `${project}-copy`, tag: '1' });
    const copy = await docker.createContainer({ name: `${project}-copied`, Image: image });
    expect((await engine.inspectContainer(copy.id, WITHIN))?.kind).toBe('other');
    const { containers } = await engine.list(WITHIN);
    expect(containers.find(({ container }) => container.id === copy.id)?.kind).toBe('other');
    const draft = draftFor(get(), 'remade', { image });
    const owned = { ...draft.owned, service: serviceName('remade'), hash: specHash(`v1:${'b'.repeat(64)}`) };
    expect((await ours(engine, await engine.createContainer({ ...draft, owned }, WITHIN))).owned).toEqual(
      owned,
    );
    await copy.remove();
    await docker.getContainer(`${project}-remade`).remove();
    await docker.getImage(image).remove();
  });
});

describe('a volume that an image declares', () => {
  it('5.4 must be carried over by its name, to a place that the spec does not name', async () => {
    const { engine, docker, project } = get();
    const original = await engine.createContainer(draftFor(get(), 'base'), WITHIN);
    const image = `${project}-volume:1`;
    await docker
      .getContainer(original)
      .commit({ repo: `${project}-volume`, tag: '1', changes: 'VOLUME /data' });
    const first = await engine.createContainer(draftFor(get(), 'keeper-1', { image }), WITHIN);
    const [mount] = (await ours(engine, first)).mounts;
    expect(mount).toMatchObject({
      kind: 'volume',
      target: '/data',
      source: expect.stringMatching(/^\w{64}$/),
    });
    const volume = mount?.source ?? '';
    await engine.removeContainer(first, KEEPING);
    const carried = [{ volume, target: '/data' }];
    const draft = { ...draftFor(get(), 'keeper-2', { image }), carried };
    const second = await engine.createContainer(draft, WITHIN);
    expect((await ours(engine, second)).mounts).toEqual([mount]);
    await engine.removeContainer(second, { ...WITHIN, withVolumes: true });
    expect(await engine.inspectVolume(volume, WITHIN)).not.toBeNull();
    await engine.removeVolume(volume, WITHIN);
    await docker.getImage(image).remove();
  });
});

describe('a list', () => {
  it('must be whole while containers come and go', async () => {
    const { engine, outsider, project } = get();
    const stable = await engine.createContainer(draftFor(get(), 'stable'), WITHIN);
    let done = false;
    const churn = async (): Promise<void> => {
      for (let round = 0; round < 3; round += 1)
        await outsider.remove(await outsider.run({ name: `${project}-churn` }));
      for (let round = 0; round < 10; round += 1) {
        const id = await engine.createContainer(draftFor(get(), `churn-${round}`), WITHIN);
        await engine.removeContainer(id, KEEPING);
      }
      done = true;
    };
    const churning = churn();
    let lists = 0;
    while (!done) {
      const { containers } = await engine.list(WITHIN);
      expect(containers.some(({ kind, container }) => kind === 'ours' && container.id === stable)).toBe(true);
      lists += 1;
    }
    await churning;
    expect(lists).toBeGreaterThan(5);
  });
});

describe('a controller in a container', () => {
  it('must be found by its label while it runs, with its project and its mounts', async () => {
    const { engine, docker, project } = get();
    const container = await docker.createContainer({
      name: `${project}-controller`,
      Image: TEST_IMAGE,
      Cmd: ['sleep', '100000'],
      Labels: { 'io.alicia.controller': 'true' },
      Env: ['ALICIA_PROJECT=shop'],
      HostConfig: {
        Binds: ['/tmp:/manifests:ro', '/var:/manifests-more:ro', `${project}-volume:/manifests-more/log`],
        Tmpfs: { '/run': '' },
      },
    });
    const mine = async () =>
      (await findRunningControllers(engine.connection, WITHIN)).filter(({ id }) => id === container.id);
    expect(await mine()).toEqual([]);
    await container.start();
    const [found] = await mine();
    expect(found).toMatchObject({ name: `${project}-controller`, project: 'shop', http: null });
    expect(found?.addresses).toHaveLength(1);
    expect(await ownMounts(engine.connection, container.id, WITHIN)).toEqual([
      { inside: '/manifests-more/log', outside: null },
      { inside: '/manifests-more', outside: '/var' },
      { inside: '/manifests', outside: '/tmp' },
      { inside: '/run', outside: null },
    ]);
    await container.remove({ force: true });
  });
});
