// Owns: what is published and logged of events, manifests and steps.
import { describe, expect, test } from 'vitest';
import { createTeller } from '../../src/controller/teller.js';
import type { Event, EventDraft } from '../../src/model/event.js';
import type { PlannedStep } from '../../src/model/plan.js';
import type { Problem } from '../../src/model/problem.js';
import type { Outcome } from '../../src/model/step.js';
import { parseDesired } from '../support/decision-desired.js';
import { createSilentLog } from '../support/silent-log.js';
import { createSimulatedFiles } from '../support/simulation/files.js';
import { OPTIONS } from '../support/simulation/settings.js';
import { createVirtualClock, WALL_START_MS } from '../support/simulation/virtual-clock.js';
import { createWorld } from '../support/simulation/world.js';

/** A teller at revision `r7`; what it publishes and logs is kept. */
function telling() {
  const clock = createVirtualClock();
  const log = createSilentLog();
  const events: Event[] = [];
  const publisher = { publishEvent: (event: Event) => void events.push(event), publishStatus: () => {} };
  let ids = 0;
  const createId = (): string => {
    ids += 1;
    return `id-${ids}`;
  };
  const { port } = createWorld(1).engine;
  const outside = { engine: port, files: createSimulatedFiles(clock), publisher, clock, log, createId };
  const teller = createTeller({ ...OPTIONS, ...outside }, () => 'r7');
  const lines = (): readonly string[] => log.lines.map(({ level, message }) => `${level} ${message}`);
  return { teller, clock, log, events, lines };
}

const RESTORED: EventDraft = { type: 'engine_restored', facts: { message: 'it answers' }, cause: 'engine' };
const LOST: EventDraft = { type: 'engine_lost', facts: { message: 'gone' }, cause: 'engine' };

describe('events', () => {
  test('every event must be stamped with its own id, the time, the revision, and whose it is', async () => {
    const { teller, clock, events } = telling();
    await clock.advance(1_500);
    teller.tell([RESTORED, LOST]);
    expect(events).toMatchObject([
      { id: 'id-1', event_type: 'engine_restored', instance: 'box', project: 'alicia' },
      { id: 'id-2', event_type: 'engine_lost', timestamp: (WALL_START_MS + 1_500) / 1000 },
    ]);
    expect(events[0]?.event_data).toEqual({ message: 'it answers', cause: 'engine', revision: 'r7' });
  });

  test('every event must be logged with its facts, a bad one as a warning', () => {
    const { teller, log } = telling();
    teller.tell([RESTORED, LOST]);
    expect(log.lines).toEqual([
      {
        level: 'info',
        facts: { event: 'engine_restored', message: 'it answers' },
        message: 'engine_restored',
      },
      { level: 'warn', facts: { event: 'engine_lost', message: 'gone' }, message: 'engine_lost' },
    ]);
  });

  test('what `service_failed` has said must be published for the listeners of errors, and not be logged twice', () => {
    const { teller, events, lines } = telling();
    const facts = { error: 'no', service_name: 'web', category: 'health' } as const;
    teller.tell([{ type: 'orchestration_errors', facts, cause: 'engine' }, RESTORED]);
    expect(events.map(({ event_type }) => event_type)).toEqual(['orchestration_errors', 'engine_restored']);
    expect(lines()).toEqual(['info engine_restored']);
  });
});

describe('7.4 manifests', () => {
  const problemOf = (severity: Problem['severity'], service: string | null): Problem => ({
    ...{ code: 'BAD_VALUE', severity, file: 'web.yaml', line: 1, column: 1, message: 'no', service },
  });
  const BAD = problemOf('error', 'web');
  const WARNING = problemOf('warning', 'api');
  const withProblems = (...problems: readonly Problem[]) => ({
    ...parseDesired('web: {image: web:1}'),
    problems,
  });

  test('7.4 a change must be told with all problems and whom it concerns, and whether it is the first', () => {
    const { teller, events } = telling();
    teller.tellOfManifests(withProblems(WARNING), ['api', 'web'], true);
    teller.tellOfManifests(withProblems(), [], false);
    expect(events.map(({ event_type, event_data }) => ({ event_type, ...event_data }))).toEqual([
      {
        ...{ event_type: 'manifests_changed', problems: [WARNING], services: ['api', 'web'] },
        ...{ cause: 'start', revision: 'r7' },
      },
      {
        ...{ event_type: 'manifests_changed', problems: [], services: [] },
        ...{ cause: 'manifests', revision: 'r7' },
      },
    ]);
  });

  test('7.4 errors must be told as a rejection, with each service once, and with no warning among them', () => {
    const { teller, events } = telling();
    const whole = problemOf('error', null);
    teller.tellOfManifests(withProblems(BAD, WARNING, { ...BAD, line: 2 }, whole), [], false);
    expect(events[1]).toMatchObject({
      event_type: 'manifest_rejected',
      event_data: { problems: [BAD, { ...BAD, line: 2 }, whole], services: ['web'], cause: 'manifests' },
    });
  });

  test('7.4 a rejection must be told again only when the errors are others, or came back', () => {
    const { teller, events } = telling();
    const rejections = (): number =>
      events.filter(({ event_type }) => event_type === 'manifest_rejected').length;
    const steps = [[BAD], [BAD], [BAD, WARNING], [{ ...BAD, line: 9 }], [], [{ ...BAD, line: 9 }]];
    const counts = steps.map((problems) => {
      teller.tellOfManifests(withProblems(...problems), [], false);
      return rejections();
    });
    expect(counts).toEqual([1, 1, 1, 2, 2, 3]);
  });
});

describe('steps', () => {
  const step: PlannedStep = {
    ...{ verb: 'start', object: 'container web-1', service: 'web', slot: 1, cause: 'asked for' },
  };
  const failure = { code: 'engine', message: 'no such device', status: 500 } as const;
  test.each<readonly [string, Outcome, string, object]>([
    ['done', { kind: 'done' }, 'info start container web-1  asked for', step],
    [
      'failed',
      { kind: 'failed', failure },
      'warn start container web-1  asked for: no such device',
      { ...step, ...failure },
    ],
    [
      'unknown',
      { kind: 'unknown', message: 'no answer' },
      'warn start container web-1  asked for: no answer',
      step,
    ],
  ])('a step that is %s must be logged as that, with its cause', (_, outcome, line, facts) => {
    const { teller, log, lines } = telling();
    teller.tellOfStep(step, outcome);
    expect(lines()).toEqual([line]);
    expect(log.lines[0]?.facts).toEqual(facts);
  });
});
