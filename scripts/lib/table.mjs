// Owns: tables as plain text.

/** Columns as wide as their longest cell, none wider than `widest`: what is longer is cut off. */
export function tableOf(titles, rows, widest = 90) {
  const cut = (text) => (text.length <= widest ? text : `${text.slice(0, widest - 1)}…`);
  const lines = [titles, ...rows].map((row) => row.map(cut));
  const widths = titles.map((_, column) => Math.max(...lines.map((row) => row[column].length)));
  const textOf = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const [head, ...body] = lines.map(textOf);
  return [head, rule, ...body].join('\n');
}
