// Owns: how calls must fail. Must not know: which engine it is.
import { expect, it } from 'vitest';
import { containerId } from '../../../src/model/ids.js';
import {
  attachmentTo,
  codeOf,
  draftFor,
  type EngineWorld,
  fixedPort,
  KEEPING,
  ours,
  WITHIN,
} from './world.js';

/** Declares the obligations of calls on containers that the engine refuses. */
export function declareFailureObligations(get: () => EngineWorld): void {
  it('must refuse a name that is in use', async () => {
    const { engine, project } = get();
    await engine.createContainer(draftFor(get(), 'taken'), WITHIN);
    expect(await codeOf(engine.createContainer(draftFor(get(), 'taken'), WITHIN))).toBe('nameInUse');
    const id = await engine.createContainer(draftFor(get(), 'taker'), WITHIN);
    expect(await codeOf(engine.renameContainer(id, `${project}-taken`, WITHIN))).toBe('nameInUse');
  });

  it('must refuse an image that is not there', async () => {
    const { engine, project } = get();
    const draft = draftFor(get(), 'imageless', { image: `${project}/none:1` });
    expect(await codeOf(engine.createContainer(draft, WITHIN))).toBe('noSuchImage');
    expect(await engine.inspectContainer(draft.name, WITHIN)).toBeNull();
  });

  it('must say of each call that there is no such container', async () => {
    const { engine } = get();
    const none = containerId('0'.repeat(64));
    const calls = [
      engine.startContainer(none, WITHIN),
      engine.stopContainer(none, 0, WITHIN),
      engine.restartContainer(none, 0, WITHIN),
      engine.unpauseContainer(none, WITHIN),
      engine.renameContainer(none, 'alicia-none', WITHIN),
      engine.updateContainer(
        none,
        { restart: { name: 'no', maximumRetryCount: 0 }, resources: null },
        WITHIN,
      ),
    ];
    const codes = await Promise.all(calls.map(codeOf));
    expect(new Set(codes)).toEqual(new Set(['noSuchContainer']));
    await engine.removeContainer(none, KEEPING);
  });

  it('must not remove what runs', async () => {
    const { engine } = get();
    const id = await engine.createContainer(draftFor(get(), 'busy'), WITHIN);
    await engine.startContainer(id, WITHIN);
    expect(await codeOf(engine.removeContainer(id, KEEPING))).toBe('inUse');
    expect((await ours(engine, id)).status).toBe('running');
  });

  it('must refuse to start on a port that is taken, and keep the container', async () => {
    const { engine, project, outsider, freePorts } = get();
    const holder = await outsider.run({ name: `${project}-holder`, hostPort: freePorts[0] });
    const draft = draftFor(get(), 'portless', { ports: [fixedPort(80, freePorts[0])] });
    const id = await engine.createContainer(draft, WITHIN);
    expect(await codeOf(engine.startContainer(id, WITHIN))).toBe('portInUse');
    expect((await ours(engine, id)).status).toBe('created');
    await outsider.remove(holder);
    await engine.startContainer(id, WITHIN);
    expect((await ours(engine, id)).status).toBe('running');
    await engine.stopContainer(id, 0, WITHIN);
  });

  it('must refuse to start on a network that is gone', async () => {
    const { engine, project } = get();
    const networks = [attachmentTo(`${project}-gone`)];
    const id = await engine.createContainer(draftFor(get(), 'adrift', { networks }), WITHIN);
    expect(await codeOf(engine.startContainer(id, WITHIN))).toBe('attachmentGone');
  });
}
