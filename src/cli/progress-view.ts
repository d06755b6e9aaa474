/**
 * Shows progress: redrawn on a terminal, as plain lines elsewhere.
 * Owns: the cursor. Must not know: where progress comes from, when it ends.
 */
import type { StepProgress } from '../controller/ports.js';
import { printable } from '../model/printable.js';
import type { ServiceStatus } from '../model/status.js';
import { oneLine, paintFor } from './paint.js';
import { renderStep } from './render-plan.js';
import { type RunningStep, renderBlock } from './render-progress.js';
import { hasColor, type Terminal } from './terminal.js';

/** A view of progress. */
export interface ProgressView {
  onStep(progress: StepProgress): void;
  /** Shows the present state; call it several times a second. */
  draw(statuses: readonly ServiceStatus[]): void;
  /** Leaves what stands there, and the cursor below it. */
  end(): void;
}

/** Redrawn where the cursor can be moved, and nothing else (such as a log) is written to the same screen. */
export function createProgressView(terminal: Terminal, isScreenOurs: boolean): ProgressView {
  const isLive = isScreenOurs && hasColor(terminal.stdout, terminal.environment);
  return isLive ? liveView(terminal) : plainView(terminal);
}

/** `<verb> <object>  <cause>` for each step as it begins; failures on stderr. */
function plainView({ stdout, stderr, environment }: Terminal): ProgressView {
  const paint = paintFor(stdout, environment);
  return {
    onStep: ({ step, phase, detail }) => {
      if (phase === 'started') stdout.write(`${renderStep(step, paint)}\n`);
      if (phase === 'failed') stderr.write(`${failureLine(step, detail)}\n`);
    },
    draw: () => {},
    end: () => {},
  };
}

const failureLine = ({ verb, object }: StepProgress['step'], detail: string): string =>
  `failed: ${verb} ${printable(object)}: ${oneLine(detail)}`;

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[0J';
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A\r`);

function liveView({ stdout, environment }: Terminal): ProgressView {
  const paint = paintFor(stdout, environment);
  const running = new Map<string, RunningStep>();
  let drawn = 0;
  let frame = 0;
  let isHidden = false;
  let above: string[] = [];
  let last: readonly ServiceStatus[] = [];

  const draw = (statuses: readonly ServiceStatus[]): void => {
    last = statuses;
    frame += 1;
    const { columns, rows } = stdout;
    const block = { statuses, running: [...running.values()], frame, columns, rows: rows - 1, paint };
    const lines = renderBlock(block);
    const text = [...above, ...lines].map((line) => `${line}\n`).join('');
    stdout.write(`${isHidden ? '' : HIDE_CURSOR}${up(drawn)}${CLEAR_BELOW}${text}`);
    isHidden = true;
    above = [];
    drawn = lines.length;
  };

  return {
    onStep: ({ step, phase, detail }) => {
      const key = `${step.verb} ${step.object}`;
      if (phase === 'done' || phase === 'failed') running.delete(key);
      else running.set(key, { step, detail });
      if (phase === 'failed') above.push(paint.bad(failureLine(step, detail)));
    },
    draw,
    end: () => {
      running.clear();
      draw(last);
      stdout.write(SHOW_CURSOR);
    },
  };
}
