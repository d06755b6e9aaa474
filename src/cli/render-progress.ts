/**
 * Progress on a terminal: one line a service, redrawn.
 * Owns: the block of lines. Must not know: cursors, timers, controllers.
 */
import type { PlannedStep } from '../model/plan.js';
import { printable } from '../model/printable.js';
import { isSettled, type ServiceStatus } from '../model/status.js';
import { cutTo, oneLine, type Paint, padTo } from './paint.js';
import { healthCell, stateCell, whatIsWrong } from './render-status.js';

/** A step under way. */
export interface RunningStep {
  readonly step: PlannedStep;
  /** Progress of a pull; empty otherwise. */
  readonly detail: string;
}

/** What the block shows. */
export interface ProgressBlock {
  readonly statuses: readonly ServiceStatus[];
  readonly running: readonly RunningStep[];
  /** Counts up: turns the spinner. */
  readonly frame: number;
  readonly columns: number;
  /** Lines that the block may have. */
  readonly rows: number;
  readonly paint: Paint;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
/** Width of the longest state and health with their symbols. */
const STATE_WIDTH = 13;
const HEALTH_WIDTH = 13;
/** A symbol and a space. */
const MARK_WIDTH = 2;
/** Between columns; a screen too narrow for a column goes without. */
const GAP = '  ';

/** The lines; none is longer than a row of the screen. What is not settled comes first when there are too many. */
export function renderBlock(block: ProgressBlock): readonly string[] {
  const { statuses, running, rows } = block;
  const shared = running.filter(({ step }) => !statuses.some(({ service }) => service === step.service));
  const room = Math.max(1, rows - shared.length - 1);
  const important = [
    ...statuses.filter((each) => !isSettled(each)),
    ...statuses.filter((each) => isSettled(each)),
  ].slice(0, room);
  const shown = statuses.filter((each) => important.includes(each));
  const longest = Math.max(7, ...shown.map(({ service }) => printable(service).length));
  const nameWidth = Math.max(0, Math.min(longest, block.columns - MARK_WIDTH - 1));
  const hidden = statuses.length - shown.length;
  return [
    ...shared.map(({ step, detail }) => sharedLine(step, detail, block)),
    ...shown.map((each) => serviceLine(each, nameWidth, block)),
    ...(hidden > 0 ? [block.paint.faint(cutTo(`  … and ${hidden} more`, block.columns))] : []),
  ];
}

function sharedLine(
  { verb, object, cause }: PlannedStep,
  detail: string,
  { frame, columns, paint }: ProgressBlock,
): string {
  const text = `${verb} ${oneLine(object)}  ${oneLine(detail || cause)}`;
  return `${paint.busy(spinnerAt(frame))} ${cutTo(text, columns - 3)}`;
}

function serviceLine(status: ServiceStatus, nameWidth: number, block: ProgressBlock): string {
  const { columns, paint, frame } = block;
  const steps = block.running
    .filter(({ step }) => step.service === status.service)
    .map(({ step, detail }) => oneLine(`${step.verb} ${step.object} ${detail}`));
  const mark = `${markOf(status, steps.length > 0, frame, paint)} `;
  const name = cutTo(printable(status.service), nameWidth).padEnd(nameWidth);
  const cells: string[] = [];
  let left = columns - MARK_WIDTH - nameWidth - 1;
  for (const [cell, width] of [
    [stateCell(status.state, paint), STATE_WIDTH],
    [healthCell(status.health, paint), HEALTH_WIDTH],
  ] as const) {
    if (left < width + GAP.length) break;
    cells.push(padTo(cell, width));
    left -= width + GAP.length;
  }
  const note = cutTo(steps.length > 0 ? steps.join(', ') : noteOf(status), left - GAP.length);
  if (cells.length === 2 && note !== '') cells.push(paint.faint(note));
  return [mark + name, ...cells].join(GAP).trimEnd();
}

const noteOf = (status: ServiceStatus): string => (isSettled(status) ? '' : whatIsWrong(status));

function markOf(status: ServiceStatus, isBusy: boolean, frame: number, paint: Paint): string {
  if (isBusy) return paint.busy(spinnerAt(frame));
  if (isSettled(status)) return paint.good('✓');
  return status.health === 'Degraded' ? paint.bad('✗') : paint.busy(spinnerAt(frame));
}

const spinnerAt = (frame: number): string => SPINNER[frame % SPINNER.length] ?? '';
