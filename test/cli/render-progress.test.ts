import { expect, test } from 'vitest';
import { plainPaint } from '../../src/cli/paint.js';
import { createProgressView } from '../../src/cli/progress-view.js';
import { type ProgressBlock, renderBlock } from '../../src/cli/render-progress.js';
import type { StepProgress } from '../../src/controller/ports.js';
import { sampleStatus } from '../support/samples.js';
import { createFakeTerminal } from './support/fake-terminal.js';

const starting = sampleStatus('stt', { state: 'starting', sync: 'OutOfSync', health: 'Progressing' });
const start: StepProgress['step'] = {
  verb: 'start',
  object: 'container stt-1',
  service: 'stt',
  slot: 1,
  cause: 'created, not yet started',
};
const block: ProgressBlock = {
  statuses: [starting, sampleStatus('web')],
  running: [{ step: start, detail: '' }],
  ...{ frame: 0, columns: 80, rows: 20, paint: plainPaint },
};

test('each service must have one line with its state and the steps under way', () => {
  expect(renderBlock(block)).toEqual([
    '⠋ stt      ◐ starting     … Progressing  start container stt-1',
    '✓ web      ● running      ✓ Healthy',
  ]);
});

test('a step of no shown service must have a line of its own', () => {
  const network = { ...start, verb: 'create', object: 'network n', service: null, cause: 'missing' } as const;
  expect(renderBlock({ ...block, statuses: [], running: [{ step: network, detail: '' }] })).toEqual([
    '⠋ create network n  missing',
  ]);
});

test('no line may be longer than the screen, and what is not settled must be shown first', () => {
  const many = Array.from({ length: 30 }, (_, index) => sampleStatus(`good${index}`));
  const wordy = { ...starting, message: 'x'.repeat(300) };
  const lines = renderBlock({ ...block, statuses: [...many, wordy], running: [], rows: 5, columns: 60 });
  expect(lines.map((line) => [...line].length).every((length) => length <= 60)).toBe(true);
  expect(lines).toHaveLength(5);
  expect(lines.some((line) => line.includes('stt'))).toBe(true);
  expect(lines.at(-1)).toBe('  … and 27 more');
});

test.each(Array.from({ length: 79 }, (_, index) => index + 2))(
  'on a screen of %i columns no line may be longer than it',
  (columns) => {
    const wordy = {
      ...sampleStatus('a-service-with-a-long-name', { state: 'starting', health: 'Degraded' }),
      message: 'x'.repeat(99),
    };
    for (const line of renderBlock({ ...block, statuses: [...block.statuses, wordy], columns }))
      expect([...line].length).toBeLessThanOrEqual(columns);
  },
);

test('a narrow screen must keep the names, and of the rest what has room', () => {
  const narrow = (columns: number): readonly string[] => renderBlock({ ...block, columns });
  expect(narrow(40)).toEqual([
    '⠋ stt      ◐ starting     … Progressing',
    '✓ web      ● running      ✓ Healthy',
  ]);
  expect(narrow(39)).toEqual(['⠋ stt      ◐ starting', '✓ web      ● running']);
  expect(narrow(10)).toEqual(['⠋ stt', '✓ web']);
});

const step = (phase: StepProgress['phase'], detail = ''): StepProgress => ({ step: start, phase, detail });

test('without a terminal each step must be one plain line as it begins, and a failure one on stderr', () => {
  const terminal = createFakeTerminal();
  const view = createProgressView(terminal, true);
  for (const each of [step('started'), step('progress', '50%'), step('failed', 'no\nmemory')])
    view.onStep(each);
  view.draw([starting]);
  view.end();
  expect(terminal.out()).toBe('start container stt-1  created, not yet started\n');
  expect(terminal.err()).toBe('failed: start container stt-1: no memory\n');
});

test('NO_COLOR must give plain lines on a terminal too', () => {
  const terminal = createFakeTerminal({ isTty: true, environment: { NO_COLOR: '1' } });
  const view = createProgressView(terminal, true);
  view.onStep(step('started'));
  view.draw([starting]);
  view.end();
  expect(terminal.out()).toBe('start container stt-1  created, not yet started\n');
});

test('on a terminal the block must be redrawn in its place, and the cursor come back', () => {
  const terminal = createFakeTerminal({ isTty: true });
  const view = createProgressView(terminal, true);
  view.draw([starting]);
  view.draw([sampleStatus('stt')]);
  view.end();
  expect(terminal.out().split('\u001b[1A\r\u001b[0J')).toHaveLength(3);
  expect(terminal.out().endsWith('\u001b[?25h')).toBe(true);
});
