// Owns: that no text from a manifest or from Docker can do more to a terminal than be read.
import { afterEach, describe, expect, test } from 'vitest';
import { renderBelongings } from '../../src/cli/down.js';
import { plainPaint } from '../../src/cli/paint.js';
import { createProgressView } from '../../src/cli/progress-view.js';
import { renderDot, renderGraphJson, renderGraphText, renderMermaid } from '../../src/cli/render-graph.js';
import { renderPlan, renderPlanJson } from '../../src/cli/render-plan.js';
import { renderBlock } from '../../src/cli/render-progress.js';
import { renderUnsettled } from '../../src/cli/render-unsettled.js';
import { graphBelow, graphOf } from '../../src/cli/service-graph.js';
import { renderReading } from '../../src/cli/status.js';
import { renderWorkflowCommands } from '../../src/cli/validate.js';
import type { Plan } from '../../src/model/plan.js';
import type { Problem } from '../../src/model/problem.js';
import type { ServiceStatus } from '../../src/model/status.js';
import { pass, planOf, type Scene } from '../support/decision.js';
import { sampleStatus } from '../support/samples.js';
import { createFakeTerminal, type } from './support/fake-terminal.js';
import { createManifestFolder, type ManifestFolder, serviceText } from './support/manifest-folder.js';

/** Clears the screen, sets its title, breaks the line, turns what follows, and hides. */
const HOSTILE =
  'a\u001b[2J\u001b]0;owned\u0007\r\nb\u0000\u007f\u009b31m\u202e\u2066\u061c\u200b\ufeff\u2028\u{e0041}c';
/** As a name is written: every sign that is not printed is an escape. */
const NAME =
  'a\\u001b[2J\\u001b]0;owned\\u0007\\r\\nb\\u0000\\u007f\\u009b31m\\u202e\\u2066\\u061c\\u200b\\ufeff\\u2028\\u{e0041}c';
/** What a manifest may hold: a NUL is an error. */
const DECLARED = HOSTILE.replace('\u0000', '');
const UNPRINTED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Lines of a command must be as many as it meant, and hold nothing that is not printed. */
function expectHarmless(lines: readonly string[], count: number): void {
  expect(lines.filter((line) => UNPRINTED.test(line))).toEqual([]);
  expect(lines).toHaveLength(count);
}
const VIEW = { service: undefined, form: 'text', onlyProblems: false, paint: plainPaint } as const;
const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

describe('a plan must be harmless whatever its names, causes and messages hold', () => {
  const summary = { create: 1, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 };
  const plan: Plan = {
    steps: [{ verb: 'create', object: `container ${HOSTILE}`, service: HOSTILE, slot: 1, cause: HOSTILE }],
    waiting: [{ service: HOSTILE, reason: 'DependencyNotFound', message: HOSTILE }],
    summary,
  };

  test('as text: one line a step and one for each that waits, names written out', () => {
    const lines = renderPlan(plan, plainPaint);
    expectHarmless(lines, 3);
    expect(lines[0]).toMatch(`create container ${NAME}  a b`);
    expect(lines[1]).toMatch(`wait service ${NAME}  DependencyNotFound: a b`);
  });

  test('as JSON: one line, and the same values to whoever parses it', () => {
    const text = renderPlanJson(plan);
    expectHarmless(linesOf(text), 1);
    expect(JSON.parse(text)).toEqual(plan);
  });

  test('made of a container that was renamed from outside, and of the name of one of somebody else', () => {
    const name = HOSTILE.replaceAll(/\s/g, '');
    const scene: Scene = {
      manifests: '{bus: {image: bus:1}, web: {image: web:1, volumes: ["data:/data"]}, volumes: {data: {}}}',
      docker: `bus-1 running named=${name}\nweb-1 created error=${name}`,
      others: [{ name: HOSTILE, writes: ['alicia_data'] }],
    };
    const made = planOf(scene);
    const told = renderPlan(made, plainPaint);
    expectHarmless(told, 3);
    expect(told[0]).toMatch(/^rename container bus-1 {2}is named ab/);
    expect(told[1]).toMatch(/^wait service web {2}HeldByOther: container ab? b/);
    expectHarmless(linesOf(renderPlanJson(made)), 1);
    expectHarmless(
      linesOf(renderReading({ statuses: [pass(scene).facts('web')], problems: [], source: '' }, VIEW)),
      3,
    );
  });
});

describe('a graph must be harmless whatever its names hold', () => {
  const AWKWARD = `${HOSTILE}"]; x --> y <b>\`#quot;\\`;
  const edge = { service: AWKWARD, condition: 'service_started', required: true } as const;
  const graph = graphOf([
    { name: 'web', priority: 1, dependsOn: [edge] },
    { name: AWKWARD, priority: 1, dependsOn: [] },
  ]);

  test('as text: one line a service', () => {
    expectHarmless(renderGraphText(graph), 2);
  });

  test('as Mermaid: a label must not end before its end, nor be read as HTML or Markdown', () => {
    const lines = renderMermaid(graph);
    expectHarmless(lines, 4);
    const [label] = lines.flatMap((line) => /^ {2}s1\["(.*)"\]$/.exec(line)?.[1] ?? []);
    expect(label).toMatch(/^(?:[\p{L}\p{N} _.:/@-]|#\d+;)+$/u);
    const read = label?.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    expect(read).toBe(AWKWARD.replace(HOSTILE, NAME));
  });

  test('as Graphviz: a quoted name must not end before its end', () => {
    const lines = renderDot(graph);
    expectHarmless(lines, 6);
    const quoted = /^ {2}"((?:[^"\\]|\\["\\])*)";$/.exec(lines[2] ?? '')?.[1];
    expect(quoted?.replace(/\\(["\\])/g, '$1')).toBe(AWKWARD.replace(HOSTILE, NAME));
  });

  test('as JSON: one line, and the same values to whoever parses it', () => {
    const lines = renderGraphJson(graph);
    expectHarmless(lines, 1);
    expect(JSON.parse(lines.join('')).services[0].service).toBe(AWKWARD);
  });

  test('nor must a service that is not there be answered with more than a line', () => {
    const near = graphOf([{ name: 'we\u001bb', priority: 1, dependsOn: [] }]);
    expect(() => graphBelow(near, 'web')).toThrow('did you mean "we\\u001bb"?');
  });
});

describe('the graph command must be harmless', () => {
  let folder: ManifestFolder;
  afterEach(() => folder?.remove());

  test.each(['text', 'mermaid', 'dot', 'json'])('with hostile names in manifests, as %s', async (form) => {
    const spec = JSON.stringify({ image: 'a', description: DECLARED, optional_deps: [DECLARED] });
    const bad = JSON.stringify({ image: DECLARED });
    folder = createManifestFolder({
      'a.yaml': serviceText('web', `  ${spec}`) + serviceText('bad', `  ${bad}`),
    });
    const { out, err } = await type(`graph -o ${form} --manifests ${folder.path}`);
    expect(out).toContain('owned');
    expect(err).toContain('not the name of an image');
    expect(linesOf(`${out}${err}`).filter((line) => UNPRINTED.test(line))).toEqual([]);
  });
});

test.each([
  ['a word that was typed', 'graph a\u001b[2J\u202eb', 'no manifest declares a service "a·[2J·b"'],
  ['what the way to Docker said', 'plan --docker-host unix:///no/a\u001b[2J\u202eb', 'alicia: Docker: '],
])('what ends a command must be harmless: %s', async (_, line, told) => {
  const folder = createManifestFolder({ 'a.yaml': serviceText('web', '  image: a') });
  const { code, err } = await type(`${line} --manifests ${folder.path}`);
  folder.remove();
  expect([code, err]).toEqual([1, expect.stringContaining(told)]);
  expect(linesOf(err).filter((each) => UNPRINTED.test(each))).toEqual([]);
});

/** A status every text of which is hostile, but for words of closed sets. */
function hostileStatus(): ServiceStatus {
  const closed = new Set(['state', 'sync', 'health', 'health_status', 'reason', 'type', 'status']);
  const text = JSON.stringify(
    sampleStatus('web', { message: 'm', description: 'd', stack: 's', sync: 'OutOfSync' }),
  );
  const status: ServiceStatus = JSON.parse(text, (key, value) =>
    typeof value === 'string' && !closed.has(key) ? HOSTILE : value,
  );
  const [instance] = status.instances;
  if (instance === undefined) throw new Error('no instance');
  const names = { waiting_for: [HOSTILE], required_by: [HOSTILE], optional_deps: [HOSTILE] };
  return { ...status, ...names, instances: [{ ...instance, ports: { [HOSTILE]: 80 } }] };
}

describe('a status must be harmless whatever its texts hold', () => {
  const problem: Problem = {
    ...{ code: 'BAD_VALUE', severity: 'error', line: 1, column: 1 },
    ...{ file: HOSTILE, message: HOSTILE, service: null },
  };
  const reading = { statuses: [hostileStatus()], problems: [problem], source: '' };

  test.each([
    ['text', 4],
    ['wide', 4],
    ['json', 1],
    ['name', 1],
  ] as const)('as %s', (form, count) => {
    expectHarmless(linesOf(renderReading(reading, { ...VIEW, form })), count);
  });

  test('of one service', () => {
    const lines = linesOf(renderReading(reading, { ...VIEW, form: 'text', service: HOSTILE }));
    expectHarmless(lines, 25);
    expect(JSON.parse(renderReading(reading, { ...VIEW, form: 'json', service: HOSTILE }))).toEqual(
      hostileStatus(),
    );
  });

  test('in the last words of a command that did not converge', () => {
    expectHarmless(renderUnsettled([hostileStatus()]), 1);
  });

  test('in the annotations of a workflow', () => {
    const none = { manifests: 0, services: 0, foreign: 0, sources: new Map() };
    const needs = { services: 1, allow: HOSTILE };
    expectHarmless(renderWorkflowCommands({ ...none, problems: [problem], needs }), 3);
  });
});

describe('progress must be harmless whatever its texts hold', () => {
  const step = {
    verb: 'pull',
    object: `image ${HOSTILE}`,
    service: HOSTILE,
    slot: null,
    cause: HOSTILE,
  } as const;

  test('redrawn', () => {
    const block = { frame: 0, columns: 400, rows: 20, paint: plainPaint };
    const shared = { step: { ...step, service: null }, detail: HOSTILE };
    const running = [{ step, detail: HOSTILE }, shared];
    expectHarmless(renderBlock({ ...block, statuses: [hostileStatus()], running }), 2);
  });

  test('as plain lines, of steps that begin and of those that fail', () => {
    const terminal = createFakeTerminal();
    const shown = createProgressView(terminal, false);
    shown.onStep({ step, phase: 'started', detail: '' });
    shown.onStep({ step, phase: 'failed', detail: HOSTILE });
    expectHarmless(linesOf(terminal.out()), 1);
    expectHarmless(linesOf(terminal.err()), 1);
  });

  test('before everything is removed', () => {
    const names = [HOSTILE];
    expectHarmless([renderBelongings({ containers: names, networks: names, volumes: names })], 1);
  });
});
