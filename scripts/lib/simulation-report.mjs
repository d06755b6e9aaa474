// Owns: what is printed of a run of the simulation.

const thousands = (number) => Math.round(number).toLocaleString('en-US');

/** What happened, and how often: a line each, by name. */
export function countersOf({ counts }) {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, times]) => `${name.padEnd(width)}  ${thousands(times).padStart(12)}`).join('\n');
}

/** The figures of a run. */
export function figuresOf({ seeds, seconds, counts, states, failures, workers }) {
  const rows = [
    ['seeds', thousands(seeds)],
    ['seconds', seconds.toFixed(1)],
    ['seeds a minute', thousands((seeds * 60) / seconds)],
    ['seeds a minute and core', thousands((seeds * 60) / seconds / workers)],
    ['calls to the engine', thousands(counts.get('calls') ?? 0)],
    ['distinct states', thousands(states.size)],
    ['violations', thousands(failures.length)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(26)}${value.padStart(14)}`).join('\n');
}
