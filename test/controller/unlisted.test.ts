// Owns: what becomes of containers that are known and that a list leaves out.
import { describe, expect, test } from 'vitest';
import type { Looks } from '../../src/controller/looks.js';
import { createObservedStore, setContainer } from '../../src/controller/observed-store.js';
import { type CallOptions, type Engine, EngineError, type Sighting } from '../../src/controller/ports.js';
import { withUnlisted } from '../../src/controller/unlisted.js';
import type { FailureCode } from '../../src/model/failure.js';
import { containerOf } from '../support/probes.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

const known = containerOf('web', 'a');
const listed = containerOf('web', 'b');
const other = containerOf('db', 'c');

type Answer = Sighting | FailureCode | null;

/** Two of `web` and one of `db` are known; looks at those that are asked for are answered so, call by call. */
function looking(...answers: readonly Answer[]) {
  const store = createObservedStore();
  for (const container of [known, listed, other]) setContainer(store, { kind: 'ours', container });
  const asked: string[] = [];
  const left = [...answers];
  const inspectContainer = (id: string, { deadlineMs }: CallOptions): Promise<Sighting | null> => {
    asked.push(`${id.slice(0, 1)} ${deadlineMs}`);
    const answer = left.shift() ?? null;
    return typeof answer === 'string'
      ? Promise.reject(new EngineError({ code: answer, message: 'no', status: null }))
      : Promise.resolve(answer);
  };
  const looks: Looks = {
    engine: { inspectContainer } as unknown as Engine,
    ...{ store, call: { deadlineMs: 30_000 }, onChange: () => undefined },
    ...{ after: createVirtualClock().after, running: new Map(), runningImages: new Map() },
    ...{ generation: () => 1, again: () => Promise.resolve(false) },
  };
  const withList = async (...containers: readonly Sighting[]): Promise<readonly Sighting[]> =>
    (await withUnlisted(looks, { containers, networks: [], volumes: [] })).containers;
  return { looks, asked, withList };
}

const ours = (container: typeof known): Sighting => ({ kind: 'ours', container });

describe('8.1 containers that a list leaves out', () => {
  test('8.1 where none is left out nobody must be asked', async () => {
    const { asked, withList } = looking();
    const all = [ours(known), ours(listed), ours(other)];
    expect([await withList(...all), asked]).toEqual([all, []]);
  });

  test('8.1 one that a look still finds must count as it is seen, one that it does not as gone', async () => {
    const seen = ours({ ...known, status: 'exited' });
    const { asked, withList } = looking(seen, null);
    expect(await withList(ours(listed))).toEqual([ours(listed), seen]);
    expect(asked).toEqual(['a 5000', 'c 5000']);
  });

  test('8.14 one of which no answer comes must stay as it was known, and be looked at by itself', async () => {
    const { asked, withList } = looking('unknownOutcome');
    expect(await withList(ours(listed), ours(other))).toEqual([ours(listed), ours(other), ours(known)]);
    expect(asked).toEqual(['a 5000', 'a 30000']);
  });

  test('8.1 an engine that cannot be reached must end the list', async () => {
    const { asked, withList } = looking('unreachable');
    await expect(withList(ours(listed), ours(other))).rejects.toThrow('no');
    expect(asked).toEqual(['a 5000']);
  });

  test('8.14 no look may take longer than a call may', async () => {
    const { looks, asked } = looking();
    const hasty = { ...looks, call: { deadlineMs: 700 } };
    await withUnlisted(hasty, { containers: [ours(listed), ours(other)], networks: [], volumes: [] });
    expect(asked).toEqual(['a 700']);
  });
});
