// Owns: running other programs, never silently: what takes long says so at least every 10 s.
import { spawn, spawnSync } from 'node:child_process';
import { root } from './paths.mjs';
import { say } from './say.mjs';

const quietLimitMs = 8_000;

/**
 * Runs a program to its end and resolves to `{ code, output, seconds }`.
 * `show: 'always'` passes its output on as it comes; `'never'` keeps it in `output` (for `onFailure` or for parsing).
 * While nothing is printed for 8 s, a line says that `title` is still under way. What takes longer than `limitMs` is
 * killed: code 124.
 */
export function run(title, command, args, { show = 'always', env = {}, cwd = root, limitMs = null } = {}) {
  return new Promise((resolve) => {
    const begun = Date.now();
    let lastPrinted = begun;
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stopForwarding = forwardSignals(child);
    let isLate = false;
    const limit =
      limitMs === null
        ? undefined
        : setTimeout(() => {
            isLate = child.kill('SIGKILL');
          }, limitMs);
    const heartbeat = setInterval(() => {
      if (Date.now() - lastPrinted < quietLimitMs) return;
      lastPrinted = Date.now();
      say(`  still at it: ${title} (${Math.round((Date.now() - begun) / 1000)} s)`);
    }, 1_000);
    const take = (stream) => (chunk) => {
      output += chunk;
      if (show !== 'always') return;
      lastPrinted = Date.now();
      stream.write(chunk);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    const end = (code, text = '') => {
      clearInterval(heartbeat);
      clearTimeout(limit);
      stopForwarding();
      resolve({ code, output: output + text, seconds: (Date.now() - begun) / 1000 });
    };
    child.on('error', (error) => end(127, `${command}: ${error.message}\n`));
    child.on('close', (code, signal) =>
      end(isLate ? 124 : (code ?? 1), signal === null ? '' : `ended by ${signal}\n`),
    );
  });
}

/** A short question to another program: its output, or undefined when it is missing or says no. */
export function ask(command, args) {
  const answer = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

/** Passes SIGTERM on to a child, so that ending the script ends what it runs. Returns how to stop that. */
export function forwardSignals(child, signals = ['SIGTERM', 'SIGHUP']) {
  const listeners = signals.map((signal) => [signal, () => child.kill(signal)]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
