/**
 * Tables.
 * Owns: columns side by side. Must not know: what stands in them.
 */
import { padTo, widthOf } from './paint.js';

/** Rows of cells as lines, each column as wide as its widest cell, two spaces apart; nothing after the last cell. */
export function renderTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : padTo(cell, widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
