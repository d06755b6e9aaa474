import { expect, test } from 'vitest';
import { parseConfig } from '../src/config.js';
import type { PolicyWord } from '../src/model/policy.js';

const parse = (allow: string, environment = false) =>
  parseConfig({
    directories: [],
    flags: environment ? {} : { allow },
    environment: environment ? { ALICIA_ALLOW: allow } : {},
    hostname: 'box',
    readFile: () => ({ kind: 'failed', reason: 'no such file' }),
  });
const wordsOf = (allow: string): readonly PolicyWord[] => {
  const result = parse(allow);
  if (result.kind === 'problems') throw new Error(result.problems.join('\n'));
  return result.config.allow;
};
const problemsOf = (allow: string, environment = false): readonly string[] => {
  const result = parse(allow, environment);
  return result.kind === 'problems' ? result.problems : [];
};

test('9.3 --allow must take every word, with and without what a kind can be narrowed to', () => {
  const plain = [
    'privileged',
    'host-network',
    'host-pid',
    'host-ipc',
    'userns-host',
    'bind',
    'socket',
    'device',
  ];
  for (const kind of [...plain, 'cap', 'security-opt', 'sysctl', 'container-namespace', 'all'])
    expect(wordsOf(kind)).toEqual([{ kind, value: null }]);
  expect(wordsOf('bind:/mnt/my data, device:/dev/ttyUSB0,cap:cap_net_admin,cap:ALL,sysctl:net.a,')).toEqual([
    { kind: 'bind', value: '/mnt/my data' },
    { kind: 'device', value: '/dev/ttyUSB0' },
    { kind: 'cap', value: 'NET_ADMIN' },
    { kind: 'cap', value: 'ALL' },
    { kind: 'sysctl', value: 'net.a' },
  ]);
});

test('9.3 a comma or backslash in a path must be written with a backslash before it', () => {
  expect(wordsOf('bind:/a\\,b\\\\c,socket')).toEqual([
    { kind: 'bind', value: '/a,b\\c' },
    { kind: 'socket', value: null },
  ]);
});

test.each([
  [
    'foo',
    'expected a comma list of privileged, host-network, host-pid, host-ipc, userns-host, bind:<path>, socket, device:<path>, cap:<NAME>, security-opt, sysctl:<name>, container-namespace, all, got "foo"',
  ],
  ['Privileged', expect.stringContaining('got "Privileged"')],
  ['bind:', 'expected bind:<path> with an absolute path, got "bind:"'],
  ['bind:srv', 'expected bind:<path> with an absolute path, got "bind:srv"'],
  ['device:ttyUSB0', 'expected device:<path> with an absolute path, got "device:ttyUSB0"'],
  ['cap:FOO', 'expected cap:<NAME> with a capability such as NET_ADMIN, or ALL, got "cap:FOO"'],
  ['sysctl:', 'expected sysctl:<name> with a name such as net.core.somaxconn, got "sysctl:"'],
  ['socket:/x', 'expected socket without anything after it, got "socket:/x"'],
  ['all:', 'expected all without anything after it, got "all:"'],
])('9.3 a bad word must be refused: %s', (text, sentence) => {
  const [problem = '', ...more] = problemsOf(`privileged,${text}`);
  expect(more).toEqual([]);
  expect(problem.slice('--allow: '.length)).toEqual(sentence);
  expect(problemsOf(text, true)[0]).toMatch(/^ALICIA_ALLOW: expected /);
});

test('9.3 every bad word must be told at once', () => {
  expect(problemsOf('foo,bind,bar,cap:X')).toHaveLength(3);
});
