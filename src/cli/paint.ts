/**
 * Colours, and widths of coloured text.
 * Owns: which colour means what. Must not know: what is printed.
 */
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { spaced } from '../model/printable.js';
import { hasColor, type Output, type Terminal } from './terminal.js';

/** Paints a text, or leaves it as it is. */
export type Brush = (text: string) => string;

/** The colours of all commands. */
export interface Paint {
  readonly good: Brush;
  readonly busy: Brush;
  readonly bad: Brush;
  readonly strong: Brush;
  readonly faint: Brush;
}

/** Leaves everything as it is. */
export const plainPaint: Paint = paintWith(false);

/** Colours for a stream; none without a terminal and under NO_COLOR. */
export const paintFor = (output: Output, environment: Terminal['environment']): Paint =>
  paintWith(hasColor(output, environment));

function paintWith(isEnabled: boolean): Paint {
  const colors = picocolors.createColors(isEnabled);
  return {
    good: colors.green,
    busy: colors.yellow,
    bad: colors.red,
    strong: colors.bold,
    faint: colors.dim,
  };
}

/** Characters that a text takes on the screen. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Fills a text up with spaces. */
export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Cuts a plain text to a width, with an ellipsis where something is missing. */
export function cutTo(text: string, width: number): string {
  const characters = [...text];
  if (width <= 0) return '';
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** A sentence from outside as one line: no line breaks, nothing that could move the cursor or turn the direction of writing. */
export const oneLine = (text: string): string =>
  spaced(stripVTControlCharacters(text)).replace(/ {2,}/g, ' ').trim();
