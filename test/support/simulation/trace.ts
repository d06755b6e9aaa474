/**
 * A trace: every call, event and word of a simulated world, a line each.
 * Owns: how they read. Must not know: what is right.
 */
import {
  type Clock,
  type Engine,
  EngineError,
  type EngineEventSink,
  type Publisher,
} from '../../../src/controller/ports.js';

/** Takes one line. */
export type Trace = (line: string) => void;

/** A trace that knows the time. */
export const timed =
  (trace: Trace, clock: Clock): Trace =>
  (line) =>
    trace(`${(clock.now().monotonicMs / 1000).toFixed(3).padStart(10)} s  ${line}`);

/** The engine as one controller uses it, each call and its answer told. */
export function tracedEngine(engine: Engine, who: string, trace: Trace): Engine {
  let calls = 0;
  return new Proxy(engine, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        calls += 1;
        const line = `${who} call ${calls} ${String(key)}`;
        const [sink, ...others] = args;
        const own = key === 'subscribe' ? [tracedSink(sink as EngineEventSink, who, trace), ...others] : args;
        trace(`${line} ${subjectOf(args)}`.trimEnd());
        const answer: Promise<unknown> = Promise.resolve(Reflect.apply(member, target, own));
        answer.then(
          () => trace(`${line}: done`),
          (error: unknown) => trace(`${line}: ${error instanceof EngineError ? error.failure.code : error}`),
        );
        return answer;
      };
    },
  });
}

function tracedSink(sink: EngineEventSink, who: string, trace: Trace): EngineEventSink {
  return {
    onEvent(event) {
      trace(`${who} hears ${event.type} ${event.action} ${event.id.slice(0, 12)}`);
      sink.onEvent(event);
    },
    onEnd(reason) {
      trace(`${who} hears the end of the stream: ${reason}`);
      sink.onEnd(reason);
    },
  };
}

/** What a controller tells the world. */
export function tracedPublisher(publisher: Publisher, who: string, trace: Trace): Publisher {
  return {
    publishEvent(event) {
      trace(`${who} tells ${event.event_type} ${JSON.stringify(event.event_data)}`);
      publisher.publishEvent(event);
    },
    publishStatus: (service, status) => publisher.publishStatus(service, status),
  };
}

/** What a call is about: an id or name, a draft's name, what is created. */
function subjectOf(args: readonly unknown[]): string {
  const [subject, second] = args;
  if (typeof subject === 'string') {
    const more = typeof second === 'string' || typeof second === 'number' ? ` ${second}` : '';
    return `${subject.length === 64 ? subject.slice(0, 12) : subject}${more}`;
  }
  if (typeof subject !== 'object' || subject === null) return '';
  const { name, network, volume } = subject as Readonly<Record<string, unknown>>;
  if (typeof name === 'string') return name;
  const object = network ?? volume;
  return typeof object === 'object' && object !== null && 'name' in object ? String(object.name) : '';
}
