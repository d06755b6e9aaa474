import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import eventSchema from '../../schemas/event.schema.json' with { type: 'json' };
import statusSchema from '../../schemas/status.schema.json' with { type: 'json' };
import { stampEvent } from '../../src/core/stamp.js';
import { EVENT_TYPES, type EventDraft } from '../../src/model/event.js';
import { PROBLEM_CODES } from '../../src/model/problem.js';
import { REASONS, STATES } from '../../src/model/status.js';
import { sampleDrafts, sampleStatus } from '../support/samples.js';

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
addFormatsModule.default(ajv);
const isEvent = ajv.compile(eventSchema);
const isStatus = ajv.compile(statusSchema);

const stamped = (draft: EventDraft) =>
  stampEvent(draft, {
    id: '01J00000000000000000000000',
    wallMs: 1_769_860_800_250,
    instance: 'box',
    project: 'alicia',
    revision: 'abc',
  });
const draftOf = (type: EventDraft['type']): EventDraft => {
  const draft = sampleDrafts.find((each) => each.type === type);
  if (draft === undefined) throw new Error(`no sample of ${type}`);
  return draft;
};

describe('event.schema.json', () => {
  test('its types must be exactly those of the program, each with facts of its own', () => {
    expect(eventSchema.properties.event_type.enum).toEqual(EVENT_TYPES);
    expect(eventSchema.$defs.problem.properties.code.enum).toEqual(PROBLEM_CODES);
  });

  test.each(sampleDrafts.map((draft) => [draft.type, draft] as const))(
    'an event of the program must be valid: %s',
    (_, draft) => {
      isEvent(stamped(draft));
      expect(isEvent.errors ?? []).toEqual([]);
    },
  );

  test.each(sampleDrafts.map((draft) => [draft.type, draft] as const))(
    'facts that are missing, of another type or too many must be invalid: %s',
    (_, draft) => {
      const event = stamped(draft);
      for (const name of Object.keys(event.event_data)) {
        const { [name]: taken, ...rest } = event.event_data;
        expect(isEvent({ ...event, event_data: rest })).toBe(false);
        const wrong = typeof taken === 'boolean' ? 'x' : true;
        expect(isEvent({ ...event, event_data: { ...rest, [name]: wrong } })).toBe(false);
      }
      expect(isEvent({ ...event, event_data: { ...event.event_data, more: 1 } })).toBe(false);
    },
  );

  test('an unknown type and a broken envelope must be invalid', () => {
    const event = stamped(draftOf('engine_lost'));
    expect(isEvent({ ...event, event_type: 'something_else' })).toBe(false);
    for (const name of Object.keys(event)) {
      const { [name as keyof typeof event]: _, ...rest } = event;
      expect(isEvent(rest)).toBe(false);
    }
    expect(isEvent({ ...event, id: 'short' })).toBe(false);
    expect(isEvent({ ...event, time: 'yesterday' })).toBe(false);
  });

  test('the fields of the seed must stand at top level where it has them, and nowhere else', () => {
    for (const draft of sampleDrafts) {
      const event = stamped(draft);
      const isError = draft.type === 'orchestration_errors';
      const isRecovery = draft.type === 'recovery';
      expect(isEvent({ ...event, error: 'x' })).toBe(isError);
      expect(isEvent({ ...event, status: 'recovered' })).toBe(isRecovery);
      expect(isEvent({ ...event, service_name: 'web' })).toBe(isError || isRecovery);
    }
    const { service_name: _, ...bare } = stamped(draftOf('recovery'));
    expect(isEvent(bare)).toBe(false);
  });
});

describe('status.schema.json', () => {
  test('its words must be exactly those of the program', () => {
    expect(statusSchema.properties.state.enum).toEqual(STATES);
    expect(statusSchema.$defs.instance.properties.state.enum).toEqual(STATES);
    expect(statusSchema.properties.reason.enum).toEqual([...REASONS, null]);
    expect(statusSchema.$defs.condition.properties.reason.enum).toEqual([...REASONS, '']);
  });

  test('a status of the program must be valid, good or bad', () => {
    isStatus(sampleStatus('web'));
    expect(isStatus.errors ?? []).toEqual([]);
    const bad = sampleStatus('blog-db', {
      stack: 'blog',
      state: 'failed',
      sync: 'OutOfSync',
      health: 'Degraded',
      reason: 'RolledBack',
      message: 'the new one was not ready; held until the spec changes',
      instances: [],
    });
    isStatus(bad);
    expect(isStatus.errors ?? []).toEqual([]);
  });

  test('a field that is missing, of another type or unknown must be invalid', () => {
    const status = sampleStatus('web');
    for (const name of Object.keys(status)) {
      const { [name as keyof typeof status]: _, ...rest } = status;
      expect(isStatus(rest)).toBe(false);
      expect(isStatus({ ...rest, [name]: true })).toBe(false);
    }
    expect(isStatus({ ...status, more: 1 })).toBe(false);
    const [instance] = status.instances;
    for (const name of Object.keys(instance ?? {}))
      expect(isStatus({ ...status, instances: [{ ...instance, [name]: {} }] })).toBe(name === 'ports');
  });
});

test.each([
  ['event', eventSchema],
  ['status', statusSchema],
])('every field must be described: %s', (_, schema) => {
  const bare: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if (name === 'properties' && !path.includes('/allOf/') && typeof value === 'object' && value !== null)
        for (const [field, definition] of Object.entries(value))
          if (typeof definition === 'object' && definition !== null && !('description' in definition))
            bare.push(`${path}/${field}`);
      visit(value, `${path}/${name}`);
    }
  };
  visit(schema, '');
  expect(bare).toEqual([]);
});
