// Owns: what the outcome of a step changes for the decisions after it.
import { describe, expect, test } from 'vitest';
import { remember } from '../../src/core/remember.js';
import type { Outcome } from '../../src/model/step.js';
import {
  afterSteps,
  failed,
  linesOf,
  type Pass,
  pass,
  passes,
  type Scene,
  settledMemory,
} from '../support/decision.js';
import { CARRIED } from '../support/decision-observed.js';

const WEB = 'web: {image: web:1}';
const MISSING = { 'web:1': 'missing' } as const;
const HOURLY = 'web: {image: web:1, pull_policy: every_1h}';
const UNKNOWN: Outcome = { kind: 'unknown', message: 'no answer' };

/** The memory after the same pass has failed so often, each a while after the other. */
function afterFailures(scene: Scene, times: number, outcome: Outcome) {
  let memory = scene.memory ?? settledMemory;
  for (let nth = 0; nth < times; nth += 1)
    memory = afterSteps(pass({ ...scene, memory, at: 1000 + nth * 400 }), outcome);
  return memory;
}

describe('a step that was done at last', () => {
  test('8.4 must leave nothing of the failures of an image, so that the next pull goes at once', () => {
    const scene = { manifests: WEB, images: MISSING };
    const first = afterFailures(scene, 3, failed('pullFailed'));
    const memory = afterSteps(pass({ ...scene, memory: first, at: 5000 }));
    const again = pass({ ...scene, memory, at: 5001 });
    expect(again.lines).toEqual(['pull image web:1  not on this host']);
    expect(again.status('web')).toContain('Progressing: pulls web:1');
  });

  test('8.5 must leave nothing of the failures of a replica', () => {
    const first = afterFailures({ manifests: WEB }, 3, failed('rejected'));
    const memory = afterSteps(pass({ manifests: WEB, memory: first, at: 5000 }));
    expect(linesOf({ manifests: WEB, memory, at: 5001 })).toHaveLength(1);
  });
});

test('8.5 the failures of another spec must not be counted along', () => {
  const memory = afterFailures({ manifests: WEB }, 3, failed('rejected', 'bad mount'));
  const manifests = 'web: {image: web:2}';
  const next = afterSteps(pass({ manifests, memory, at: 3000 }), failed('rejected', 'bad mount'));
  expect(pass({ manifests, memory: next, at: 3001 }).status('web')).toContain(
    'bad mount (tried again after 10 s)',
  );
});

describe('3.3 an update in place', () => {
  const manifests = 'web: {image: web:1, mem_limit: 64m}';
  const scene = { manifests, docker: 'web-1 running mem=32m' };
  const update = 'update container web-1 → limits  its limits are others than declared';

  test('3.3 must count as refused once the engine has failed at it three times in a row', () => {
    const twice = afterFailures(scene, 2, failed('engine'));
    expect(linesOf({ ...scene, memory: twice, at: 3000 })).toEqual([update]);
    const thrice = afterFailures(scene, 3, failed('engine'));
    expect(linesOf({ ...scene, memory: thrice, at: 3000 })).toEqual([
      'rename container web-1 → old  its limits or its restart policy cannot be updated in place',
    ]);
  });

  test('3.3 must be tried again as often as the engine is away', () => {
    const memory = afterFailures(scene, 5, failed('unreachable'));
    expect(linesOf({ ...scene, memory, at: 5000 })).toEqual([update]);
  });

  test('3.3 of another part must not forget that the limits were asked for', () => {
    const asked = afterSteps(pass(scene));
    const policy = pass({ ...scene, docker: `${scene.docker} policy=no`, memory: asked, at: 1010 });
    expect(policy.lines).toEqual([
      'update container web-1 → unless-stopped  restart policy is no, declared is unless-stopped',
    ]);
    expect(linesOf({ ...scene, memory: afterSteps(policy), at: 1020 })).toEqual([]);
  });

  test('1.6 must be asked for again where nothing is known of it', () => {
    const memory = afterSteps(pass(scene), UNKNOWN);
    expect(linesOf({ ...scene, memory, at: 1100 })).toEqual([update]);
  });
});

describe('5.4 the carried volumes of a replica', () => {
  const scene = {
    manifests: `${WEB}\nvolumes: {}`,
    docker: 'web-1 running age=5\nweb-2 exited carried=/data',
    volumes: [CARRIED],
  };
  const gone = { ...scene, docker: 'web-1 running' };

  test('5.4 must be deleted once it is removed for good, and not twice', () => {
    const [, second, third] = passes([scene, { ...gone, at: 1001 }, { ...gone, at: 1002 }]);
    expect(second?.lines).toEqual([`remove volume ${CARRIED}  its replica is gone for good`]);
    expect(third?.lines).toEqual([]);
  });

  test('5.4 must stay where its removal failed', () => {
    const memory = afterSteps(pass(scene), failed('engine'));
    expect(memory.leftVolumes.size).toBe(0);
  });

  test('5.4 must be deleted, however often that fails, and whatever else is removed meanwhile', () => {
    const removed = afterSteps(pass(scene));
    const tried = afterSteps(pass({ ...gone, memory: removed, at: 1001 }), failed('inUse'));
    const other = afterSteps(
      pass({ ...scene, memory: { ...tried, leftVolumes: new Set(['x', CARRIED]) } }),
      UNKNOWN,
    );
    expect([...other.leftVolumes].sort()).toEqual([CARRIED]);
    const twoLeft = { ...removed, leftVolumes: new Set([CARRIED, 'd'.repeat(64)]) };
    const one = pass({ ...gone, volumes: [CARRIED, 'd'.repeat(64)], memory: twoLeft, at: 1001 });
    expect(one.lines).toHaveLength(2);
    expect(afterSteps({ ...one, steps: one.steps.slice(0, 1) }).leftVolumes).toEqual(
      new Set(['d'.repeat(64)]),
    );
  });
});

describe('a pull must be told', () => {
  const scene = { manifests: WEB, images: MISSING };
  const first = pass(scene);
  const eventsAfter = (outcome: Outcome, memory = first.memory) =>
    remember(memory, { ...{ step: onlyStep(first), now: first.context.now, hash: null }, outcome }).events;

  test('8.4 when it was made', () => {
    expect(eventsAfter({ kind: 'done' })).toEqual([
      {
        type: 'image_pulled',
        facts: { image: 'web:1', service_name: 'web', message: 'pulled web:1' },
        cause: 'not on this host',
      },
    ]);
  });

  test.each([
    ['manifest unknown', failed('pullFailed', 'manifest unknown')],
    ['no answer', UNKNOWN],
  ])('8.4 when it failed, once for each sentence: %s', (message, outcome) => {
    const told = {
      type: 'image_pull_failed',
      facts: { image: 'web:1', service_name: 'web', message },
      cause: 'not on this host',
    };
    expect(eventsAfter(outcome)).toEqual([told]);
    expect(eventsAfter(outcome, afterSteps(first, outcome))).toEqual([]);
    expect(eventsAfter(outcome, afterSteps(first, failed('pullFailed', 'another')))).toEqual([told]);
  });

  test('8.4 and no other step by the same words', () => {
    const start = pass({ manifests: WEB });
    const ended = { step: onlyStep(start), now: start.context.now, hash: null };
    expect(remember(start.memory, { ...ended, outcome: { kind: 'done' } }).events).toEqual([]);
  });

  test('3.4 one that failed must not count as the look at the registry that was due', () => {
    const running = { manifests: HOURLY, docker: 'web-1 running' };
    const memory = afterSteps(pass(running), failed('pullFailed'));
    expect(linesOf({ ...running, memory, at: 1100 })).toEqual(['pull image web:1  pull_policy is every']);
  });
});

function onlyStep({ steps: [step] }: Pass) {
  if (step === undefined) throw new Error('no step');
  return step;
}
