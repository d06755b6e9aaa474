// Owns: one core's share of the seeds. Knows nothing of the others.
import { parentPort, workerData } from 'node:worker_threads';

const { playChaos } = await import(workerData.chaos);
const known = new Set();

parentPort.on('message', async ({ first, count }) => {
  const counts = new Map();
  const fresh = [];
  const failures = [];
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      const played = await playChaos(seed);
      for (const [name, times] of played.counts) counts.set(name, (counts.get(name) ?? 0) + times);
      for (const state of played.states) {
        if (known.has(state)) continue;
        known.add(state);
        fresh.push(state);
      }
    } catch (error) {
      failures.push({
        seed,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }
  parentPort.postMessage({ seeds: count, counts, states: fresh, failures });
});
