import { expect, test } from 'vitest';
import { renderBelongings } from '../../src/cli/down.js';
import { createReportsInWaiting } from '../../src/cli/reports-in-waiting.js';
import { askPatiently, connectPatiently } from '../../src/cli/run-engine.js';
import { makeWay } from '../../src/cli/run-voice.js';
import { listenToSignals } from '../../src/cli/signals.js';
import { EngineError } from '../../src/controller/ports.js';
import { sampleReports } from '../support/reports.js';
import { createSilentLog } from '../support/silent-log.js';
import { createFakeTerminal } from './support/fake-terminal.js';

const info = { id: 'E', version: '20.10', apiVersion: '1.41' };
const away = new EngineError({ code: 'unreachable', message: 'no socket', status: null });
/** A clock on which every wait is over at once. */
const hurried = {
  now: () => ({ monotonicMs: 0, wallMs: 0 }),
  after: (_: number, action: () => void) => {
    queueMicrotask(action);
    return () => {};
  },
};

test('an engine that is away must be tried until it answers, told once, and status served meanwhile', async () => {
  const terminal = createFakeTerminal();
  const log = createSilentLog();
  let tries = 0;
  let served = 0;
  const connected = await connectPatiently(
    {
      connect: async () => {
        tries += 1;
        if (tries < 9) throw away;
        return info;
      },
    },
    {
      ...{ log, clock: hurried, signals: listenToSignals(terminal) },
      onFirstFailure: async () => {
        served += 1;
      },
    },
  );
  expect([connected, tries, served, log.lines.length]).toEqual([info, 9, 1, 1]);
});

test('what is asked between connecting and beginning to work must be asked until it is answered', async () => {
  const log = createSilentLog();
  const signals = listenToSignals(createFakeTerminal());
  const patience = { log, clock: hurried, signals, onFirstFailure: async () => {} };
  let tries = 0;
  const ask = async (): Promise<null> => {
    tries += 1;
    if (tries === 1) throw away;
    if (tries === 2) throw new EngineError({ code: 'engine', message: 'it failed', status: 500 });
    return null;
  };
  expect(await askPatiently(ask, patience)).toEqual({ value: null });
  expect([tries, log.lines.length]).toEqual([3, 1]);
});

test('a signal must end the waiting for an engine', async () => {
  const terminal = createFakeTerminal();
  const signals = listenToSignals(terminal);
  const connect = async () => {
    terminal.raise('SIGTERM');
    throw away;
  };
  const options = { log: createSilentLog(), clock: hurried, signals, onFirstFailure: async () => {} };
  expect(await connectPatiently({ connect }, options)).toBe(null);
});

test('an engine that is too old must end the command', async () => {
  const signals = listenToSignals(createFakeTerminal());
  const connect = async () => {
    throw new EngineError({ code: 'rejected', message: 'too old', status: null });
  };
  const options = { log: createSilentLog(), clock: hurried, signals, onFirstFailure: async () => {} };
  await expect(connectPatiently({ connect }, options)).rejects.toThrow('too old');
});

test('a second signal must end the process at once, with the code of the signal', () => {
  const terminal = createFakeTerminal();
  const signals = listenToSignals(terminal);
  terminal.raise('SIGINT');
  expect([signals.first, terminal.exits]).toEqual(['SIGINT', []]);
  terminal.raise('SIGINT');
  expect(terminal.exits).toEqual([130]);
});

test('before an engine has answered, the controller must be alive and not ready', () => {
  const names = { project: 'alicia', instance: 'box', version: '1', manifests: ['/m'], pid: 7 };
  const waiting = createReportsInWaiting(names);
  expect([waiting.reports.isAlive(), waiting.reports.isReady()]).toEqual([true, false]);
  expect(waiting.reports.controller().orchestrator.phase).toBe('starting');
  waiting.become(sampleReports());
  expect(waiting.reports.isReady()).toBe(true);
});

test('a broker that hangs must not keep a new desired state waiting', async () => {
  const hanging = { onDesired: () => new Promise<void>(() => {}) };
  await expect(makeWay(hanging, { services: new Map() }, hurried)).resolves.toBeUndefined();
});

test('down must say by name what it would remove', () => {
  expect(renderBelongings({ containers: ['a', 'b'], networks: ['n'], volumes: [] })).toBe(
    '2 containers (a, b), 1 network (n)',
  );
});
