/**
 * What a failed call to Docker means: its status and its sentence, by the call that was made, become one of our codes.
 * Owns: every reading of the daemon's messages. Must not know: what is done about a failure.
 *
 * Rule for calls without an answer. A write that may have been sent is `unknownOutcome`. A read that was refused, reset or
 * cut is `unreachable`; a read past its deadline is `unknownOutcome`, because one hanging container must not
 * look like a lost engine. `connect` and `subscribe` past their deadline are `unreachable`.
 */
import { EngineError } from '../../controller/ports.js';
import type { FailureCode } from '../../model/failure.js';
import type { StepKind } from '../../model/step.js';
import { parseJson, recordOf, textOf } from './json.js';

/** A call, as far as the meaning of its failure differs. */
export type CallKind = ReadKind | StepKind | 'exec';
type ReadKind =
  | 'connect'
  | 'subscribe'
  | 'list'
  | 'inspectContainer'
  | 'inspectNetwork'
  | 'inspectVolume'
  | 'inspectImage';

const READS: readonly CallKind[] = [
  'connect',
  'subscribe',
  'list',
  'inspectContainer',
  'inspectNetwork',
  'inspectVolume',
  'inspectImage',
] satisfies readonly ReadKind[];

/** One row: the first that matches decides. */
interface Rule {
  /** Absent: every call. */
  readonly calls?: readonly CallKind[];
  /** Absent: every status. */
  readonly statuses?: readonly number[];
  /** Absent: every message. */
  readonly says?: RegExp;
  /** True: the message must end with the container that the call is about. */
  readonly aboutSubject?: true;
  readonly code: FailureCode;
}

const STARTS: readonly CallKind[] = ['startContainer', 'restartContainer'];

const RULES: readonly Rule[] = [
  // Whatever is pulled, the reason that counts is that it was not.
  { calls: ['pullImage'], code: 'pullFailed' },

  // Names.
  { calls: ['createContainer', 'renameContainer'], says: /name .* is already in use/i, code: 'nameInUse' },
  { calls: ['createNetwork'], says: /network with name .* already exists/i, code: 'nameInUse' },
  {
    calls: ['createVolume'],
    says: /already exists|volume name must be unique/i,
    code: 'nameInUse',
  },

  // Ports. "Address already in use" alone is a static address of a network, not a port.
  {
    calls: STARTS,
    says: /port is already allocated|all ports are allocated|ports are not available|bind: address already in use|(?:host port|userland proxy) .*address already in use/i,
    code: 'portInUse',
  },
  { says: /^(?:.*: )?address already in use$/i, code: 'inUse' },

  // Addresses of networks.
  { says: /address pools?\b|pool overlaps|no available ipv[46] addresses/i, code: 'noAddressPool' },

  // Things that are gone.
  {
    calls: ['createContainer'],
    statuses: [404],
    says: /no such image|image .* not found/i,
    code: 'noSuchImage',
  },
  {
    calls: [...STARTS, 'createContainer'],
    statuses: [404, 500],
    says: /network \S+ not found/i,
    code: 'attachmentGone',
  },
  { calls: STARTS, says: /no such container/i, aboutSubject: true, code: 'noSuchContainer' },
  { calls: [...STARTS, 'createContainer'], says: /no such container/i, code: 'attachmentGone' },
  { calls: STARTS, says: /cannot join .* of a non[ -]running container/i, code: 'attachmentGone' },
  // Said of the container whose network is shared: one that restarts itself is started already.
  { calls: STARTS, says: /is restarting, wait until the container is running/i, code: 'attachmentGone' },
  { statuses: [404], says: /no such container/i, code: 'noSuchContainer' },
  { statuses: [404], says: /no such image/i, code: 'noSuchImage' },
  { statuses: [404], says: /no such volume/i, code: 'noSuchVolume' },
  {
    calls: ['connectNetwork', 'disconnectNetwork', 'removeNetwork', 'inspectNetwork'],
    statuses: [404],
    says: /network .* not found|no such network/i,
    code: 'noSuchNetwork',
  },

  // Still busy.
  { says: /did not receive an exit event/i, code: 'stuck' },
  {
    says: /removal of container .* is already in progress|is marked for removal/i,
    code: 'removalInProgress',
  },
  {
    calls: ['removeContainer'],
    says: /remove a (?:running|paused|restarting) container|container is (?:running|paused|restarting)|device or resource busy|unable to remove filesystem/i,
    code: 'inUse',
  },
  { calls: ['removeNetwork'], says: /has active endpoints/i, code: 'inUse' },
  { calls: ['removeVolume'], says: /volume is in use/i, code: 'inUse' },
  { calls: ['connectNetwork'], says: /already exists in network/i, code: 'attachedAlready' },

  // Configurations that the daemon will not take.
  {
    calls: ['createContainer', 'createNetwork', 'createVolume'],
    statuses: [404],
    says: /plugin .*not found|could not find plugin/i,
    code: 'rejected',
  },
  { calls: ['createNetwork'], statuses: [403], code: 'rejected' },
  { calls: ['createNetwork'], says: /invalid subnet|invalid network config/i, code: 'rejected' },
  { statuses: [400], code: 'rejected' },
];

/** What the daemon answered when it said no. */
interface Answer {
  readonly status: number;
  readonly message: string;
  /** Whether it was Docker's own JSON and not the page of a proxy or an unknown route. */
  readonly isDocker: boolean;
}

/** The failure of a call as an {@link EngineError}. `subject` is the id of the container that the call is about. */
export function engineErrorOf(call: CallKind, error: unknown, subject = ''): EngineError {
  if (error instanceof EngineError) return error;
  const answer = answerOf(error);
  if (answer !== null) {
    const failure = {
      code: codeOf(call, answer, subject),
      message: answer.message,
      status: answer.status,
    };
    return new EngineError(failure, error);
  }
  const code = READS.includes(call) || wasNeverSent(error) ? 'unreachable' : 'unknownOutcome';
  return new EngineError(
    { code, message: `Docker did not answer: ${sentenceOf(error)}`, status: null },
    error,
  );
}

/** The failure of a call that did not settle in time. */
export function deadlineError(call: CallKind, deadlineMs: number): EngineError {
  const code = call === 'connect' || call === 'subscribe' ? 'unreachable' : 'unknownOutcome';
  return new EngineError({
    code,
    message: `Docker gave no whole answer to ${call} within ${Math.round(deadlineMs)} ms`,
    status: null,
  });
}

/** A failure that the adapter finds itself, before or after a call. */
export const adapterError = (code: FailureCode, message: string, status: number | null = null): EngineError =>
  new EngineError({ code, message, status });

/** Whether the daemon said no because what was asked for is so already: started, stopped, or gone. */
export function isDoneAlready(call: CallKind, error: unknown): boolean {
  const answer = answerOf(error);
  if (answer === null) return false;
  if (call === 'startContainer' || call === 'stopContainer') return answer.status === 304;
  return call.startsWith('remove') && isAbsent(error);
}

/** Whether Docker itself says that there is no such thing (and not a proxy that the page is missing). */
export function isAbsent(error: unknown): boolean {
  const answer = answerOf(error);
  if (answer === null || !answer.isDocker) return false;
  if (/multiple ids found/i.test(answer.message)) return true;
  return answer.status === 404 && /no such |network .* not found/i.test(answer.message);
}

/** Whether Docker answered that it failed itself. */
export const isServerError = (error: unknown): boolean => (answerOf(error)?.status ?? 0) >= 500;

function codeOf(call: CallKind, answer: Answer, subject: string): FailureCode {
  const rule = RULES.find(
    ({ calls, statuses, says, aboutSubject }) =>
      (calls === undefined || calls.includes(call)) &&
      (statuses === undefined || statuses.includes(answer.status)) &&
      (says === undefined || says.test(answer.message)) &&
      (aboutSubject === undefined || (subject !== '' && answer.message.endsWith(subject))),
  );
  return rule?.code ?? 'engine';
}

/** Reads docker-modem's error. Null: there was no answer. */
function answerOf(error: unknown): Answer | null {
  if (!(error instanceof Error)) return null;
  const { statusCode, json } = error as { statusCode?: unknown; json?: unknown };
  if (typeof statusCode !== 'number') return null;
  const body = Buffer.isBuffer(json) ? (parseJson(json.toString('utf8')) ?? json.toString('utf8')) : json;
  const said = textOf(recordOf(body).message);
  // A streaming call has its reason in docker-modem's own sentence only: "(HTTP code 500) server error - reason ".
  const sentence = error.message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
  const isDocker = said !== '' && said !== 'page not found';
  return { status: statusCode, message: tidied(said === '' ? sentence : said), isDocker };
}

const SENTENCE_LENGTH = 1000;
const tidied = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, SENTENCE_LENGTH);

const sentenceOf = (error: unknown): string =>
  tidied(error instanceof Error ? error.message || error.name : String(error));

const NEVER_SENT: readonly string[] = [
  'ENOENT',
  'ECONNREFUSED',
  'EACCES',
  'EPERM',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTSOCK',
];

/** How the SSH client marks what went wrong before there was a channel. */
const SSH_BEFORE_CHANNEL: readonly string[] = ['client-authentication', 'client-timeout', 'handshake'];

/** Whether the call surely never reached the daemon: no connection, no TLS, no SSH. */
function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall, level } = error as { code?: unknown; syscall?: unknown; level?: unknown };
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  if (SSH_BEFORE_CHANNEL.includes(textOf(level))) return true;
  return NEVER_SENT.includes(textOf(code)) || /CERT|TLS|SELF_SIGNED|UNABLE_TO/.test(textOf(code));
}
