// Owns: that each sentence of the daemon, of 20.10 and of 28, has the code that the decision relies on.
import { describe, expect, it } from 'vitest';
import { engineErrorOf, isAbsent, isDoneAlready } from '../../../src/adapters/docker/errors.js';
import { ID, SAID_BY_20_10, SAID_BY_28 } from './sentences.js';

/** An error as docker-modem makes it. */
function answered(statusCode: number, message: string, body: unknown = { message }): Error {
  const sentence = `(HTTP code ${statusCode}) server error - ${message} `;
  return Object.assign(new Error(sentence), { statusCode, json: body });
}

/** An error of a connection. */
const broken = (code: string, syscall = ''): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe('what the daemon says', () => {
  it.each([...SAID_BY_20_10, ...SAID_BY_28])(
    'must be read right: %s %i %s',
    (call, status, message, code) => {
      const { failure } = engineErrorOf(call, answered(status, message), ID);
      expect(failure).toEqual({ code, status, message: message.trim() });
    },
  );

  it('must be told of a streaming call too, which has no JSON', () => {
    const error = answered(500, 'Get "http://r/v2/": dial tcp: no such host', null);
    expect(engineErrorOf('pullImage', error).failure.message).toBe(
      'Get "http://r/v2/": dial tcp: no such host',
    );
  });

  it('must be one line of bounded length', () => {
    const { message } = engineErrorOf('stopContainer', answered(500, `a\nb ${'x'.repeat(5000)}`)).failure;
    expect(message.startsWith('a b ')).toBe(true);
    expect(message.length).toBeLessThanOrEqual(1000);
  });
});

describe('8.2 a call without an answer', () => {
  it.each([
    ['createContainer', broken('ENOENT', 'connect'), 'unreachable'],
    ['createContainer', broken('ECONNREFUSED', 'connect'), 'unreachable'],
    ['createContainer', broken('ECONNRESET', 'connect'), 'unreachable'],
    ['createContainer', broken('ENOTFOUND', 'getaddrinfo'), 'unreachable'],
    ['createContainer', broken('ERR_TLS_CERT_ALTNAME_INVALID'), 'unreachable'],
    ['createContainer', broken('ECONNRESET', 'read'), 'unknownOutcome'],
    ['createContainer', broken('EPIPE', 'write'), 'unknownOutcome'],
    ['removeContainer', new Error('something new'), 'unknownOutcome'],
    ['list', broken('ECONNRESET', 'read'), 'unreachable'],
    ['inspectContainer', new Error('something new'), 'unreachable'],
  ] as const)('must be known for never sent or for unknown: %s after %s', (call, error, code) => {
    expect(engineErrorOf(call, error).failure).toMatchObject({ code, status: null });
  });
});

describe('8.6 what is so already', () => {
  it('must be told from a failure', () => {
    expect(isDoneAlready('startContainer', answered(304, ''))).toBe(true);
    expect(isDoneAlready('stopContainer', answered(304, ''))).toBe(true);
    expect(isDoneAlready('removeContainer', answered(404, `No such container: ${ID}`))).toBe(true);
    expect(isDoneAlready('removeNetwork', answered(404, 'network n not found'))).toBe(true);
    expect(isDoneAlready('removeVolume', answered(404, 'get v: no such volume'))).toBe(true);
    expect(isDoneAlready('stopContainer', answered(404, `No such container: ${ID}`))).toBe(false);
  });

  it('must not be believed from anyone but Docker', () => {
    expect(isDoneAlready('removeContainer', answered(404, 'page not found'))).toBe(false);
    const page = '<h1>No such container: here</h1>';
    expect(isDoneAlready('removeContainer', answered(404, page, Buffer.from(page)))).toBe(false);
    expect(isAbsent(answered(404, 'No such container: a'))).toBe(true);
    expect(isAbsent(answered(404, 'page not found'))).toBe(false);
    expect(isAbsent(answered(500, 'No such container: a'))).toBe(false);
  });
});
