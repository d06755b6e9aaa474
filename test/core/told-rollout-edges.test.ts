// Owns: that a rollout is told as begun, completed, failed or rolled back where it is so, and not where it only looks so.
import { describe, expect, test } from 'vitest';
import type { EventDraft } from '../../src/model/event.js';
import { story } from '../support/decision.js';
import { OTHER_SPECS } from '../support/decision-observed.js';

const web = (fields = ''): string =>
  `web: {image: web:2, healthcheck: {test: [CMD, ok]}${fields === '' ? '' : `, ${fields}`}}`;
const OLD = 'web-1 other running healthy id=o';
const ASIDE = 'web-1-old other exited id=o';
const EVIDENCE = 'web-1-failed exited exit=1 id=n';

/** What each moment, one a second, says of rollouts. */
const tale = (...told: Parameters<typeof story>): readonly (readonly EventDraft[])[] =>
  story(...told).map((events) => events.filter(({ type }) => /update|rolled/.test(type)));

const typesOf = (told: readonly (readonly EventDraft[])[]): readonly (readonly string[])[] =>
  told.map((events) => events.map(({ type }) => type));
const lastOf = (told: readonly (readonly EventDraft[])[]): readonly (readonly [string, unknown])[] =>
  (told.at(-1) ?? []).map(({ type, facts }) => [type, facts] as const);

describe('contract 5: the beginning of a rollout', () => {
  test('an old one that was kept aside must be told as one, though it runs and nothing is beside it', () => {
    const told = tale(web(), OLD, OLD.replace('web-1', 'web-1-old'));
    expect(typesOf(told)).toEqual([[], ['service_update_started']]);
  });

  test('evidence of a spec that is no longer wanted must be none', () => {
    const well = 'web-1 running healthy';
    expect(typesOf(tale(web(), well, `${well}\nweb-1-failed other exited id=f`, well))).toEqual([[], [], []]);
  });
});

describe('contract 5: the good end of a rollout', () => {
  test('it must be told with both specs', () => {
    const told = tale(web(), OLD, `${ASIDE}\nweb-1 running starting id=n`, 'web-1 running healthy id=n');
    expect(lastOf(told)).toEqual([
      [
        'service_update_completed',
        {
          service_name: 'web',
          from: OTHER_SPECS.other,
          to: expect.stringMatching(/^v1:/),
          message: 'web is updated',
        },
      ],
    ]);
  });

  const two = (policy: string): string => web(`replicas: 2, deploy: {update_config: {${policy}}}`);
  const BEGUN = [
    'web-1 other running healthy id=o\nweb-2 other running healthy id=p',
    'web-1-old other exited id=o\nweb-1 running starting id=n\nweb-2 other running healthy id=p',
  ] as const;
  const SICK = 'web-1 running unhealthy id=n\nweb-2 running healthy id=m';

  test.each([
    ['failure_action: continue', SICK, ['service_update_completed']],
    ['max_failure_ratio: 0.5', SICK, ['service_update_completed']],
    ['failure_action: rollback', SICK, []],
    ['failure_action: continue', SICK.replace('unhealthy', 'starting'), []],
  ])('under %s one that is not well must count as its policy says: %s', (policy, docker, expected) => {
    expect(typesOf(tale(two(policy), ...BEGUN, docker))).toEqual([[], ['service_update_started'], expected]);
  });

  test('replicas: 0 must end the tale of a rollout: what comes later is no end of it', () => {
    const gone = { manifests: web('replicas: 0'), docker: '' };
    const told = tale(
      web(),
      OLD,
      `${ASIDE}\nweb-1 running starting id=n`,
      gone,
      '',
      'web-1 running healthy id=m',
    );
    expect(typesOf(told)).toEqual([[], ['service_update_started'], [], [], []]);
  });
});

describe('contract 5: the rollout of what runs to an end', () => {
  const job = (fields: string): string => `job: {image: job:2, restart: "no"${fields}}`;

  test('a failed run must be its failure, whatever the update policy puts up with', () => {
    const told = tale(
      job(', deploy: {update_config: {failure_action: continue}}'),
      'job-1 other running id=o',
      'job-1 other exited id=o',
      'job-1 running id=n',
      'job-1 exited exit=3 id=n',
    );
    expect(typesOf(told)).toEqual([[], ['service_update_started'], [], ['service_update_failed']]);
  });

  test('a run that could not be begun must be no failure of it', () => {
    const told = tale(
      job(''),
      'job-1 other running id=o',
      'job-1 other exited id=o',
      'job-1 created error=no_such_device id=n',
      'job-1 exited id=n up=-4',
    );
    expect(typesOf(told)).toEqual([[], ['service_update_started'], [], ['service_update_completed']]);
  });
});

describe('contract 5: a rollback', () => {
  const BEGUN = [OLD, `${ASIDE}\nweb-1 running starting id=n`] as const;
  const BACK = OLD.replace('id=o', 'id=o up=-4');

  test('it must name what serves again, whatever else is there', () => {
    const others = 'web-2 running healthy id=q\nweb-3-failed other2 exited id=f';
    const told = tale(
      web('replicas: 3'),
      `${others}\n${ASIDE}\nweb-1 running starting id=n`,
      `${others}\n${EVIDENCE}\n${ASIDE}`,
      `${others}\n${EVIDENCE}\n${BACK}`,
    );
    expect(lastOf(told)).toEqual([
      ['service_rolled_back', expect.objectContaining({ service_name: 'web', to: OTHER_SPECS.other })],
    ]);
    const { from } = (told.at(-1)?.[0]?.facts ?? {}) as { from?: string };
    expect(from).toMatch(/^v1:/);
    expect(from).not.toBe(OTHER_SPECS.other);
  });

  test('it must not be told before the old one has its name back', () => {
    const early = `web-1-old other running healthy id=o up=-4\n${EVIDENCE}`;
    expect(typesOf(tale(web(), ...BEGUN, early, `${BACK}\n${EVIDENCE}`)).slice(2)).toEqual([
      ['service_update_failed'],
      ['service_rolled_back'],
    ]);
  });

  test('with no old one left it must not be told: nothing serves again', () => {
    expect(typesOf(tale(web(), ...BEGUN, EVIDENCE, EVIDENCE)).slice(2)).toEqual([
      ['service_update_failed'],
      [],
    ]);
  });

  test('one that maintenance hides must be told with its reason, when that is over', () => {
    const hidden = { manifests: web('maintenance: true'), docker: `${BACK}\n${EVIDENCE}` };
    const told = tale(web(), ...BEGUN, `${ASIDE}\n${EVIDENCE}`, hidden, `${BACK}\n${EVIDENCE}`);
    expect(typesOf(told).slice(2)).toEqual([['service_update_failed'], [], ['service_rolled_back']]);
    expect(lastOf(told)[0]?.[1]).toMatchObject({
      message: expect.stringContaining('the declared spec did not become ready'),
    });
  });
});
