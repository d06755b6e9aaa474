// Owns: that a status is the same whoever gives it: the controller, or a command that looks once.
import { expect, test } from 'vitest';
import type { ServiceStatus } from '../../src/model/status.js';
import { reached } from '../support/simulation/reached.js';
import { STATES } from '../support/simulation/states.js';
import { statusBeside } from '../support/simulation/status-beside.js';

/** Said of the look, not of what is seen. A revision is that of the last change, which only who was there then knows. */
const OF_THE_LOOK: ReadonlySet<string> = new Set([
  'observed_at',
  'last_seen',
  'lastTransitionTime',
  'revision',
]);

/** What one look cannot know, by state: the fields that are others then, and why they cannot be the same. */
const ONLY_REMEMBERED: Readonly<
  Record<string, { readonly fields: readonly string[]; readonly why: string }>
> = {
  'the controller itself looks how it does': {
    fields: ['web.health', 'web.instances', 'web.message', 'web.replicas', 'web.state'],
    why: 'a command that looks once makes no probes, and what could not be told is never healthy',
  },
  'an image cannot be had': {
    fields: ['web.health', 'web.message', 'web.reason', 'web.state'],
    why: 'only who has tried to pull it knows, and a status pulls nothing',
  },
  'a port is taken by another': {
    fields: ['web.health', 'web.message', 'web.reason'],
    why: 'Docker keeps the sentence of the last failed start, but not that it would fail again',
  },
  'a name is taken by another': {
    fields: ['web.health', 'web.message', 'web.reason', 'web.state'],
    why: 'only who has tried to make it was refused the name',
  },
  'it is unhealthy again': {
    fields: ['web.instances', 'web.message', 'web.restarts'],
    why: 'restarts for the sake of health are counted by who makes them, Docker counts its own',
  },
  'all its attempts are used up': {
    fields: ['web.instances', 'web.message', 'web.restarts'],
    why: 'the same count; another process begins with it anew (6.2)',
  },
  'it is stopped by hand, and is not to heal': {
    fields: ['web.health', 'web.message', 'web.reason', 'web.state'],
    why: 'what is found at rest was nobody’s wish to who has not seen it end (6.4): it would be started',
  },
  'a manifest breaks under what runs': {
    fields: ['web.message', 'web.reason', 'web.replicas', 'web.sync'],
    why: 'the last good version is in no file (7.5)',
  },
  'it is required by another and has no manifest': {
    fields: ['db.message', 'db.required_by', 'web.message', 'web.replicas'],
    why: 'who requires it is in error without it, so its last good version is in no file (7.5)',
  },
  'the directory is missing': {
    fields: ['db', 'web'].flatMap((name) =>
      ['message', 'reason', 'replicas', 'sync'].map((field) => `${name}.${field}`),
    ),
    why: 'the last good versions are in no file (7.5)',
  },
  'rolled back': {
    fields: ['web.message'],
    why: 'that it was too late is no end that Docker keeps: its evidence shows the stop that followed',
  },
  'rolled back, stop-first': {
    fields: ['web.instances', 'web.message', 'web.restarts'],
    why: 'the same, and that the old one was started again is counted by who did it',
  },
  'a rollout went on without one': {
    fields: ['web.health', 'web.message', 'web.reason'],
    why: 'a stopped new one without the name of a failed one is judged by who stopped it alone (4.5)',
  },
};

/** The fields of all statuses as texts, by `<service>.<field>`. */
function fieldsOf(statuses: readonly ServiceStatus[]): ReadonlyMap<string, string> {
  const withoutLook = (key: string, value: unknown): unknown => (OF_THE_LOOK.has(key) ? undefined : value);
  return new Map(
    statuses.flatMap((status) =>
      Object.entries(status).map(([field, value]): [string, string] => [
        `${status.service}.${field}`,
        OF_THE_LOOK.has(field) ? '' : JSON.stringify(value, withoutLook),
      ]),
    ),
  );
}

/** Conditions say the three axes and the message once more. */
const isSaidTwice = (field: string, others: readonly string[]): boolean =>
  field.endsWith('.conditions') && others.includes(field.replace(/conditions$/, 'message'));

test.each(Object.entries(STATES))(
  'testing 8: status must be the same with and without a controller: %s',
  async (name, state) => {
    const world = await reached(state);
    const [asked, beside] = [world.controller().services(), await statusBeside(world)].map(fieldsOf);
    const fields = [...new Set([...(asked?.keys() ?? []), ...(beside?.keys() ?? [])])].sort();
    const others = fields.filter((field) => asked?.get(field) !== beside?.get(field));
    const known = ONLY_REMEMBERED[name]?.fields ?? [];
    const sentences = others.map((field) => `${field}: ${asked?.get(field)} | ${beside?.get(field)}`);
    expect(
      others.filter((field) => !isSaidTwice(field, others)),
      sentences.join('\n'),
    ).toEqual(known);
  },
);

test('testing 8: status must be the same in all but few states, and in at least twenty', () => {
  const names = Object.keys(STATES);
  expect(Object.keys(ONLY_REMEMBERED).filter((name) => !names.includes(name))).toEqual([]);
  expect(names.length - Object.keys(ONLY_REMEMBERED).length).toBeGreaterThanOrEqual(20);
});
