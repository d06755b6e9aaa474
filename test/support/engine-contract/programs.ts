// Owns: what must come of a program that is run in a container. Must not know: which engine it is.
import { expect, it } from 'vitest';
import { containerId } from '../../../src/model/ids.js';
import { codeOf, draftFor, type EngineWorld, ours, WITHIN } from './world.js';

/** Declares the obligations of `exec`. */
export function declareProgramObligations(get: () => EngineWorld): void {
  it('6.6 must run a program in a container and tell its exit code', async () => {
    const { engine, commands } = get();
    const id = await engine.createContainer(draftFor(get(), 'programs'), WITHIN);
    await engine.startContainer(id, WITHIN);
    const before = await ours(engine, id);
    expect(await engine.exec(id, commands.succeed, WITHIN)).toBe(0);
    expect(await engine.exec(id, commands.fail, WITHIN)).toBe(1);
    expect(await engine.exec(id, commands.exitWith3, WITHIN)).toBe(3);
    expect(await ours(engine, id)).toEqual(before);
  });

  it('6.6 must give a program up at its deadline', async () => {
    const { engine, commands } = get();
    const id = await engine.createContainer(draftFor(get(), 'endless'), WITHIN);
    await engine.startContainer(id, WITHIN);
    expect(await codeOf(engine.exec(id, commands.hang, { deadlineMs: 500 }))).toBe('unknownOutcome');
    expect(await engine.exec(id, commands.succeed, WITHIN)).toBe(0);
  });

  it('6.6 must refuse where nothing runs', async () => {
    const { engine, commands, outsider } = get();
    const id = await engine.createContainer(draftFor(get(), 'idle'), WITHIN);
    expect(await codeOf(engine.exec(id, commands.succeed, WITHIN))).toBe('engine');
    await engine.startContainer(id, WITHIN);
    await outsider.pause(id);
    expect(await codeOf(engine.exec(id, commands.succeed, WITHIN))).toBe('engine');
    await engine.unpauseContainer(id, WITHIN);
    await engine.stopContainer(id, 0, WITHIN);
    expect(await codeOf(engine.exec(id, commands.succeed, WITHIN))).toBe('engine');
    const none = containerId('0'.repeat(64));
    expect(await codeOf(engine.exec(none, commands.succeed, WITHIN))).toBe('noSuchContainer');
  });
}
