// Owns: the image's health check: does the controller in this container say that its passes go on?
// It asks /healthz where the controller listens: its argument --http, else ALICIA_HTTP, else the default port.
import { readFileSync } from 'node:fs';

const limitMs = 3_000;

/** What the controller was told with --http, read from the command line of process 1. */
function givenAddress() {
  const words = readFileSync('/proc/1/cmdline', 'utf8').split('\0');
  const at = words.findLastIndex((word) => word === '--http' || word.startsWith('--http='));
  if (at < 0) return undefined;
  return words[at] === '--http' ? words[at + 1] : words[at].slice('--http='.length);
}

/** The same place as seen from inside: an address that means "all" is reached by loopback. */
function reachable(address) {
  const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(address) ?? [undefined, '127.0.0.1', '7070'];
  if (host === '::' || host === '[::]') return `[::1]:${port}`;
  return `${!host || host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
}

const address = reachable(givenAddress() ?? (process.env.ALICIA_HTTP || '127.0.0.1:7070'));
try {
  const reply = await fetch(`http://${address}/healthz`, { signal: AbortSignal.timeout(limitMs) });
  console.log(`${reply.status} ${(await reply.text()).trim()}`);
  process.exit(reply.ok ? 0 : 1);
} catch (error) {
  console.error(`http://${address}/healthz does not answer: ${error.cause?.message ?? error.message}`);
  process.exit(1);
}
