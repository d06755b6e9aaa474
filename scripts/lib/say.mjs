// Owns: what the scripts print, and how they end. Knows nothing of what they do.

const started = Date.now();

/** One line of progress, with the seconds since the script began. */
export function say(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

/** What ends a script with a sentence for the user instead of a stack trace. */
export class Unable extends Error {}

/** Runs a script's main function; an `Unable` ends it with its sentence and exit code 1. */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof Unable ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

/** Ends with a sentence where Node is older than the program can use. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Unable(
    `Node ${process.versions.node} is too old: Alicia needs Node 20.19 or later. Install it from https://nodejs.org and try again.`,
  );
}
