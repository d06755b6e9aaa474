// Owns: the order of a pass: what was done is looked at before anything is decided about it again.
import { expect, test } from 'vitest';
import type { FailureCode } from '../../src/model/failure.js';
import { createWorld } from '../support/simulation/world.js';

test.each<FailureCode>(['unknownOutcome', 'engine'])(
  '1.6 a container whose creation ended as %s must be looked for by its name before that is repeated',
  async (code) => {
    const world = createWorld(1);
    const calls: string[] = [];
    let failures = 0;
    world.faults.breakCalls((call) => {
      if (call !== 'createContainer' || failures === 2) return null;
      failures += 1;
      return code;
    });
    world.ask({ web: { image: 'sim-well:1' } });
    world.start((_, moment, name) => {
      if (moment === 'before' && /Container$/.test(name)) calls.push(name);
    });
    await world.runUntil('it is made', () => world.engine.truth.containers.size === 1);
    expect(calls.slice(0, 6)).toEqual([
      'createContainer',
      'inspectContainer',
      'createContainer',
      'inspectContainer',
      'createContainer',
      'inspectContainer',
    ]);
  },
);
