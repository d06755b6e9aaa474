// Owns: what looking at an engine must show. Must not know: which engine it is.
import { expect, it } from 'vitest';
import type { Sighting } from '../../../src/controller/ports.js';
import { draftFor, type EngineWorld, ours, WITHIN } from './world.js';

/** Declares the obligations of lists and inspects. */
export function declareLookingObligations(get: () => EngineWorld): void {
  it('must say who answered', async () => {
    const info = await get().engine.connect(WITHIN);
    expect(info.id).not.toBe('');
    expect(info.version).not.toBe('');
    expect(info.apiVersion).toMatch(/^1\.\d+$/);
  });

  it('must show a created container with all that its labels say', async () => {
    const { engine, project, image } = get();
    const draft = draftFor(get(), 'shown');
    const id = await engine.createContainer(draft, WITHIN);
    const container = await ours(engine, id);
    expect(container).toMatchObject({
      id,
      name: `${project}-shown`,
      status: 'created',
      image,
      startedAt: null,
    });
    expect(container.owned).toEqual(draft.owned);
    expect(container.ports).toEqual({});
    expect(container.health.status).toBe('none');
    expect(container.createdAt).toBeGreaterThan(0);
  });

  it('must find a container by its exact name or its whole id alone', async () => {
    const { engine, project } = get();
    const id = await engine.createContainer(draftFor(get(), 'exact'), WITHIN);
    expect((await engine.inspectContainer(`${project}-exact`, WITHIN))?.container.id).toBe(id);
    expect((await engine.inspectContainer(id, WITHIN))?.container.id).toBe(id);
    expect(await engine.inspectContainer(id.slice(0, 12), WITHIN)).toBeNull();
    expect(await engine.inspectContainer(`${project}-exac`, WITHIN)).toBeNull();
  });

  it('must list ours and those of others, and tell them apart', async () => {
    const { engine, project, outsider, freePorts } = get();
    const id = await engine.createContainer(draftFor(get(), 'listed'), WITHIN);
    const otherId = await outsider.run({ name: `${project}-other`, hostPort: freePorts[0] });
    const { containers } = await engine.list(WITHIN);
    expect(containers.find(({ container }) => container.id === id)?.kind).toBe('ours');
    const other = containers.find(({ container }) => container.id === otherId);
    expect(other?.kind).toBe('other');
    expect(other?.container).toMatchObject({ name: `${project}-other`, running: true, aliciaProject: null });
    expect(hostPortsOf(other)).toContain(freePorts[0]);
    expect(await engine.inspectContainer(otherId, WITHIN)).toEqual(other);
    await outsider.remove(otherId);
  });

  it('must take a container of another project for not ours, and say whose it is', async () => {
    const { engine, project, outsider } = get();
    const labels = { 'io.alicia.project': `${project}-2`, 'com.docker.compose.project': 'blog' };
    const id = await outsider.run({ name: `${project}-foreign`, labels });
    const sighting = await engine.inspectContainer(id, WITHIN);
    expect(sighting).toMatchObject({
      kind: 'other',
      container: { aliciaProject: `${project}-2`, composeProject: 'blog', composeService: null },
    });
    await outsider.remove(id);
  });

  it('must take a container with our project label and nothing more for not ours', async () => {
    const { engine, project, outsider } = get();
    const id = await outsider.run({ name: `${project}-half`, labels: { 'io.alicia.project': project } });
    expect((await engine.inspectContainer(id, WITHIN))?.kind).toBe('other');
    await outsider.remove(id);
  });

  it("must show Docker's own networks as nobody's", async () => {
    const { engine } = get();
    const { networks } = await engine.list(WITHIN);
    for (const name of ['bridge', 'host', 'none']) {
      const network = networks.find((candidate) => candidate.name === name);
      expect(network).toMatchObject({ project: null, hash: null });
      expect(await engine.inspectNetwork(name, WITHIN)).toEqual(network);
    }
  });

  it('must know which images are there', async () => {
    const { engine, project, image } = get();
    expect(await engine.inspectImage(image, WITHIN)).toMatchObject({ hasHealthcheck: false });
    expect(await engine.inspectImage(`${project}/none:1`, WITHIN)).toBeNull();
  });
}

const hostPortsOf = (sighting: Sighting | undefined): readonly number[] =>
  sighting?.kind === 'other' ? sighting.container.hostPorts.map(({ port }) => port) : [];
