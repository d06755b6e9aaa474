// Owns: that the events of a rollout say what became of it, each once.
import { describe, expect, test } from 'vitest';
import type { EventDraft, EventType } from '../../src/model/event.js';
import { eventTypes, passes, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
const at = (second: number, docker: string, more: Partial<Scene> = {}): Scene => ({
  manifests: WEB,
  docker,
  at: second,
  ...more,
});
const told = (scenes: readonly Scene[]): readonly (readonly string[])[] => passes(scenes).map(eventTypes);
/** What each moment says of rollouts. */
const rollouts = (scenes: readonly Scene[]): readonly (readonly string[])[] =>
  told(scenes).map((types) => types.filter((type) => /update|rolled/.test(type)));

/** The facts of the one event of a type. */
function factsOf(scenes: readonly Scene[], type: EventType): EventDraft['facts'] {
  const found = passes(scenes)
    .flatMap(({ events }) => events)
    .filter((event) => event.type === type);
  expect(found).toHaveLength(1);
  return found[0]?.facts ?? { message: '' };
}

describe('contract 5: once per rollout', () => {
  const NEW = WEB.replace('web:1', 'web:2');
  const OLD = 'web-1 other running healthy id=o';
  const BEGUN: readonly Scene[] = [
    at(1000, OLD, { manifests: NEW }),
    at(1001, 'web-1 other exited id=o', { manifests: NEW }),
    at(1002, 'web-1-old other exited id=o', { manifests: NEW }),
    at(1003, 'web-1-old other exited id=o\nweb-1 created id=n', { manifests: NEW }),
  ];

  test('its beginning and its good end must be told, each once', () => {
    const scenes = [
      ...BEGUN,
      at(1005, 'web-1-old other exited id=o\nweb-1 running healthy id=n up=-4', { manifests: NEW }),
      at(1006, 'web-1 running healthy id=n up=-4', { manifests: NEW }),
      at(1007, 'web-1 running healthy id=n up=-4', { manifests: NEW }),
    ];
    expect(rollouts(scenes).flat()).toEqual(['service_update_started', 'service_update_completed']);
    expect(factsOf(scenes, 'service_update_started')).toMatchObject({
      service_name: 'web',
      from: expect.stringMatching(/^v1:0000/),
      to: expect.stringMatching(/^v1:/),
    });
  });

  test('its failure must be told, and the return of the old one, each once', () => {
    const scenes = [
      ...BEGUN,
      at(1005, 'web-1-old other exited id=o\nweb-1-failed exited exit=1 id=n', { manifests: NEW }),
      at(1006, 'web-1 other exited id=o\nweb-1-failed exited exit=1 id=n', { manifests: NEW }),
      at(1007, 'web-1 other running healthy id=o up=-6\nweb-1-failed exited exit=1 id=n', { manifests: NEW }),
      at(1008, 'web-1 other running healthy id=o up=-6\nweb-1-failed exited exit=1 id=n', { manifests: NEW }),
    ];
    expect(rollouts(scenes).flat()).toEqual([
      'service_update_started',
      'service_update_failed',
      'service_rolled_back',
    ]);
  });

  test('what never ran must be no rollout when another takes its place', () => {
    const scenes = [
      at(1000, 'web-1 other created id=o', { manifests: NEW }),
      at(1001, '', { manifests: NEW }),
      at(1002, 'web-1 created id=n', { manifests: NEW }),
      at(1003, 'web-1 running healthy id=n up=-1', { manifests: NEW }),
    ];
    expect(rollouts(scenes).flat()).toEqual([]);
  });

  test('a removal within a rollout must be no drift', () => {
    const scenes = [
      ...BEGUN,
      at(1005, 'web-1-old other exited id=o\nweb-1 running healthy id=n up=-4', { manifests: NEW }),
      at(1006, 'web-1 running healthy id=n up=-4', { manifests: NEW }),
    ];
    expect(told(scenes).flat()).not.toContain('drift_detected');
  });
});

describe('contract 5: a rollback', () => {
  const GROWN = 'web: {image: web:2, replicas: 3, healthcheck: {test: [CMD, ok]}}';
  const grown = (second: number, docker: string): Scene => at(second, docker, { manifests: GROWN });
  const EVIDENCE = 'web-1-failed exited exit=1 id=n';

  test('it must be told once every slot with an old container has it back, also where more replicas were asked for', () => {
    const scenes = [
      grown(1000, 'web-1 other running healthy id=o\nweb-2 other running healthy id=p'),
      grown(1001, `web-1-old other exited id=o\n${EVIDENCE}\nweb-2 other running healthy id=p`),
      grown(1002, `web-1 other running starting id=o up=-1\n${EVIDENCE}\nweb-2 other running healthy id=p`),
      grown(1003, `web-1 other running healthy id=o up=-1\n${EVIDENCE}\nweb-2 other running healthy id=p`),
      grown(1004, `web-1 other running healthy id=o up=-1\n${EVIDENCE}\nweb-2 other running healthy id=p`),
    ];
    expect(rollouts(scenes)[3]).toEqual(['service_rolled_back']);
    expect(rollouts(scenes)[4]).toEqual([]);
  });

  test('it must wait for a slot whose own new replica did well', () => {
    const both = (second: string): string =>
      `web-1 other running healthy id=o up=-1\n${EVIDENCE}\nweb-2-old other exited id=p\n${second}`;
    const scenes = [
      grown(1001, both('web-2 running healthy id=q')),
      grown(1002, both('web-2 exited id=q')),
      grown(1003, both('').replace('web-2-old other exited', 'web-2 other running healthy up=-2')),
    ];
    expect(rollouts(scenes).map((types) => types.includes('service_rolled_back'))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test.each([
    ['a container that gives no answer', `web-1 other running silent id=o`, GROWN],
    ['maintenance', `web-1 other running healthy id=o`, GROWN.replace('{image', '{maintenance: true, image')],
  ])('%s in between must not have it told anew', (_, docker, manifests) => {
    const held = (second: number): Scene => grown(second, `web-1 other running healthy id=o\n${EVIDENCE}`);
    const between = at(1002, `${docker}\n${EVIDENCE}`, { manifests });
    expect(rollouts([held(1000), held(1001), between, held(1003)]).slice(1)).toEqual([[], [], []]);
  });
});

describe('contract 5: the rollout of what runs to an end', () => {
  const job = (restart: string): string => `job: {image: job:2, restart: ${restart}}`;
  const BEGUN = ['job-1 other running id=o', 'job-1 other exited id=o', '', 'job-1 created id=n'];
  const story = (restart: string, moments: readonly string[]): readonly Scene[] =>
    [...BEGUN, ...moments].map((docker, index) => at(1000 + index, docker, { manifests: job(restart) }));
  const AS_BEGUN = [[], ['service_update_started'], [], []];

  test.each([
    ['"no"', ['job-1 running id=n up=-4', 'job-1 exited id=n up=-4'], [[], ['service_update_completed']]],
    ['on-failure', ['job-1 running id=n up=-4'], [['service_update_completed']]],
    [
      'on-failure',
      ['job-1 exited id=n up=-4', 'job-1 exited id=n up=-4'],
      [['service_update_completed'], []],
    ],
  ])(
    'under %s it must be completed by the new run, not by the end of the old one',
    (restart, moments, expected) => {
      expect(rollouts(story(restart, moments))).toEqual([...AS_BEGUN, ...expected]);
    },
  );

  test.each([
    ['"no"', 'job-1 exited exit=3 id=n up=-4'],
    ['"on-failure:2"', 'job-1 exited exit=3 restarts=2 id=n up=-4'],
  ])(
    'under %s a run that fails must be told as its failure, once, and nothing as rolled back',
    (restart, docker) => {
      const scenes = story(restart, [docker, docker]);
      expect(rollouts(scenes)).toEqual([...AS_BEGUN, ['service_update_failed'], []]);
      expect(factsOf(scenes, 'service_update_failed')).toMatchObject({
        message: expect.stringContaining('exited 3'),
      });
    },
  );

  test.each([
    ['an image that cannot be had', 'job: {image: job:2, restart: "no", pull_policy: never}'],
    [
      'a dependency that is not met',
      'bus: {image: bus:1, replicas: 0}\njob: {image: job:2, restart: "no", depends_on: [bus]}',
    ],
  ])('%s must be no end of it', (_, manifests) => {
    const scenes = story('"no"', []).map((scene, index) => {
      const docker = index < 2 ? (scene.docker ?? '') : '';
      return {
        ...scene,
        manifests,
        docker,
        ...(index < 2 ? {} : { images: { 'job:2': 'missing' as const } }),
      };
    });
    expect(rollouts(scenes)).toEqual(AS_BEGUN);
  });
});

describe('contract 5: a rollout that is given up', () => {
  const NEW = WEB.replace('web:1', 'web:2');
  const BEGUN = [
    at(1000, 'web-1 other running healthy id=o', { manifests: NEW }),
    at(1001, 'web-1-old other exited id=o\nweb-1 running starting id=n', { manifests: NEW }),
  ];

  test.each([
    ['replicas: 0', NEW.replace('{image', '{replicas: 0, image')],
    ['its manifest gone', 'lone: {image: lone:1}'],
  ])('%s in its midst must be neither its end nor its failure', (_, manifests) => {
    const going = ['web-1-old other exited id=o\nweb-1 exited id=n', 'web-1-old other exited id=o', ''];
    const scenes = [...BEGUN, ...going.map((docker, index) => at(1002 + index, docker, { manifests }))];
    expect(rollouts(scenes)).toEqual([[], ['service_update_started'], [], [], []]);
  });

  test('an edit that is taken back before its container ever ran must be no update that was completed', () => {
    const scenes = [
      at(1000, 'web-1-old other exited id=o', { manifests: NEW }),
      at(1001, 'web-1-old running healthy id=o'),
      at(1002, 'web-1 running healthy id=o'),
    ];
    expect(rollouts(scenes)).toEqual([[], [], []]);
  });
});
