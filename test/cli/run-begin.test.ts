// Owns: that `run` comes through an engine that fails in its first moments. The daemon is one of the tests' own.
import { afterEach, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.js';
import { type FakeDaemon, json, type Route, reset, startFakeDaemon } from '../adapters/docker/fake-daemon.js';
import { eventually } from '../support/eventually.js';
import { createFakeTerminal } from './support/fake-terminal.js';
import { createManifestFolder, type ManifestFolder } from './support/manifest-folder.js';

let folder: ManifestFolder | null = null;
let daemon: FakeDaemon | null = null;
afterEach(async () => {
  folder?.remove();
  await daemon?.stop();
});

test.for([
  ['is lost', reset],
  ['is an error of the engine', json(500, { message: 'it failed' })],
] as const)(
  '8.1 when the answer to "is there another controller?" %s, it must be asked for again, not ended',
  async ([, failing]) => {
    let asked = 0;
    const second: Route = (response, request) => {
      asked += 1;
      (asked === 1 ? failing : json(200, []))(response, request);
    };
    daemon = await startFakeDaemon({
      'GET /containers/json': second,
      'GET /networks': json(200, []),
      'GET /volumes': json(200, { Volumes: null }),
    });
    folder = createManifestFolder({});
    const environment = {
      ALICIA_PROJECT: `begin-${process.pid}`,
      ALICIA_LOG_LEVEL: 'error',
      ALICIA_MQTT_URL: 'off',
      ALICIA_HTTP: 'off',
    };
    const terminal = createFakeTerminal({ environment });
    const ended = runCommandLine(['run', '--docker-host', daemon.host, folder.path], terminal);
    await eventually(() => asked >= 2, { timeoutMs: 20_000, describe: 'it is asked again' });
    terminal.raise('SIGTERM');
    expect(await ended).toBe(0);
  },
);
